import LimpetEvents
import Testing

@Suite struct EventPatternTests {
    @Test(
        "a name is meant exactly, a star means any ending",
        arguments: [
            (["click"], "click", true), (["click"], "click:a", false), (["click"], "Click", false),
            (["click:*"], "click:a", true), (["click:*"], "click:", true), (["click:*"], "click", false),
            (["click:*"], "xclick:a", false), (["*"], "anything", true), (["a", "b*"], "b", true),
            (["a", "b*"], "a", true), (["a", "b*"], "c", false), ([], "anything", true),
        ])
    func matching(names: [String], name: String, isMeant: Bool) {
        #expect(EventPattern(names: names).matches(name) == isMeant)
    }

    @Test("a pattern without names means all events")
    func any() {
        #expect(EventPattern.any.isAny)
        #expect(EventPattern(names: []) == .any)
        #expect(!EventPattern(names: ["any"]).isAny)
    }
}
