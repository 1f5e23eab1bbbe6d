extension RawSpan {
    /// Returns eight bytes as a number; the load is checked to lie within the bytes.
    @inlinable @inline(__always)
    package func word(at place: Int) -> UInt64 { unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self) }

    /// A number that tells texts of fewer than eight bytes from others of the same length.
    @inlinable
    package var shortWord: UInt64 {
        @inline(__always) get {
            let count = byteCount
            guard count < 4 else {
                let first = unsafeLoadUnaligned(fromByteOffset: 0, as: UInt32.self)
                let last = unsafeLoadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
                return UInt64(first) << 32 | UInt64(last)
            }
            guard count > 0 else { return 0 }
            let first = unsafeLoadUnaligned(fromByteOffset: 0, as: UInt8.self)
            let middle = unsafeLoadUnaligned(fromByteOffset: count / 2, as: UInt8.self)
            let last = unsafeLoadUnaligned(fromByteOffset: count - 1, as: UInt8.self)
            return UInt64(first) << 16 | UInt64(middle) << 8 | UInt64(last)
        }
    }
}

extension Span<UInt8> {
    /// Returns true when both have the same bytes; eight at a time are compared.
    @inlinable @inline(__always)
    package func isVerbatim(_ other: Span<UInt8>) -> Bool {
        let (first, second) = (bytes, other.bytes)
        let count = first.byteCount
        guard count == second.byteCount else { return false }
        guard count >= 8 else { return first.shortWord == second.shortWord }
        var place = 0
        while place + 8 < count {
            guard first.word(at: place) == second.word(at: place) else { return false }
            place += 8
        }
        // The last word overlaps the one before it.
        return first.word(at: count - 8) == second.word(at: count - 8)
    }
}
