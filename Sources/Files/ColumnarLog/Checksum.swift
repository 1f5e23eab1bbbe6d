import CZlib

/// Returns the CRC-32 of bytes as zlib computes it (polynomial 0xEDB88320, as in gzip and PNG).
package func checksum(_ bytes: [UInt8]) -> UInt64 {
    // zlib takes its length in 32 bits; blocks and footers may be longer.
    var sum = crc32(0, nil, 0)
    bytes.withUnsafeBufferPointer { buffer in
        var start = 0
        while start < buffer.count {
            let length = min(buffer.count - start, 1 << 30)
            sum = crc32(sum, buffer.baseAddress.map { $0 + start }, UInt32(length))
            start += length
        }
    }
    return UInt64(sum)
}
