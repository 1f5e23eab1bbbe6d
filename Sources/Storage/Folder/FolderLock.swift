import Glibc
import Synchronization

/// An exclusive lock on a database, held through a descriptor of its log file.
///
/// The lock is on the file itself, so that two services find each other through a symbolic link, a hard link
/// or a second mount. Closing any descriptor of a file drops the locks that SQLite holds on it in this
/// process; the descriptor is therefore closed after all connections, and a second one is never opened.
final class FolderLock: Sendable {
    /// The files that this process has locked.
    private static let held = Mutex<Set<FileIdentity>>([])

    /// The file that is locked.
    let identity: FileIdentity
    private let descriptor: Mutex<Int32>

    /// Locks a file, which is made if there is none.
    ///
    /// - Throws: ``StorageError/inUse(path:)`` when this or another process holds the lock,
    ///   ``StorageError/linked(path:names:)`` when the file has a second name.
    init(file path: String, of folder: String) throws(StorageError) {
        let locked = try Self.held.withLock {
            files throws(StorageError) -> (identity: FileIdentity, file: Int32) in
            // Looked up by path first: a descriptor of a file that is open here could not be closed again.
            if let known = FileIdentity(path: path), files.contains(known) { throw .inUse(path: folder) }
            let file = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
            guard file >= 0, let identity = FileIdentity(descriptor: file) else {
                throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
            }
            do throws(StorageError) {
                guard flock(file, LOCK_EX | LOCK_NB) == 0 else { throw .inUse(path: folder) }
                guard identity.links == 1 else { throw .linked(path: path, names: identity.links) }
            } catch {
                if !files.contains(identity) { close(file) }
                throw error
            }
            files.insert(identity)
            return (identity, file)
        }
        identity = locked.identity
        descriptor = Mutex(locked.file)
    }

    deinit { release() }

    /// Releases the lock; the file remains.
    func release() {
        let file = descriptor.withLock { file in
            defer { file = -1 }
            return file
        }
        guard file >= 0 else { return }
        _ = Self.held.withLock { $0.remove(identity) }
        close(file)
    }
}
