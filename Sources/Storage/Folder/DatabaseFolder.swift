import Glibc
import Synchronization

/// The folder of a database: its log, its states, and a reserve of space, in use by one service at a time.
///
///     let folder = try DatabaseFolder(path: "limpet")
///     let log = try RecordLog(folder: folder)
///     let states = try StateTable(folder: folder)
///
/// The lock is released by ``close()``, after both files are closed.
package final class DatabaseFolder: Sendable {
    /// The default size of the reserve: 256 MB.
    package static let defaultReserve: Int64 = 256 << 20

    /// The folder's path, without symbolic links.
    package let path: String
    private let lock: FolderLock
    private let reserve: SpaceReserve
    private let files: Mutex<[KnownFile]>

    /// A file that must stay where it was opened.
    private struct KnownFile {
        let path: String
        let identity: FileIdentity
    }

    /// Opens a folder, which is made if there is none, and takes its lock.
    ///
    /// - Parameter reserve: the bytes that are held back for a full disk; 0 for none.
    /// - Throws: ``StorageError`` when another service uses the folder, or it is none of Limpet's.
    package init(path: String, reserve: Int64 = DatabaseFolder.defaultReserve) throws(StorageError) {
        try FolderContents.prepare(path)
        guard let real = realpath(path, nil) else {
            throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
        }
        defer { free(real) }
        self.path = String(cString: real)
        let log = self.path + "/" + FolderContents.log
        lock = try FolderLock(file: log, of: path)
        files = Mutex([KnownFile(path: log, identity: lock.identity)])
        self.reserve = SpaceReserve(path: self.path + "/" + FolderContents.reserve, size: reserve)
        restoreReserve()
    }

    /// The path of the log.
    package var logPath: String { path + "/" + FolderContents.log }
    /// The path of the states.
    package var statesPath: String { path + "/" + FolderContents.states }

    /// Checks that the files at their paths are still those that were opened; cheap enough before each
    /// commit.
    ///
    /// - Throws: ``StorageError/deleted(path:)`` or ``StorageError/replaced(path:)``.
    package func checkIdentity() throws(StorageError) {
        try files.withLock { files throws(StorageError) in
            for file in files {
                guard let found = FileIdentity(path: file.path) else { throw .deleted(path: file.path) }
                guard found == file.identity else { throw .replaced(path: file.path) }
            }
        }
    }

    /// Remembers which file is at a path, for ``checkIdentity()``.
    func remember(_ path: String) throws(StorageError) {
        guard let identity = FileIdentity(path: path) else { throw .deleted(path: path) }
        files.withLock { files in
            files.removeAll { $0.path.utf8.elementsEqual(path.utf8) }
            files.append(KnownFile(path: path, identity: identity))
        }
    }

    /// Forgets the file at a path, which is removed on purpose.
    func forget(_ path: String) {
        files.withLock { $0.removeAll { $0.path.utf8.elementsEqual(path.utf8) } }
    }

    /// True when the reserve was given up because the disk was full.
    package var isReserveFreed: Bool { reserve.isFreed }

    /// Gives the reserve up; returns true when there was one.
    @discardableResult
    package func freeReserve() -> Bool { reserve.free() }

    /// Holds the reserve back again if the disk has space for it twice; returns true when it is held.
    @discardableResult
    package func restoreReserve() -> Bool { reserve.restore(freeBytes: freeBytes()) }

    /// The bytes that the folder's disk has free for this process.
    package func freeBytes() -> Int64 {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return 0 }
        return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }

    /// Releases the lock; log and states are closed before.
    package func close() { lock.release() }
}
