import Glibc
import GRDBSQLite

/// A call of SQLite that failed, as it told.
struct SQLiteFault: Error, Equatable, Sendable {
    /// SQLite's extended result code.
    let code: Int32
    /// The operating system's number of the error; 0 where there is none.
    let systemError: Int32
    /// SQLite's sentence.
    let message: String

    /// The result code without its extension.
    var primaryCode: Int32 { code & 0xff }

    /// True when the disk, or what may be used of it, is full.
    var isDiskFull: Bool {
        primaryCode == SQLITE_FULL
            || (primaryCode == SQLITE_IOERR && (systemError == ENOSPC || systemError == EDQUOT))
    }

    /// True when the file is no database, or not one any more.
    var isDamage: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }

    /// True when another connection holds what was asked for.
    var isBusy: Bool { primaryCode == SQLITE_BUSY || primaryCode == SQLITE_LOCKED }

    /// True when a write itself failed, so that the frame that ends a transaction cannot be whole.
    var isFailedWrite: Bool { primaryCode == SQLITE_FULL || code == Self.writeFailed }

    /// True when the connection may know less than the file: it is closed and opened anew.
    var isOfFile: Bool { !isBusy && primaryCode != SQLITE_CONSTRAINT && primaryCode != SQLITE_TOOBIG }

    /// The fault in one line, for people.
    var sentence: String {
        let system = systemError == 0 ? "" : ", errno \(systemError)"
        return "\(message) (SQLite code \(code)\(system))"
    }

    /// `SQLITE_IOERR_WRITE`, a macro that Swift does not see.
    private static let writeFailed = SQLITE_IOERR | (3 << 8)
}
