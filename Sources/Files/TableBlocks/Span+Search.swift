import Glibc

extension Span<UInt8> {
    /// Returns the index of the first occurrence of a byte at or after `start`; nil when there is none.
    @inline(__always)
    func first(_ byte: UInt8, from start: Int) -> Int? {
        withUnsafeBufferPointer { bytes in
            guard let first = bytes.baseAddress,
                let found = memchr(first + start, CInt(byte), bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(first).distance(to: found)
        }
    }

    /// Returns true when the span contains a byte.
    func holds(_ byte: UInt8) -> Bool { first(byte, from: 0) != nil }

    /// Returns the number of occurrences of a byte. It compares eight bytes in one operation, since this part
    /// of reading is not divided among threads.
    func count(of byte: UInt8) -> Int {
        let (ones, low, bytes) = (UInt64(0x0101_0101_0101_0101), UInt64(0x7f7f_7f7f_7f7f_7f7f), bytes)
        let wide = ones &* UInt64(byte)
        var (total, place) = (0, 0)
        while place + 8 <= bytes.byteCount {
            let rest = bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self) ^ wide
            // The top bit of each byte that is 0: a sum of seven bits does not carry into the next byte.
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
