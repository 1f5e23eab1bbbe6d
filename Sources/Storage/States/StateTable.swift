import Synchronization

/// The states of users as they were after some record of the log, with what is needed to find users again.
///
///     let states = try StateTable(folder: folder)
///     try states.check(against: log.lastNumber)
///     var slice = StateSlice()
///     slice.states = [.init(user: 1, body: bytes)]
///     slice.position = log.lastNumber
///     try states.write(slice)
///
/// A commit is not passed to the disk by itself, and may be lost with those after it: the position is inside
/// the same transaction, so that the log tells the rest. Only states of records that are stored in the log
/// may be written. The file can be thrown away, and built again from the log.
package final class StateTable: Sendable {
    let file: DatabaseFile
    private let writer: Mutex<StateWriter>

    /// Opens the states of a folder, or makes them.
    ///
    /// - Parameters:
    ///   - logLimit: the bytes of the write-ahead log at which a slice makes a checkpoint itself.
    ///   - pageSize: the bytes of a page of a new file.
    ///   - fileSystem: the name of a registered SQLite VFS; nil for the system's own.
    /// - Throws: ``StorageError`` when the file is none of Limpet's or of a newer release, or cannot be read.
    package init(
        folder: DatabaseFolder, logLimit: Int = 64 << 20, pageSize: Int? = nil, fileSystem: String? = nil
    ) throws(StorageError) {
        file = DatabaseFile(
            path: folder.statesPath, folder: folder,
            format: pageSize.map { StateSchema.format(pageSize: $0) } ?? StateSchema.format,
            logLimit: logLimit, fileSystem: fileSystem)
        writer = Mutex(try StateWriter(file: file))
        file.checkpointer.start()
    }

    deinit { close() }

    /// Writes a slice in one transaction.
    ///
    /// - Throws: ``StorageError``; the slice may then be written again.
    package func write(_ slice: StateSlice) throws(StorageError) {
        try writer.withLock { writer throws(StorageError) in
            try writer.transaction { connection throws(SQLiteFault) in try slice.write(to: connection) }
        }
    }

    /// Returns the number of the record up to which all of the log is inside; 0 for none.
    ///
    /// - Throws: ``StorageError`` when the file cannot be read.
    package func position() throws(StorageError) -> Int64 {
        try file.read { connection throws(SQLiteFault) in
            try connection.number("SELECT number FROM position") ?? 0
        }
    }

    /// Checks that the log holds all that the states tell of.
    ///
    /// - Throws: ``StorageError/statesAhead(position:last:)``, as after the restore of an older log.
    package func check(against lastNumber: Int64) throws(StorageError) {
        let position = try position()
        guard position <= lastNumber else { throw .statesAhead(position: position, last: lastNumber) }
    }

    /// Returns a user's state; nil when there is none.
    ///
    /// - Throws: ``StorageError`` when the file cannot be read.
    package func state(_ user: Int64) throws(StorageError) -> [UInt8]? {
        try file.read { connection throws(SQLiteFault) in
            let statement = try connection.statement("SELECT body FROM states WHERE user = ?1")
            defer { statement.reset() }
            statement.bind(user, at: 1)
            return try statement.step() ? statement.bytes(0) : nil
        }
    }

    /// Removes everything, to be built again from the log.
    ///
    /// - Throws: ``StorageError`` when a file cannot be removed or made.
    package func removeAll() throws(StorageError) {
        try writer.withLock { writer throws(StorageError) in try writer.startAnew() }
    }

    /// Empties the write-ahead log into the file, so that bytes which were overwritten or removed are in
    /// neither.
    ///
    /// - Throws: ``StorageError`` when a reader or the disk left some of it undone.
    package func secure() throws(StorageError) {
        try writer.withLock { writer throws(StorageError) in try writer.settle() }
    }

    /// The bytes written so far: to the write-ahead log, and by checkpoints, whose count is an upper bound.
    package var bytesWritten: (log: Int, checkpoints: Int) {
        (file.logBytes.load(ordering: .relaxed), file.fileBytes.value.load(ordering: .relaxed))
    }

    /// Copies the file in steps between which others write.
    func copy(to path: String) throws(StorageError) {
        try writer.withLock { writer throws(StorageError) in try writer.beginCopy(to: path) }
        var isDone = false
        while !isDone {
            PageCopy.pause()
            isDone = try writer.withLock { writer throws(StorageError) in try writer.continueCopy() }
        }
    }

    /// Closes the file; later calls fail.
    package func close() {
        file.close()
        writer.withLock { $0.close() }
    }
}
