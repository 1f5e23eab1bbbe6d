import GRDBSQLite

/// A prepared statement, used with its connection by one thread at a time.
final class SQLiteStatement {
    private let handle: OpaquePointer
    private let connection: OpaquePointer

    init(_ sql: String, on connection: OpaquePointer) throws(SQLiteFault) {
        self.connection = connection
        var made: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
        guard code == SQLITE_OK, let made else { throw SQLiteConnection.fault(code, connection) }
        handle = made
    }

    deinit { sqlite3_finalize(handle) }

    /// Binds a number to a parameter, counted from 1.
    func bind(_ number: Int64, at index: Int32) { sqlite3_bind_int64(handle, index, number) }

    /// Binds bytes to a parameter; SQLite takes a copy.
    func bind(_ bytes: [UInt8], at index: Int32) {
        guard !bytes.isEmpty else {
            sqlite3_bind_zeroblob(handle, index, 0)
            return
        }
        bytes.withUnsafeBytes { buffer in
            _ = sqlite3_bind_blob64(
                handle, index, buffer.baseAddress, UInt64(buffer.count), Self.copied)
        }
    }

    /// Binds a text to a parameter; SQLite takes a copy.
    func bind(_ text: String, at index: Int32) {
        var text = text
        text.withUTF8 { buffer in
            buffer.withMemoryRebound(to: CChar.self) { characters in
                _ = sqlite3_bind_text(
                    handle, index, characters.baseAddress, Int32(characters.count), Self.copied)
            }
        }
    }

    /// Goes to the next row; false at the end.
    func step() throws(SQLiteFault) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let fault = SQLiteConnection.fault(code, connection)
            sqlite3_reset(handle)
            throw fault
        }
    }

    /// Runs the statement to its end, and makes it ready for the next time.
    func run() throws(SQLiteFault) {
        while try step() {}
        reset()
    }

    /// Ends the reading of rows, and with it the read transaction.
    func reset() { sqlite3_reset(handle) }

    /// Returns a number of the current row.
    func number(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    /// True where the current row has no value.
    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    /// Returns the bytes of the current row.
    func bytes(_ column: Int32) -> [UInt8] {
        let start = sqlite3_column_blob(handle, column)
        let buffer = UnsafeRawBufferPointer(start: start, count: byteCount(column))
        return [UInt8](buffer)
    }

    /// Returns the number of bytes in a column of the current row.
    func byteCount(_ column: Int32) -> Int { Int(sqlite3_column_bytes(handle, column)) }

    /// Returns a text of the current row.
    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

    /// The sign by which SQLite copies what is bound.
    private static var copied: sqlite3_destructor_type {
        unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }
}
