import Glibc
import Synchronization

/// An exclusive lock on a file, held by at most one process at a time, which ends with the process at the
/// latest.
final class FileLock: Sendable {
    private let descriptor: Mutex<Int32>

    /// Takes the lock of a database, in a file next to it that is created if there is none; nil when another
    /// process holds it.
    ///
    /// - Throws: ``StorageError/cannotOpen(path:reason:)`` when the file cannot be opened.
    init?(besides database: String) throws(StorageError) {
        let path = database + ".lock"
        let file = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw .cannotOpen(path: database, reason: String(cString: strerror(errno)))
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            return nil
        }
        descriptor = Mutex(file)
    }

    deinit { release() }

    /// Releases the lock; the file remains.
    func release() {
        descriptor.withLock { file in
            if file >= 0 { close(file) }
            file = -1
        }
    }
}
