/// An error of reading or writing durable state.
public enum StorageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file cannot be opened as a database.
    case cannotOpen(path: String, reason: String)
    /// The file is a database of another program.
    case foreignDatabase(path: String)
    /// Another service has the database open.
    case inUse(path: String)
    /// The file was written by a newer release.
    case newerSchema(path: String)
    /// Reading or writing failed, e.g. because the disk is full; nothing of the request was stored.
    case failed(String)
    /// The store has been closed.
    case closed
    /// The path is a file, not the folder of a database.
    case notAFolder(path: String)
    /// The path is a database file of an earlier release.
    case earlierRelease(path: String)
    /// The folder holds other files and no database.
    case foreignFolder(path: String, file: String)
    /// The database file has several names, under which SQLite would keep several write-ahead logs.
    case linked(path: String, names: Int)
    /// A file of the open database is no longer at its path.
    case deleted(path: String)
    /// Another file has taken the place of one of the open database.
    case replaced(path: String)
    /// The file's pages contradict each other.
    case damaged(path: String, reason: String)
    /// The disk is full; nothing of the request was stored.
    case diskFull(path: String, freeBytes: Int64)
    /// The system failed to read or write; nothing of the request was stored.
    case inputOutput(path: String, code: Int32, reason: String)
    /// Another reader or writer holds the file too long.
    case busy(path: String)
    /// The outcome of an earlier commit is not known, because the file could not be read since.
    case unsettled(path: String, first: Int64, last: Int64, reason: String)
    /// The records do not continue the log.
    case outOfOrder(expected: Int64, found: Int64)
    /// An erased record would change its length.
    case lengthChanged(number: Int64, old: Int, new: Int)
    /// The states hold more than the log, as after the restore of an older log.
    case statesAhead(position: Int64, last: Int64)
    /// The folder for a copy holds files already.
    case notEmpty(path: String)

    /// A sentence that says what is wrong, for people.
    public var description: String {
        switch self {
        case .cannotOpen(let path, let reason): "\(path): cannot be opened as a database: \(reason)"
        case .foreignDatabase(let path): "\(path): is a database, but none of Limpet's"
        case .inUse(let path): "\(path): another service uses it; stop that one, or name another folder"
        case .newerSchema(let path):
            "\(path): was written by a newer release of Limpet; use that release, or another folder"
        case .failed(let reason): "the database failed: \(reason)"
        case .closed: "the database has been closed"
        case .notAFolder, .earlierRelease, .foreignFolder, .linked, .deleted, .replaced, .notEmpty:
            folderDescription
        case .damaged, .diskFull, .inputOutput, .busy, .unsettled, .outOfOrder, .lengthChanged, .statesAhead:
            fileDescription
        }
    }

    private var folderDescription: String {
        switch self {
        case .notAFolder(let path):
            """
            \(path): is a file, but a database is a folder; name a folder, or a path where there is none yet
            """
        case .earlierRelease(let path):
            """
            \(path): was made by an earlier release, which kept its database in one file; name a new folder, \
            and take the events in again with --events
            """
        case .foreignFolder(let path, let file):
            """
            \(path): holds \(file) and no database of Limpet; name an empty folder, or a path where there is \
            none yet
            """
        case .linked(let path, let names):
            """
            \(path): has \(names) names (hard links), and each would get a write-ahead log of its own; \
            remove the others, or copy the file
            """
        case .deleted(let path): "\(path): is gone; stop the service, then restore the folder from a backup"
        case .replaced(let path):
            """
            \(path): is another file than the one that was opened; stop the service, put the right file \
            back, and start it again
            """
        case .notEmpty(let path):
            "\(path): is not empty; name an empty folder for the copy, or a path where there is none yet"
        default: ""
        }
    }

    private var fileDescription: String {
        switch self {
        case .damaged(let path, let reason):
            """
            \(path): is damaged: \(reason); restore the folder from a backup; of the two files, \
            states.sqlite may be removed, and is built again from the log
            """
        case .diskFull(let path, let freeBytes):
            "\(path): the disk is full (\(freeBytes) bytes are free); make space, then try again"
        case .inputOutput(let path, let code, let reason):
            """
            \(path): reading or writing failed with SQLite's code \(code): \(reason); look at the disk, then \
            try again
            """
        case .busy(let path): "\(path): another program holds it; end that one, then try again"
        case .unsettled(let path, let first, let last, let reason):
            """
            \(path): it is not known yet whether \(first == 0 ? "a change" : "records \(first) to \(last)") \
            got stored: \(reason); look at the disk, the next request looks at the file again
            """
        case .outOfOrder(let expected, let found):
            """
            record \(found) was to be stored, but the log continues with \(expected); read its last number \
            anew
            """
        case .lengthChanged(let number, let old, let new):
            """
            record \(number) has \(old) bytes, and \(new) were to take their place; an erased record keeps \
            its length
            """
        case .statesAhead(let position, let last):
            """
            the states hold all up to record \(position), but the log ends with \(last), as after the \
            restore of an older log; remove states.sqlite, and the states are built again from the log
            """
        default: ""
        }
    }
}
