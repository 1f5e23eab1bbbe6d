/// The tables of the states.
enum StateSchema {
    /// The application id in SQLite's header: `LmpS` in ASCII.
    static let application: Int64 = 0x4c6d_7053

    /// Pages of 4096 bytes: with bodies of 1 to 6 KB, random updates write 2.9 times the bodies' bytes to the
    /// write-ahead log, against 4.9 times with pages of 8192 bytes and 8.2 times with 16384; a read takes as
    /// long with each of them.
    static let format = format(pageSize: 4096)

    static func format(pageSize: Int) -> DatabaseFormat {
        DatabaseFormat(
            application: application, version: 1, pageSize: pageSize, synchronous: "NORMAL", tables: tables,
            readers: 4)
    }

    private static let tables = """
        CREATE TABLE states (user INTEGER PRIMARY KEY, body BLOB NOT NULL);
        CREATE TABLE ids (hash INTEGER NOT NULL, user INTEGER NOT NULL, PRIMARY KEY (hash, user))
        WITHOUT ROWID;
        CREATE TABLE wakeups (user INTEGER PRIMARY KEY, at INTEGER NOT NULL);
        CREATE TABLE position (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL);
        INSERT INTO position (one, number) VALUES (1, 0)
        """
}
