import CZlib
import Glibc

/// Writes a file beside its final name and renames it when all is on disk, so that nobody ever sees half a
/// file. `-` is standard output; a name that ends in `.gz` is packed.
public final class FileWriter {
    private let path: String
    private let temporaryPath: String?
    private let descriptor: CInt
    private var buffer: [UInt8] = []
    private var packer: GzipPacker?
    private var isFinished = false
    /// Whether the file under way stays when the process ends.
    private let outlives: Bool
    /// How many bytes went out, and how many of them the system was asked to bring to disk.
    private var (length, begun) = (0, 0)

    /// So many bytes are brought to disk at a time while the next ones are made, so that little is left to wait for
    /// at the end.
    private static let stretch = 1 << 23

    /// Opens a temporary file beside `path`.
    ///
    /// - Throws: ``FileError/cannotWrite(path:problem:)``.
    public init(path: String) throws(FileError) {
        self.path = path
        guard path != "-" else {
            (temporaryPath, descriptor, outlives) = (nil, STDOUT_FILENO, false)
            return
        }
        // Without a packer the bytes would go out plain under a name that says that they are packed.
        if path.hasSuffix(".gz") {
            guard let packer = GzipPacker() else {
                throw .cannotWrite(path: path, problem: "zlib has no memory to pack")
            }
            self.packer = packer
        }
        var status = stat()
        // Devices and pipes such as /dev/null are written in place: there is nothing to rename onto.
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            guard status.st_mode & S_IFMT != S_IFDIR else {
                throw .cannotWrite(path: path, problem: "is a directory")
            }
            temporaryPath = nil
            descriptor = open(path, O_WRONLY | O_CLOEXEC)
        } else {
            let temporary = "\(path).\(getpid()).partial"
            temporaryPath = temporary
            descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        }
        guard descriptor >= 0 else { throw .cannotWrite(path: path, problem: SystemError.last) }
        outlives = false
    }

    /// Goes on with a file whose writing was interrupted, or begins one that can be gone on with: what is written stands
    /// beside `path` under the name ``partialPath(of:)`` until it is finished, also when the process ends before that.
    ///
    /// - Parameter length: how many bytes of it are kept; 0 begins anew.
    /// - Throws: ``FileError/cannotWrite(path:problem:)``, also when there are fewer bytes.
    public init(resuming path: String, at length: Int) throws(FileError) {
        self.path = path
        let partial = Self.partialPath(of: path)
        temporaryPath = partial
        outlives = true
        descriptor = open(partial, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannotWrite(path: partial, problem: SystemError.last) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size >= length else {
            throw .cannotWrite(
                path: partial, problem: "is shorter than the \(length) bytes that were written")
        }
        guard ftruncate(descriptor, off_t(length)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
            throw .cannotWrite(path: partial, problem: SystemError.last)
        }
        (self.length, begun) = (length, length)
    }

    /// Where a file stands that is written so that it can be gone on with.
    public static func partialPath(of path: String) -> String { path + ".partial" }

    deinit {
        if descriptor != STDOUT_FILENO { close(descriptor) }
        if !isFinished, !outlives, let temporaryPath { unlink(temporaryPath) }
    }

    /// Brings all that was added to disk.
    ///
    /// - Returns: how many bytes the file has.
    public func sync() throws(FileError) -> Int {
        try flush()
        guard fsync(descriptor) == 0 else { throw .cannotWrite(path: path, problem: SystemError.last) }
        return length
    }

    /// Adds bytes.
    public func write(_ bytes: some Sequence<UInt8>) throws(FileError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= 1 << 18 { try flush() }
    }

    /// Adds text.
    public func write(_ text: String) throws(FileError) { try write(text.utf8) }

    /// Writes what is left, brings it to disk and gives the file its name. Without this call the file vanishes;
    /// a second one does nothing.
    public func finish() throws(FileError) {
        guard !isFinished else { return }
        try flush()
        if let packer { try writeRaw(packer.pack([], isLast: true)) }
        if let temporaryPath {
            guard fsync(descriptor) == 0, rename(temporaryPath, path) == 0 else {
                throw .cannotWrite(path: path, problem: SystemError.last)
            }
        }
        isFinished = true
        if temporaryPath != nil { try syncFolder() }
    }

    /// Brings the new name to disk: a rename stands in the folder, which has bytes of its own. A folder that
    /// may be written but not read cannot be opened for it, and some file systems (EINVAL) sync no folders.
    private func syncFolder() throws(FileError) {
        let name = path.lastIndex(of: "/").map { path[...$0] } ?? "."
        let folder = open(String(name), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        defer { close(folder) }
        guard fsync(folder) == 0 || errno == EINVAL else {
            throw .cannotWrite(path: path, problem: SystemError.last)
        }
    }

    /// Writes a whole file at once.
    public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        let writer = try FileWriter(path: path)
        try writer.write(bytes)
        try writer.finish()
    }

    private func flush() throws(FileError) {
        let bytes = buffer
        buffer.removeAll(keepingCapacity: true)
        try writeRaw(packer?.pack(bytes, isLast: false) ?? bytes)
    }

    private func writeRaw(_ bytes: [UInt8]) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written)
            }
            guard count >= 0 || errno == EINTR else {
                throw .cannotWrite(path: path, problem: SystemError.last)
            }
            written += max(count, 0)
        }
        length += bytes.count
        beginSync()
    }

    /// Asks the system to begin: Linux starts to write pages that it is told are not needed soon, and keeps them while
    /// it does. Whether it has done so shows in `finish`, which waits for all.
    private func beginSync() {
        guard temporaryPath != nil, length - begun >= Self.stretch else { return }
        _ = posix_fadvise(descriptor, off_t(begun), off_t(length - begun), POSIX_FADV_DONTNEED)
        begun = length
    }
}

/// Packs bytes as gzip, with the same bytes each time: zlib writes no file name and no time of its own.
final class GzipPacker {
    private let stream: UnsafeMutablePointer<z_stream>

    init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard limpet_deflate_init_gzip(stream, 6) == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    func pack(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
        var input = bytes
        var packed: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        input.withUnsafeMutableBufferPointer { source in
            stream.pointee.next_in = source.baseAddress
            stream.pointee.avail_in = UInt32(source.count)
            repeat {
                let produced = chunk.withUnsafeMutableBufferPointer { target in
                    stream.pointee.next_out = target.baseAddress
                    stream.pointee.avail_out = UInt32(target.count)
                    deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
                    return target.count - Int(stream.pointee.avail_out)
                }
                packed.append(contentsOf: chunk[..<produced])
            } while stream.pointee.avail_out == 0
        }
        return packed
    }
}
