/// SipHash-2-4 of Aumasson and Bernstein (2012): 64 bits of a text that nobody can choose without the key.
///
/// It is fast for the short texts that ids are, and the same in each run and on each machine.
package struct KeyedHash: Sendable {
    private let low: UInt64
    private let high: UInt64

    /// The length of a key in bytes.
    package static let keyLength = 16

    /// Makes a function of the first 16 bytes of a key; bytes that are missing count as zero.
    package init(key: [UInt8]) {
        func word(_ start: Int) -> UInt64 {
            (0..<8).reduce(0) { word, place in
                start + place < key.count ? word | UInt64(key[start + place]) << (8 * UInt64(place)) : word
            }
        }
        (low, high) = (word(0), word(8))
    }

    /// Returns the hash of bytes, preceded by a byte that keeps names of different kinds apart.
    package func callAsFunction(_ text: String, kind: UInt8) -> UInt64 {
        var state = State(low, high)
        state.append(kind)
        for byte in text.utf8 { state.append(byte) }
        return state.finish()
    }

    /// Returns the hash of bytes.
    package func callAsFunction(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var state = State(low, high)
        for byte in bytes { state.append(byte) }
        return state.finish()
    }

    /// The four words of the function, and the bytes that do not yet fill a word.
    private struct State {
        private var words: (UInt64, UInt64, UInt64, UInt64)
        private var tail: UInt64 = 0
        private var count: UInt64 = 0

        init(_ low: UInt64, _ high: UInt64) {
            words = (
                low ^ 0x736f_6d65_7073_6575, high ^ 0x646f_7261_6e64_6f6d, low ^ 0x6c79_6765_6e65_7261,
                high ^ 0x7465_6462_7974_6573
            )
        }

        mutating func append(_ byte: UInt8) {
            tail |= UInt64(byte) << (8 * (count & 7))
            count += 1
            if count & 7 == 0 {
                compress(tail)
                tail = 0
            }
        }

        mutating func finish() -> UInt64 {
            compress(tail | count << 56)
            words.2 ^= 0xff
            for _ in 0..<4 { round() }
            return words.0 ^ words.1 ^ words.2 ^ words.3
        }

        private mutating func compress(_ word: UInt64) {
            words.3 ^= word
            round()
            round()
            words.0 ^= word
        }

        private mutating func round() {
            words.0 &+= words.1
            words.1 = Self.rotated(words.1, 13) ^ words.0
            words.0 = Self.rotated(words.0, 32)
            words.2 &+= words.3
            words.3 = Self.rotated(words.3, 16) ^ words.2
            words.0 &+= words.3
            words.3 = Self.rotated(words.3, 21) ^ words.0
            words.2 &+= words.1
            words.1 = Self.rotated(words.1, 17) ^ words.2
            words.2 = Self.rotated(words.2, 32)
        }

        private static func rotated(_ word: UInt64, _ bits: UInt64) -> UInt64 {
            word << bits | word >> (64 - bits)
        }
    }
}
