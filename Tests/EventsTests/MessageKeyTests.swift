import LimpetEvents
import LimpetTestSupport
import Testing

@Suite struct MessageKeyTests {
    @Test(
        "keys are those of the published hash",
        arguments: [
            ("hello", 0xcbd8_a7b3_41bd_9b02, 0x5b1e_906a_48ae_1d19),
            ("The quick brown fox jumps over the lazy dog", 0xe34b_bc7b_bc07_1b6c, 0x7a43_3ca9_c49a_9347),
        ] as [(String, UInt64, UInt64)])
    func published(text: String, high: UInt64, low: UInt64) {
        #expect(MessageKey(text) == MessageKey(high: high, low: low))
    }

    @Test("texts of all lengths have keys of their own, and the empty one has none")
    func different() {
        #expect(MessageKey("") == .none)
        var seen: Set<MessageKey> = [.none]
        for length in 1...64 {
            for place in 0..<length {
                var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: length)
                bytes[place] = UInt8(ascii: "b")
                #expect(seen.insert(MessageKey(bytes: bytes.span)).inserted, "\(length), \(place)")
                #expect(MessageKey(String(decoding: bytes, as: UTF8.self)) == MessageKey(bytes: bytes.span))
            }
        }
    }

    @Test("a log knows the ids that it holds, and no others")
    func contains() {
        let ids = (0..<1_000).map { "m\($0 * 3)" }
        let keys = MessageKeys(ids.map { MessageKey($0) })
        #expect(keys.count == 1_000)
        for number in 0..<3_000 { #expect(keys.contains("m\(number)") == (number % 3 == 0)) }
        #expect(!keys.contains("") && !MessageKeys([]).contains("m0"))
    }
}
