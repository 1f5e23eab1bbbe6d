import LimpetDocuments
import CZlib
import Glibc

/// A writer that builds a file beside its final name and renames it when all bytes are on disk, so that no
/// reader ever sees an incomplete file. `-` is standard output; a file whose name ends in `.gz` is
/// compressed.
public final class FileWriter {
    private let path: String
    private let temporaryPath: String?
    private let descriptor: CInt
    private var buffer: [UInt8] = []
    private var packer: GzipPacker?
    private var isFinished = false
    /// True when the temporary file is kept if the process ends before ``finish()``.
    private let outlives: Bool
    /// The number of bytes written, and how many of them the system has been told to write to disk.
    private var (length, begun) = (0, 0)

    /// The number of bytes after which the system is told to start writing to disk, while the next bytes are
    /// produced. At the end there is then little left to wait for.
    private static let syncInterval = 1 << 23

    /// Opens a temporary file beside `path`.
    ///
    /// - Throws: ``FileError/cannotWrite(path:problem:)``.
    public init(path: String) throws(FileError) {
        self.path = path
        guard path != "-" else {
            (temporaryPath, descriptor, outlives) = (nil, STDOUT_FILENO, false)
            return
        }
        // Without a compressor the bytes would go out uncompressed under a name that says that they are
        // compressed.
        if path.ends(with: ".gz") {
            guard let packer = GzipPacker() else {
                throw .cannotWrite(path: path, problem: "zlib has no memory to pack")
            }
            self.packer = packer
        }
        var status = stat()
        // Devices and pipes such as /dev/null are written in place: they cannot be replaced by a rename.
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

    /// Continues a file whose writing was interrupted, or begins one that can be continued. Until
    /// ``finish()`` the bytes are in the file ``partialPath(of:)`` beside `path`, which is kept when the
    /// process ends earlier.
    ///
    /// - Parameter length: the number of bytes to keep; 0 starts again.
    /// - Throws: ``FileError/cannotWrite(path:problem:)``, also when the file has fewer bytes.
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

    /// Returns the name of the temporary file that ``init(resuming:at:)`` writes.
    public static func partialPath(of path: String) -> String { path + ".partial" }

    deinit {
        if descriptor != STDOUT_FILENO { close(descriptor) }
        if !isFinished, !outlives, let temporaryPath { unlink(temporaryPath) }
    }

    /// Writes everything added so far to disk.
    ///
    /// - Returns: the length of the file in bytes.
    public func sync() throws(FileError) -> Int {
        try flush()
        guard fsync(descriptor) == 0 else { throw .cannotWrite(path: path, problem: SystemError.last) }
        return length
    }

    /// Appends bytes.
    public func write(_ bytes: some Sequence<UInt8>) throws(FileError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= 1 << 18 { try flush() }
    }

    /// Appends a text as UTF-8.
    public func write(_ text: String) throws(FileError) { try write(text.utf8) }

    /// Writes the remaining bytes, waits until they are on disk and renames the file. Without this call the
    /// file is removed; a second call does nothing.
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

    /// Writes the folder's entry for the new name to disk, since a rename changes the folder, not the file. A
    /// folder that may be written but not read cannot be opened for this, and some file systems cannot sync
    /// folders (EINVAL).
    private func syncFolder() throws(FileError) {
        let name = path.lastIndex(of: "/").map { path[...$0] } ?? "."
        let folder = open(String(name), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        defer { close(folder) }
        guard fsync(folder) == 0 || errno == EINVAL else {
            throw .cannotWrite(path: path, problem: SystemError.last)
        }
    }

    /// Writes a whole file in one call.
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

    /// Tells the system to start writing: Linux begins to write pages that it is told are not needed soon,
    /// and keeps them in memory meanwhile. ``finish()`` waits for all of them.
    private func beginSync() {
        guard temporaryPath != nil, length - begun >= Self.syncInterval else { return }
        _ = posix_fadvise(descriptor, off_t(begun), off_t(length - begun), POSIX_FADV_DONTNEED)
        begun = length
    }
}

/// A gzip compressor whose output depends on the input alone: zlib writes neither a file name nor a time.
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
