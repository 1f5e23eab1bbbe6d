/// How a database file is laid out, and how far its commits are passed to the disk.
struct DatabaseFormat: Sendable {
    /// The application id in SQLite's header.
    let application: Int64
    /// The version of the tables, SQLite's `user_version`.
    let version: Int64
    /// The bytes of a page.
    let pageSize: Int
    /// The level of SQLite's `synchronous`.
    let synchronous: String
    /// The statements that make the tables.
    let tables: String
    /// The number of connections that read at the same time.
    let readers: Int
}
