import Glibc
import GRDBSQLite
import LimpetDocuments

/// A connection to one SQLite file, with the calls that durable files need and wrappers hide: extended codes,
/// checkpoints by mode, the size of the write-ahead log, and closing at a known time.
///
/// It is used by one thread at a time; whoever holds it sees to that with a mutex. It is marked as sendable
/// because it is handed from one holder of the mutex to the next, and SQLite's own mutex guards its handle.
final class SQLiteConnection: @unchecked Sendable {
    private var handle: OpaquePointer?
    private var statements: VerbatimDictionary<SQLiteStatement> = [:]
    /// The frames of the write-ahead log up to the last commit of this connection.
    private(set) var frames = 0

    /// The calls that a connection is for.
    enum Access {
        /// Reading only.
        case read
        /// Reading and writing a file that is there.
        case write
        /// Reading and writing a file that is made if there is none.
        case make
    }

    /// A kind of checkpoint.
    enum Checkpoint {
        /// As much as nobody has to wait for.
        case passive
        /// All, after readers are done; the write-ahead log starts from its beginning.
        case restart
        /// As ``restart``, and the write-ahead log has no byte left.
        case truncate
    }

    /// The frames of the write-ahead log, and those of them that the database file holds.
    struct Progress {
        let frames: Int
        let copied: Int
    }

    /// Opens a file.
    ///
    /// - Parameter fileSystem: the name of a registered SQLite VFS; nil for the system's own.
    init(path: String, _ access: Access, fileSystem: String? = nil) throws(SQLiteFault) {
        let mode =
            switch access {
            case .read: SQLITE_OPEN_READONLY
            case .write: SQLITE_OPEN_READWRITE
            case .make: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            }
        let flags = mode | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &handle, flags, fileSystem)
        guard code == SQLITE_OK else {
            let fault = Self.fault(code, handle)
            sqlite3_close(handle)
            handle = nil
            throw fault
        }
        sqlite3_busy_timeout(handle, 5_000)
        observeCommits()
    }

    deinit { close() }

    /// Closes the connection; further calls fail.
    func close() {
        guard handle != nil else { return }
        statements = [:]
        sqlite3_wal_hook(handle, nil, nil)
        sqlite3_close_v2(handle)
        handle = nil
    }

    /// The handle for calls that belong to no other method, as the copy of pages.
    var pointer: OpaquePointer? { handle }

    /// Runs statements without parameters.
    func run(_ sql: String) throws(SQLiteFault) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw Self.fault(code, handle) }
    }

    /// Returns a statement, which is prepared once.
    func statement(_ sql: String) throws(SQLiteFault) -> SQLiteStatement {
        if let known = statements[sql] { return known }
        guard let handle else { throw Self.fault(SQLITE_MISUSE, nil) }
        let statement = try SQLiteStatement(sql, on: handle)
        statements[sql] = statement
        return statement
    }

    /// Returns the first number of the first row; nil where there is none.
    func number(_ sql: String) throws(SQLiteFault) -> Int64? {
        guard let handle else { throw Self.fault(SQLITE_MISUSE, nil) }
        let statement = try SQLiteStatement(sql, on: handle)
        return try statement.step() && !statement.isNull(0) ? statement.number(0) : nil
    }

    /// Makes a checkpoint.
    ///
    /// - Throws: a busy fault when readers, or another checkpoint, left some of it undone.
    func checkpoint(_ kind: Checkpoint) throws(SQLiteFault) -> Progress {
        let mode =
            switch kind {
            case .passive: SQLITE_CHECKPOINT_PASSIVE
            case .restart: SQLITE_CHECKPOINT_RESTART
            case .truncate: SQLITE_CHECKPOINT_TRUNCATE
            }
        var (all, copied): (Int32, Int32) = (0, 0)
        let code = sqlite3_wal_checkpoint_v2(handle, nil, mode, &all, &copied)
        guard code == SQLITE_OK else { throw Self.fault(code, handle) }
        if kind == .truncate { frames = 0 }
        return Progress(frames: max(0, Int(all)), copied: max(0, Int(copied)))
    }

    /// Keeps the write-ahead log when the last connection closes, so that it is one file for life.
    func keepLogFile() {
        var isKept: Int32 = 1
        sqlite3_file_control(handle, nil, SQLITE_FCNTL_PERSIST_WAL, &isKept)
    }

    /// Returns the pages that were written to the write-ahead log since the last call.
    func takeWrittenPages() -> Int {
        var (now, high): (Int32, Int32) = (0, 0)
        sqlite3_db_status(handle, SQLITE_DBSTATUS_CACHE_WRITE, &now, &high, 1)
        return Int(now)
    }

    /// True while a transaction is open.
    var isInTransaction: Bool { handle != nil && sqlite3_get_autocommit(handle) == 0 }

    /// Rolls back what is open; a fault of that changes nothing, since what is open ends with the connection.
    func rollBack() {
        if isInTransaction { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
    }

    /// Counts frames at each commit; this takes the place of SQLite's automatic checkpoints.
    private func observeCommits() {
        sqlite3_wal_hook(
            handle,
            { context, _, _, frames in
                if let context {
                    Unmanaged<SQLiteConnection>.fromOpaque(context).takeUnretainedValue().frames = Int(frames)
                }
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Returns what SQLite tells of the last call of a connection.
    static func fault(_ code: Int32, _ handle: OpaquePointer?) -> SQLiteFault {
        guard let handle else {
            let text = sqlite3_errstr(code).map { String(cString: $0) } ?? "SQLite error"
            return SQLiteFault(code: code, systemError: 0, message: text)
        }
        let text = sqlite3_errmsg(handle).map { String(cString: $0) } ?? "SQLite error"
        let isOfSystem = [SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN].contains(code & 0xff)
        return SQLiteFault(
            code: code, systemError: isOfSystem ? sqlite3_system_errno(handle) : 0, message: text)
    }
}
