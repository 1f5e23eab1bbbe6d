import Glibc

extension Span<UInt8> {
    /// Where a byte comes first from a place on; nil where it does not.
    @inline(__always)
    func first(_ byte: UInt8, from start: Int) -> Int? {
        withUnsafeBufferPointer { bytes in
            guard let first = bytes.baseAddress,
                let found = memchr(first + start, CInt(byte), bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(first).distance(to: found)
        }
    }

    /// Whether a byte is there.
    func holds(_ byte: UInt8) -> Bool { first(byte, from: 0) != nil }

    /// How often a byte is there, looking at eight bytes in one operation: this is a part of reading that is not divided
    /// among threads.
    func count(of byte: UInt8) -> Int {
        let (ones, low, bytes) = (UInt64(0x0101_0101_0101_0101), UInt64(0x7f7f_7f7f_7f7f_7f7f), bytes)
        let wide = ones &* UInt64(byte)
        var (total, place) = (0, 0)
        while place + 8 <= bytes.byteCount {
            let rest = bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self) ^ wide
            // The top bit of each byte that is 0: no sum of seven bits runs over into its neighbour.
            total += (~(((rest & low) &+ low) | rest | low)).nonzeroBitCount
            place += 8
        }
        while place < count {
            total += self[place] == byte ? 1 : 0
            place += 1
        }
        return total
    }
}
