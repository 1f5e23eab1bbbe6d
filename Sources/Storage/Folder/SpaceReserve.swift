import Glibc
import Synchronization

/// A file that holds space of the disk back, so that there is some left to go on with when it is full.
final class SpaceReserve: Sendable {
    private let path: String
    private let size: Int64
    private let isThere = Mutex<Bool>(false)

    /// - Parameter size: the bytes to hold back; 0 for none.
    init(path: String, size: Int64) {
        (self.path, self.size) = (path, size)
        var status = stat()
        guard size > 0, stat(path, &status) == 0 else { return }
        if Int64(status.st_size) == size {
            isThere.withLock { $0 = true }
        } else {
            // Made anew with the other size.
            unlink(path)
        }
    }

    /// True while the space is given up.
    var isFreed: Bool { size > 0 && isThere.withLock { !$0 } }

    /// Gives the space up; returns true when there was some to give.
    @discardableResult
    func free() -> Bool {
        isThere.withLock { isThere in
            guard isThere else { return false }
            isThere = false
            return unlink(path) == 0
        }
    }

    /// Holds the space back if it is not and the disk has twice as much free; returns true when it is held.
    @discardableResult
    func restore(freeBytes: Int64) -> Bool {
        isThere.withLock { isThere in
            guard size > 0, !isThere, freeBytes >= 2 * size else { return isThere }
            isThere = allocate()
            return isThere
        }
    }

    /// Makes the file; what is left of it when the disk has no space is removed.
    private func allocate() -> Bool {
        let file = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        guard posix_fallocate(file, 0, off_t(size)) == 0 else {
            unlink(path)
            return false
        }
        return true
    }
}
