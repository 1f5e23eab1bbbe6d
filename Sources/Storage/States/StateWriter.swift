import Glibc

/// The writing side of the states: one connection, opened anew after a fault.
struct StateWriter: Sendable {
    private let file: DatabaseFile
    private var connection: SQLiteConnection?
    private var copy = RunningCopy()
    private var isClosed = false

    init(file: DatabaseFile) throws(StorageError) {
        self.file = file
        connection = try Self.open(file)
    }

    private static func open(_ file: DatabaseFile) throws(StorageError) -> SQLiteConnection {
        let writer = try file.openWriter()
        try file.folder.remember(file.path)
        return writer
    }

    private mutating func ready() throws(StorageError) -> SQLiteConnection {
        guard !isClosed else { throw .closed }
        try file.folder.checkIdentity()
        if let connection { return connection }
        let opened = try Self.open(file)
        connection = opened
        return opened
    }

    private mutating func drop() {
        copy.abandon()
        connection?.close()
        connection = nil
    }

    /// Does a transaction; one that failed may be done again as it was.
    ///
    /// After a fault all connections are closed: the next call recovers the file as it is on the disk.
    mutating func transaction(
        _ body: (SQLiteConnection) throws(SQLiteFault) -> Void
    ) throws(StorageError) {
        let writer = try ready()
        let frames = writer.frames
        do throws(SQLiteFault) {
            try writer.statement("BEGIN IMMEDIATE").run()
            try body(writer)
            try writer.statement("COMMIT").run()
        } catch {
            writer.rollBack()
            if error.isOfFile {
                drop()
                file.dropConnections()
            }
            throw file.error(error)
        }
        file.didCommit(writer, framesBefore: frames)
    }

    /// Empties the write-ahead log into the file.
    mutating func settle() throws(StorageError) { try file.settle(ready()) }

    /// Removes the file, and makes an empty one.
    mutating func startAnew() throws(StorageError) {
        guard !isClosed else { throw .closed }
        drop()
        file.dropConnections()
        for suffix in ["", "-wal", "-shm"] {
            file.folder.forget(file.path + suffix)
            guard unlink(file.path + suffix) == 0 || errno == ENOENT else {
                throw .cannotOpen(path: file.path + suffix, reason: String(cString: strerror(errno)))
            }
        }
        connection = try Self.open(file)
        // Readers that came in between may have the file that was removed.
        file.dropConnections()
    }

    /// Begins a copy of the file, which ends when the connection does.
    mutating func beginCopy(to path: String) throws(StorageError) {
        let writer = try ready()
        try copy.begin(of: file, through: writer, to: path)
    }

    /// Copies some pages; true when the copy is complete.
    mutating func continueCopy() throws(StorageError) -> Bool {
        _ = try ready()
        return try copy.advance(of: file)
    }

    /// Closes the file, whose write-ahead log is emptied before.
    mutating func close() {
        guard !isClosed else { return }
        if let connection { try? file.settle(connection) }
        drop()
        isClosed = true
    }
}
