/// The tables of the states.
enum StateSchema {
    /// The application id in SQLite's header: `LmpS` in ASCII.
    static let application: Int64 = 0x4c6d_7053

    static let format = format(pageSize: 4096)

    static func format(pageSize: Int) -> DatabaseFormat {
        DatabaseFormat(
            application: application, version: 1, pageSize: pageSize, synchronous: "NORMAL", tables: tables,
            readers: 4)
    }

    private static let tables = """
        CREATE TABLE states (user INTEGER PRIMARY KEY, body BLOB NOT NULL);
        CREATE TABLE ids (hash INTEGER NOT NULL, user INTEGER NOT NULL, PRIMARY KEY (hash, user)) WITHOUT ROWID;
        CREATE TABLE wakeups (user INTEGER PRIMARY KEY, at INTEGER NOT NULL);
        CREATE TABLE position (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL);
        INSERT INTO position (one, number) VALUES (1, 0)
        """
}
