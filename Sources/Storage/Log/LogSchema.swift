/// The tables of the log.
enum LogSchema {
    /// The application id in SQLite's header: `LmpL` in ASCII.
    static let application: Int64 = 0x4c6d_704c

    static let format = DatabaseFormat(
        application: application, version: 1, pageSize: 4096, synchronous: "FULL", tables: tables, readers: 2)

    /// Records lie in the order of their numbers, which are the rows' own keys: there is no index to keep.
    private static let tables = """
        CREATE TABLE records (number INTEGER PRIMARY KEY, body BLOB NOT NULL);
        CREATE TABLE artefacts (hash TEXT PRIMARY KEY NOT NULL, kind TEXT NOT NULL, body BLOB NOT NULL);
        CREATE TABLE settings (key TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL)
        """
}
