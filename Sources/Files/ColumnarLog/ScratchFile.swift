import Glibc

/// A temporary file without a name, which the system removes when the process ends in any way.
final class ScratchFile {
    private let descriptor: CInt
    private let path: String
    private(set) var length = 0

    /// Makes a scratch file in a folder.
    ///
    /// - Throws: ``FileError/cannotWrite(path:problem:)``.
    init(folder: String) throws(FileError) {
        path = folder + "/.limpet-rows.XXXXXX"
        var name = Array(path.utf8CString)
        descriptor = name.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return -1 }
            let descriptor = mkstemp(start)
            if descriptor >= 0 {
                unlink(start)
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            }
            return descriptor
        }
        guard descriptor >= 0 else { throw .cannotWrite(path: path, problem: SystemError.last) }
    }

    deinit { close(descriptor) }

    /// Appends bytes and returns the offset at which they begin.
    func append(_ bytes: RawSpan) throws(FileError) -> Int {
        var written = 0
        while written < bytes.byteCount {
            let count = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            guard count >= 0 || errno == EINTR else {
                throw .cannotWrite(path: path, problem: SystemError.last)
            }
            written += max(count, 0)
        }
        defer { length += bytes.byteCount }
        return length
    }

    /// A reader of the file, for any thread; the file must outlive it.
    struct Reader: Sendable {
        fileprivate let descriptor: CInt
        fileprivate let path: String

        /// Returns the bytes of a range.
        func read(_ range: Range<Int>) throws(FileError) -> [UInt8] {
            try readBytes(of: descriptor, range, path: path)
        }
    }

    var reader: Reader { Reader(descriptor: descriptor, path: path) }

    /// Returns the bytes of a range.
    func read(_ range: Range<Int>) throws(FileError) -> [UInt8] { try reader.read(range) }
}

/// Returns all bytes of a range of an open file.
func readBytes(of descriptor: CInt, _ range: Range<Int>, path: String) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    var got = 0
    while got < bytes.count {
        let count = bytes.withUnsafeMutableBytes {
            pread(descriptor, $0.baseAddress.map { $0 + got }, range.count - got, range.lowerBound + got)
        }
        guard count >= 0 || errno == EINTR else {
            throw .cannotRead(path: path, problem: SystemError.last)
        }
        guard count != 0 else {
            throw .cannotRead(path: path, problem: "ends at byte \(range.lowerBound + got)")
        }
        got += max(count, 0)
    }
    return bytes
}
