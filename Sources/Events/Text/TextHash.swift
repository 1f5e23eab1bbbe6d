/// A hash function of texts for tables in memory, with a random seed in each process against collision
/// attacks.
///
/// Eight bytes at a time are folded by a 128-bit product, after wyhash (Wang Yi, 2019).
enum TextHash {
    /// The seed, of which each list keeps a copy: to read a variable that is made on its first use takes
    /// longer than to hash a short text.
    static let seed = UInt64.random(in: 0...UInt64.max)

    /// Returns the hash of a text.
    @inline(__always)
    static func value(_ text: Span<UInt8>, seed: UInt64) -> UInt32 {
        let bytes = text.bytes
        let count = bytes.byteCount
        var hash = seed ^ UInt64(count) &* 0x9e37_79b9_7f4a_7c15
        var place = 0
        while place + 8 < count {
            hash = fold(hash ^ word(bytes, place), 0xa076_1d64_78bd_642f)
            place += 8
        }
        // The last word overlaps the one before it.
        hash = fold(hash ^ (count >= 8 ? word(bytes, count - 8) : short(bytes)), 0xe703_7ed1_a0b4_28db)
        return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
    }

    @inline(__always)
    private static func word(_ bytes: RawSpan, _ place: Int) -> UInt64 {
        // `unsafeLoadUnaligned` checks that the load lies within the bytes.
        bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
    }

    /// Returns a number that tells texts of fewer than eight bytes from others of the same length.
    @inline(__always)
    private static func short(_ bytes: RawSpan) -> UInt64 {
        let count = bytes.byteCount
        guard count < 4 else {
            let first = bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt32.self)
            let last = bytes.unsafeLoadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
            return UInt64(first) << 32 | UInt64(last)
        }
        guard count > 0 else { return 0 }
        let first = bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt8.self)
        let middle = bytes.unsafeLoadUnaligned(fromByteOffset: count / 2, as: UInt8.self)
        let last = bytes.unsafeLoadUnaligned(fromByteOffset: count - 1, as: UInt8.self)
        return UInt64(first) << 16 | UInt64(middle) << 8 | UInt64(last)
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    /// Returns true if two texts have the same bytes.
    @inline(__always)
    static func areEqual(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
        let (first, second) = (one.bytes, other.bytes)
        let count = first.byteCount
        guard count == second.byteCount else { return false }
        guard count >= 8 else { return short(first) == short(second) }
        var place = 0
        while place + 8 < count {
            guard word(first, place) == word(second, place) else { return false }
            place += 8
        }
        return word(first, count - 8) == word(second, count - 8)
    }
}
