import Glibc
import GRDBSQLite
import LimpetDocuments

/// The names of a database folder's files, and what a path must hold to be one.
enum FolderContents {
    static let log = "log.sqlite"
    static let states = "states.sqlite"
    static let reserve = "reserve"

    /// The application id of the file of earlier releases: `Lmpt` in ASCII.
    private static let earlierApplication: Int64 = 0x4c6d_7074

    /// Makes a folder if there is none, and checks that what is there is a database or empty.
    ///
    /// - Throws: ``StorageError`` when the path is something else.
    static func prepare(_ path: String) throws(StorageError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw failure(path) }
            guard mkdir(path, 0o700) == 0 else { throw failure(path) }
            try synchronise(path + "/..")
            return
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw refusal(ofFile: path) }
        guard let names = names(in: path) else { throw failure(path) }
        guard !names.contains(where: { $0.utf8.elementsEqual(log.utf8) }) else { return }
        if names.contains(where: { $0.begins(with: log) || $0.begins(with: states) }) {
            throw .deleted(path: path + "/" + log)
        }
        let others = names.filter { !$0.begins(with: ".") && !isTolerated($0) }
        if let other = others.first { throw .foreignFolder(path: path, file: other) }
    }

    /// True for names that a new folder may hold: a file system's own, and what a first start left behind.
    private static func isTolerated(_ name: String) -> Bool {
        name.utf8.elementsEqual("lost+found".utf8) || name.utf8.elementsEqual(reserve.utf8)
    }

    /// Returns the reason why a file is no database folder.
    private static func refusal(ofFile path: String) -> StorageError {
        do throws(SQLiteFault) {
            let connection = try SQLiteConnection(path: path, .read)
            defer { connection.close() }
            let application = try connection.number("PRAGMA application_id")
            let tables = try connection.number(
                "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name IN ('events', 'receipts')")
            return application == earlierApplication && tables == 2
                ? .earlierRelease(path: path) : .notAFolder(path: path)
        } catch {
            return .notAFolder(path: path)
        }
    }

    /// Returns the names in a folder in ascending order; nil when it cannot be read.
    static func names(in path: String) -> [String]? {
        guard let folder = opendir(path) else { return nil }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.utf8.elementsEqual(".".utf8), !name.utf8.elementsEqual("..".utf8) { names.append(name) }
        }
        return names.sorted()
    }

    /// Passes a file, or the names in a folder, to the disk.
    ///
    /// Never called for a database file itself, whose locks would end with the descriptor.
    static func synchronise(_ path: String) throws(StorageError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure(path) }
        defer { close(file) }
        guard fsync(file) == 0 else { throw failure(path) }
    }

    private static func failure(_ path: String) -> StorageError {
        .cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
}
