/// An error of reading or writing durable state.
public enum StorageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file cannot be opened as a database.
    case cannotOpen(path: String, reason: String)
    /// The file is a database of another program.
    case foreignDatabase(path: String)
    /// Another service has the file open.
    case inUse(path: String)
    /// The file was written by a newer release.
    case newerSchema(path: String)
    /// A text contains the character U+0000, which SQLite's texts cannot.
    case nullCharacter(field: String)
    /// A stored row is not what this release writes.
    case corrupted(table: String, seq: Int64, problem: String)
    /// Reading or writing failed, e.g. because the disk is full; nothing of the request was stored.
    case failed(String)
    /// The maximum number of requests already waits for the disk.
    case overloaded(waiting: Int)
    /// The store has been closed.
    case closed

    /// A sentence that says what is wrong, for people.
    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason): "\(path): cannot be opened as a database: \(reason)"
        case .foreignDatabase(let path): "\(path): is a database, but none of Limpet's"
        case .inUse(let path): "\(path): another service uses it; stop that one, or name another file"
        case .newerSchema(let path):
            "\(path): was written by a newer release of Limpet; use that release, or another file"
        case .nullCharacter(let field): "\(field) holds the character U+0000, which cannot be stored"
        case .corrupted(let table, let seq, let problem): "row \(seq) of \(table): \(problem)"
        case .failed(let reason): "the database failed: \(reason)"
        case .overloaded(let waiting): "\(waiting) requests already wait for the disk"
        case .closed: "the database has been closed"
        }
    }
}
