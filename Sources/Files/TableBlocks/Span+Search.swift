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

    /// Returns the number of occurrences of a byte. It compares 16 bytes in one operation, since this part of
    /// reading is not divided among threads.
    func count(of byte: UInt8) -> Int {
        let wanted = SIMD16<UInt8>(repeating: byte)
        let (bytes, one) = (bytes, SIMD16<UInt8>(repeating: 1))
        var (total, place) = (0, 0)
        while place + 16 <= bytes.byteCount {
            // A sum of bytes holds up to 255 occurrences.
            let end = min(bytes.byteCount - 15, place + 16 * 255)
            var counts = SIMD16<UInt8>()
            while place < end {
                let found =
                    bytes.unsafeLoadUnaligned(fromByteOffset: place, as: SIMD16<UInt8>.self) .== wanted
                counts &+= SIMD16<UInt8>().replacing(with: one, where: found)
                place += 16
            }
            total += Int(SIMD16<UInt16>(truncatingIfNeeded: counts).wrappedSum())
        }
        while place < count {
            total += self[place] == byte ? 1 : 0
            place += 1
        }
        return total
    }

    /// True when the bytes are valid UTF-8. ASCII, which most fields are, needs no validation.
    @inline(__always)
    var isText: Bool {
        // The last word overlaps the one before it. `unsafeLoadUnaligned` checks that a load lies within the
        // bytes.
        let bytes = bytes
        var (all, place): (UInt64, Int) = (0, 0)
        if count >= 8 {
            all = bytes.unsafeLoadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
            while place + 8 < count {
                all |= bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
                place += 8
            }
        } else {
            while place < count {
                all |= UInt64(self[place])
                place += 1
            }
        }
        return all & 0x8080_8080_8080_8080 == 0
            || withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) != nil }
    }

    /// The bytes as text, with those that are not UTF-8 replaced.
    var text: String { withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }

    /// Returns true for the same bytes.
    @inline(__always)
    func isSame(as other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}
