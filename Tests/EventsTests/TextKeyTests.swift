import LimpetEvents
import Testing

@Suite struct TextKeyTests {
    @Test(
        "the keys of texts never change",
        arguments: [
            ("a", 0x82a2_a958_a9be_ce5b), ("purchase", 0xf899_f926_42d4_f3f4),
            ("é", 0x9d55_ccb9_ba86_763b), ("Zürich 漢字", 0x9d26_92fb_b84b_56c0),
        ] as [(String, UInt64)])
    func constants(text: String, key: UInt64) {
        #expect(TextKey(text).rawValue == key)
        #expect(TextKey(stored: key) == TextKey(text))
        #expect(!TextKey(text).isMissing)
    }

    @Test("the empty text is missing")
    func missing() {
        #expect(TextKey("") == .missing)
        #expect(TextKey.missing.isMissing && TextKey.missing.rawValue == 0)
    }

    @Test("texts are told apart by their bytes, also where Unicode calls them equivalent")
    func bytes() {
        #expect("\u{e9}" == "e\u{301}")
        #expect(TextKey("e\u{301}").rawValue == 0x5b2b_2844_a45b_76da)
    }

    @Test("a hundred thousand short texts have different keys")
    func distinct() {
        #expect(Set((0..<100_000).map { TextKey(String($0)) }).count == 100_000)
    }
}
