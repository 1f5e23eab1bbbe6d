import CZlib

/// A gzip decompressor on zlib that accepts several consecutive members. The stream lives at a fixed address,
/// since zlib keeps a pointer to it.
package final class GzipUnpacker {
    private let stream: UnsafeMutablePointer<z_stream>
    private var input: [UInt8] = []
    private var consumed = 0
    /// True when the last member has ended; only then may the data end.
    private(set) var isBetweenMembers = true

    /// Makes a decompressor; nil when zlib cannot allocate memory.
    init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard limpet_inflate_init_gzip(stream) == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    var wantsInput: Bool { consumed == input.count }

    func feed(_ bytes: [UInt8]) {
        input = bytes
        consumed = 0
    }

    /// Appends at most `count` decompressed bytes to `buffer`; returns false when the data is corrupt.
    func unpack(_ count: Int, into buffer: inout [UInt8]) -> Bool {
        if isBetweenMembers {
            inflateReset(stream)
            isBetweenMembers = false
        }
        let start = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: count))
        let status = input.withUnsafeMutableBufferPointer { packed in
            buffer.withUnsafeMutableBufferPointer { unpacked in
                stream.pointee.next_in = packed.baseAddress.map { $0 + consumed }
                stream.pointee.avail_in = UInt32(packed.count - consumed)
                stream.pointee.next_out = unpacked.baseAddress.map { $0 + start }
                stream.pointee.avail_out = UInt32(count)
                return inflate(stream, Z_NO_FLUSH)
            }
        }
        consumed = input.count - Int(stream.pointee.avail_in)
        buffer.removeLast(Int(stream.pointee.avail_out))
        isBetweenMembers = status == Z_STREAM_END
        return status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR
    }
}
