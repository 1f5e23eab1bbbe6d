import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import Testing

@Suite struct LiveHistoryTests {
    private let plan: FeaturePlan

    init() throws {
        plan = try FeaturePlan(
            FeatureSet(features: [
                Feature(kind: .latest, property: "value"), Feature(kind: .count),
                Feature(kind: .lastCategory, property: "device"),
            ]))
    }

    @Test("a late event is put where its time belongs, after those of the same time")
    func lateEvents() {
        var history = LiveHistory(plan: plan)
        for (offset, value) in [(-10, "1"), (-30, "2"), (-20, "3"), (-20, "4"), (-30, "5"), (-10, "6")]
            as [(Int64, String)]
        {
            history.append(TestLog.event("a", offset, ["value": value]))
        }
        #expect(history.events.map { $0.properties["value"] } == ["2", "5", "3", "4", "1", "6"])
        #expect(history.features(at: TestLog.noon).numbers[0] == 6)
        #expect(history.features(at: Timestamp(milliseconds: TestLog.noon.milliseconds - 10)).numbers[0] == 4)
    }

    @Test("many late events cost one building anew, and asking in between changes nothing")
    func settling() {
        var history = LiveHistory(plan: plan)
        for offset in 1...2_000 { history.append(TestLog.event("a", -Int64(offset), ["value": "\(offset)"])) }
        #expect(history.settlements == 0)
        let unsettled = history.features(at: TestLog.noon)
        history.settle()
        history.settle()
        #expect(history.settlements == 1)
        #expect(history.features(at: TestLog.noon).isIdentical(to: unsettled))
        #expect(unsettled.numbers[0] == 1)
        #expect(unsettled.numbers[1] == 2_000)
    }

    @Test("an amount that is none is missing", arguments: ["", "x", "1e17", "1,5"])
    func notAnAmount(text: String) {
        var history = LiveHistory(plan: plan)
        history.append(TestLog.event("a", -5, ["value": "3"]))
        history.append(TestLog.event("a", -4, ["value": text]))
        #expect(history.features(at: TestLog.noon).numbers[0] == 3)
        #expect(history.features(at: TestLog.noon).numbers[1] == 2)
    }

    @Test("a user without events has features that say so")
    func empty() {
        let features = LiveHistory(plan: plan).features(at: TestLog.noon)
        #expect(features.numbers[0].isNaN && features.numbers[1] == 0 && features.categories[2].isMissing)
        #expect(!LiveHistory(plan: plan).isInPopulation(at: TestLog.noon))
    }
}
