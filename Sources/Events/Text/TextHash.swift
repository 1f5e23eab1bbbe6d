/// A hash function of texts for tables in memory, with a random seed in each process against collision
/// attacks.
///
/// Eight bytes at a time are folded by a 128-bit product, after wyhash (Wang Yi, 2019).
enum TextHash {
    private static let seed = UInt64.random(in: 0...UInt64.max)

    /// Returns the hash of a text.
    @inline(__always)
    static func value(_ text: Span<UInt8>) -> UInt32 {
        let bytes = text.bytes
        // `unsafeLoadUnaligned` checks that the load lies within the bytes.
        var hash = seed ^ UInt64(text.count) &* 0x9e37_79b9_7f4a_7c15
        var place = 0
        while place + 8 <= bytes.byteCount {
            let word = bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
            hash = fold(hash ^ word, 0xa076_1d64_78bd_642f)
            place += 8
        }
        var rest: UInt64 = 0
        while place < bytes.byteCount {
            rest = rest << 8 | UInt64(text[place])
            place += 1
        }
        hash = fold(hash ^ rest, 0xe703_7ed1_a0b4_28db)
        return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    /// Returns true if two texts have the same bytes.
    @inline(__always)
    static func areEqual(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
        guard one.count == other.count else { return false }
        let (first, second) = (one.bytes, other.bytes)
        var place = 0
        while place + 8 <= first.byteCount {
            guard
                first.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
                    == second.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
            else { return false }
            place += 8
        }
        while place < one.count {
            guard one[place] == other[place] else { return false }
            place += 1
        }
        return true
    }
}
