import Glibc
import LimpetEvents

/// The bytes of a file or of standard input, decompressed when they are gzip. Gzip is recognised by the first
/// two bytes, not by the file's name. All raw reading happens here.
public final class ByteSource {
    /// The name used in error messages; `-` is standard input.
    public let name: String
    private let descriptor: CInt
    private let ownsDescriptor: Bool
    private var unpacker: GzipUnpacker?
    private var isProbed = false
    private var head: [UInt8] = []
    /// The number of bytes read from the file so far, before decompression; progress is measured by it.
    public private(set) var bytesRead = 0
    /// The size of the file in bytes; nil for a pipe.
    public let byteCount: Int?

    /// Opens a file, or standard input for `-`.
    ///
    /// - Throws: ``FileError/cannotRead(path:problem:)``.
    public init(path: String) throws(FileError) {
        name = path
        ownsDescriptor = path != "-"
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotRead(path: path, problem: SystemError.last) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .cannotRead(path: path, problem: SystemError.last)
        }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw .cannotRead(path: path, problem: "is a directory")
        }
        byteCount = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
    }

    deinit {
        if ownsDescriptor { close(descriptor) }
    }

    /// Appends at most `count` bytes to `buffer`.
    ///
    /// - Returns: the number of bytes appended; 0 at the end.
    /// - Throws: ``FileError`` when reading fails or the gzip data ends in the middle, `InputError` when the
    ///   gzip data is corrupt: the file can be read, but its contents are wrong.
    public func read(_ count: Int, into buffer: inout [UInt8]) throws -> Int {
        if !isProbed { try probe() }
        guard let unpacker else {
            guard head.isEmpty else {
                buffer += head
                defer { head = [] }
                return head.count
            }
            return try readSystem(count, into: &buffer)
        }
        let before = buffer.count
        while buffer.count == before {
            if unpacker.wantsInput {
                var packed = head
                head = []
                if packed.isEmpty, try readSystem(1 << 16, into: &packed) == 0 {
                    guard unpacker.isBetweenMembers else { throw FileError.truncatedGzip(path: name) }
                    return 0
                }
                unpacker.feed(packed)
            }
            guard unpacker.unpack(count, into: &buffer) else {
                throw InputError(InputPlace(file: name), "the gzip data is corrupt")
            }
        }
        return buffer.count - before
    }

    /// Skips `count` bytes, by a seek where the source allows one.
    ///
    /// - Throws: as ``read(_:into:)``, and ``FileError`` when fewer bytes are left.
    func skip(_ count: Int) throws {
        var left = count
        var passed: [UInt8] = []
        while left > 0 {
            if isProbed, unpacker == nil, head.isEmpty, let byteCount, left <= byteCount - bytesRead,
                lseek(descriptor, off_t(left), SEEK_CUR) >= 0
            {
                bytesRead += left
                return
            }
            passed.removeAll(keepingCapacity: true)
            guard try read(min(left, 1 << 20), into: &passed) > 0 else {
                throw FileError.cannotRead(path: name, problem: "ends \(left) bytes too early")
            }
            // The bytes read by `probe` are returned in one piece, also when they exceed the requested count.
            if passed.count > left { head = Array(passed[left...]) }
            left -= min(left, passed.count)
        }
    }

    /// Returns all remaining bytes.
    ///
    /// - Throws: ``FileError`` when reading fails or there are more than `limit` bytes, `InputError` when
    ///   gzip data is corrupt.
    public func readAll(limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while try read(1 << 20, into: &bytes) > 0 {
            guard bytes.count <= limit else {
                throw FileError.cannotRead(path: name, problem: "is longer than \(limit) bytes")
            }
        }
        return bytes
    }

    private func probe() throws(FileError) {
        isProbed = true
        while head.count < 2, try readSystem(1 << 16, into: &head) > 0 {}
        if head.starts(with: [0x1f, 0x8b]) {
            guard let unpacker = GzipUnpacker() else {
                throw .cannotRead(path: name, problem: "zlib has no memory to unpack")
            }
            self.unpacker = unpacker
        }
    }

    private func readSystem(_ count: Int, into buffer: inout [UInt8]) throws(FileError) -> Int {
        let descriptor = descriptor
        var (got, problem) = (-1, "")
        buffer.append(addingCapacity: count) { free in
            free.withUnsafeMutableBufferPointer { free, filled in
                repeat {
                    got = Glibc.read(descriptor, free.baseAddress.map { $0 + filled }, free.count - filled)
                } while got < 0 && errno == EINTR
                problem = got < 0 ? SystemError.last : ""
                filled += max(got, 0)
            }
        }
        guard got >= 0 else { throw .cannotRead(path: name, problem: problem) }
        bytesRead += got
        return got
    }
}

/// The operating system's description of the last failed call.
enum SystemError {
    static var last: String { String(cString: strerror(errno)) }
}
