import Glibc
import GRDBSQLite

/// A copy of a database file, made page by page through the connection that writes it.
///
/// SQLite carries what that connection writes meanwhile into the pages already copied, so that the copy is
/// the file at the time of the last step, however long the steps are apart.
///
/// It is marked as sendable because the writer that holds it is handed on under a mutex, and one thread at a
/// time calls it.
final class PageCopy: @unchecked Sendable {
    /// The pages of one step: 1 MB of the log.
    static let pagesPerStep: Int32 = 256

    private let path: String
    private let target: SQLiteConnection
    private var handle: OpaquePointer?

    /// Begins a copy of a connection's file to a path where there is no file.
    init(of source: SQLiteConnection, to path: String) throws(SQLiteFault) {
        self.path = path
        target = try SQLiteConnection(path: path, .make)
        // Passed to the disk as a whole at the end.
        try target.run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        handle = sqlite3_backup_init(target.pointer, "main", source.pointer, "main")
        guard handle != nil else { throw SQLiteConnection.fault(SQLITE_ERROR, target.pointer) }
    }

    deinit { abandon() }

    /// Copies some pages; true when all are copied.
    func step() throws(SQLiteFault) -> Bool {
        let code = sqlite3_backup_step(handle, Self.pagesPerStep)
        if code == SQLITE_OK { return false }
        guard code == SQLITE_DONE else { throw SQLiteConnection.fault(code, target.pointer) }
        return true
    }

    /// Waits a little between two steps, so that those who write get their turn.
    static func pause() { usleep(1_000) }

    /// Ends the copy, after the last step or before; what is there of the file remains.
    func abandon() {
        sqlite3_backup_finish(handle)
        handle = nil
        target.close()
    }
}
