import LimpetDocuments

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
            hash = fold(hash ^ bytes.word(at: place), 0xa076_1d64_78bd_642f)
            place += 8
        }
        // The last word overlaps the one before it.
        hash = fold(hash ^ (count >= 8 ? bytes.word(at: count - 8) : bytes.shortWord), 0xe703_7ed1_a0b4_28db)
        return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
