import Glibc
import LimpetEvents

/// The bytes of a file or of standard input, unpacked when they are gzip: told by their first two bytes, not
/// by the name. All raw reading happens here.
public final class ByteSource {
    /// The name for messages; `-` is standard input.
    public let name: String
    private let descriptor: CInt
    private let ownsDescriptor: Bool
    private var unpacker: GzipUnpacker?
    private var isProbed = false
    private var head: [UInt8] = []
    /// Bytes of the file read so far, before unpacking: what progress is measured in.
    public private(set) var bytesRead = 0
    /// The size of the file; nil for pipes.
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

    /// Appends up to `count` more bytes to `buffer`.
    ///
    /// - Returns: how many were appended; 0 at the end.
    /// - Throws: ``FileError`` when reading fails or the gzip data ends in the middle, `InputError` when the
    ///   gzip data is corrupt: the file can be read, but what it holds is wrong.
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

    /// Passes over bytes: what a file holds there is not read.
    ///
    /// - Throws: as ``read(_:into:)``, and ``FileError`` when there are fewer.
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
            // What was probed comes whole, however much was asked for.
            if passed.count > left { head = Array(passed[left...]) }
            left -= min(left, passed.count)
        }
    }

    /// All bytes, up to a limit.
    ///
    /// - Throws: ``FileError`` when reading fails or there are more bytes than `limit`, `InputError` when gzip
    ///   data is corrupt.
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
        let start = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: count))
        var got = -1
        repeat {
            got = buffer.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress.map { $0 + start }, count)
            }
        } while got < 0 && errno == EINTR
        let problem = SystemError.last
        buffer.removeLast(count - max(got, 0))
        guard got >= 0 else { throw .cannotRead(path: name, problem: problem) }
        bytesRead += got
        return got
    }
}

/// What the system said about the last call that failed.
enum SystemError {
    static var last: String { String(cString: strerror(errno)) }
}
