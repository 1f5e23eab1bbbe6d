import LimpetDocuments
import LimpetEvents
import Testing

/// Texts are compared by their bytes: forms that Unicode calls equivalent stay apart.
@Suite struct VerbatimTests {
    /// `Zürich` in its composed and in its decomposed form, the letter K and the sign for kelvin.
    private static let pairs = [("Z\u{fc}rich", "Zu\u{308}rich"), ("K", "\u{212a}"), ("\u{c5}", "\u{212b}")]

    @Test("dictionaries and sets keep equivalent texts apart", arguments: pairs)
    func apart(one: String, other: String) {
        #expect(one == other)
        var dictionary: VerbatimDictionary<Int> = [one: 1, other: 2]
        #expect(dictionary.count == 2 && dictionary[one] == 1 && dictionary[other] == 2)
        dictionary[one] = nil
        #expect(dictionary[other] == 2 && dictionary.keys.count == 1)
        let set = VerbatimSet([one, other, one])
        #expect(set.count == 2 && set.subtracting([one]).sorted().first?.isVerbatim(other) == true)
        #expect(!VerbatimSet([one]).contains(other) && VerbatimSet([one]) != [other])
        #expect([one].firstIndex(verbatim: other) == nil && [other, one].firstIndex(verbatim: one) == 1)
        let sorted = VerbatimSet([other, one]).sorted().map { Array($0.utf8) }
        #expect(sorted == [one, other].map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
    }

    @Test("a pattern matches by bytes, and its prefix may end within a character", arguments: pairs)
    func patterns(one: String, other: String) {
        #expect(EventPattern(names: [one]).matches(one) && !EventPattern(names: [one]).matches(other))
        #expect(!EventPattern(names: [one + "*"]).matches(other + "!"))
        #expect(EventPattern(names: [one]) != EventPattern(names: [other]))
        // A waving hand, and the same with a tone of skin: one character each to Unicode.
        let (hand, toned) = ("\u{1f44b}", "\u{1f44b}\u{1f3fd}")
        #expect(EventPattern(names: [hand + "*"]).matches(toned))
        #expect(EventPattern(names: ["u*"]).matches("u\u{308}ber"))
        #expect(!EventPattern(names: [hand]).matches(toned))
        #expect(toned.begins(with: hand) && "au\u{308}".ends(with: "\u{308}"))
    }

    @Test("an event holds properties whose names look alike")
    func properties() {
        var event = Event(user: "u", name: "e", time: Timestamp(milliseconds: 0))
        event.properties["caf\u{e9}"] = "1"
        event.properties["cafe\u{301}"] = "2"
        #expect(event.properties.count == 2)
        #expect(event.properties["caf\u{e9}"] == "1" && event.properties["cafe\u{301}"] == "2")
    }

    @Test("members of JSON objects are found by bytes")
    func members() throws {
        let json = try JSONReader.read(Array("{\"\u{212a}\": 1, \"K\": 2}".utf8)[...])
        #expect(json["K"]?.compact == "2" && json["\u{212a}"]?.compact == "1")
    }
}
