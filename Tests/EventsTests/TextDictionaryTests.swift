import LimpetEvents
import LimpetTestSupport
import Testing

@Suite struct TextDictionaryTests {
    /// Texts of all lengths, many of them alike but for a byte.
    private static func texts(_ count: Int) -> [String] {
        var random = TestRandom(seed: 11)
        return (0..<count).map { _ in
            let length = Int.random(in: 0...40, using: &random)
            let letters = ["a", "b", "\0", "\u{e9}", "e\u{301}"]
            return (0..<length).map { _ in letters[Int.random(in: 0..<(length < 8 ? 5 : 2), using: &random)] }
                .joined()
        }
    }

    @Test("texts get the numbers that a dictionary of strings would give them")
    func numbers() {
        var (dictionary, reference) = (TextDictionary(), [[UInt8]: UInt32]())
        for text in Self.texts(30_000) {
            let expected = reference[Array(text.utf8)] ?? UInt32(reference.count)
            reference[Array(text.utf8)] = expected
            #expect(dictionary.code(of: text) == expected)
        }
        #expect(dictionary.count == reference.count && reference.count > 10_000)
        for (bytes, code) in reference {
            #expect(Array(dictionary.list.text(Int(code)).utf8) == bytes)
        }
        let sorted = reference.keys.sorted { $0.lexicographicallyPrecedes($1) }
        #expect(dictionary.ascending.map { Array(dictionary.list.text(Int($0)).utf8) } == sorted)
    }

    @Test("what is not there is not found, and nothing is added by looking")
    func find() {
        var dictionary = TextDictionary.beginningWithEmpty
        #expect(dictionary.find("") == 0 && dictionary.find("a") == nil)
        #expect(dictionary.code(of: "a") == 1 && dictionary.code(of: "a") == 1)
        #expect(dictionary.find("a") == 1 && dictionary.count == 2)
        var list = TextList()
        #expect(
            list.append("a") == 0 && list.append("a") == 0 && list.append("b") == 1 && list.append("a") == 2)
        #expect(dictionary.find(list, 1) == nil && dictionary.find(list, 2) == 1)
        #expect(dictionary.code(of: list, 1) == 2 && dictionary.code(of: list, 0) == 1)
        #expect(dictionary.texts == ["", "a", "b"])
    }

    @Test("a text that is refused is not added")
    func refused() {
        var dictionary = TextDictionary()
        let bytes = Array("x".utf8)
        #expect(dictionary.code(of: bytes.span) { _ in false } == nil)
        #expect(dictionary.count == 0)
        #expect(dictionary.code(of: bytes.span) { _ in true } == 0)
        #expect(dictionary.code(of: bytes.span) { _ in false } == 0)
    }
}
