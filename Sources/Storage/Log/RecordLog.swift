import Synchronization

/// The log of a database: records by number, each group of them in one transaction that is on the disk before
/// it is answered.
///
///     let log = try RecordLog(folder: folder)
///     let outcome = log.append([LogRecord(number: log.lastNumber + 1, body: bytes)])
///     let body = try log.record(1)
///
/// Methods that write wait for each other; those that read use connections of their own. All block the thread
/// that calls them.
package final class RecordLog: Sendable {
    let file: DatabaseFile
    let writer: Mutex<LogWriter>
    private let certain: Atomic<Int64>

    /// The largest answer of ``records(from:limit:bytes:)``, so that no read takes long.
    package static let readLimit = (records: 10_000, bytes: 16 << 20)

    /// Opens the log of a folder, or makes one.
    ///
    /// - Parameters:
    ///   - logLimit: the bytes of the write-ahead log at which a commit makes a checkpoint itself.
    ///   - fileSystem: the name of a registered SQLite VFS; nil for the system's own.
    /// - Throws: ``StorageError`` when the file is none of Limpet's or of a newer release, or cannot be read.
    package init(
        folder: DatabaseFolder, logLimit: Int = 64 << 20, fileSystem: String? = nil
    ) throws(StorageError) {
        file = DatabaseFile(
            path: folder.logPath, folder: folder, format: LogSchema.format, logLimit: logLimit,
            fileSystem: fileSystem)
        let writer = try LogWriter(file: file)
        certain = Atomic(writer.last)
        self.writer = Mutex(writer)
        file.checkpointer.start()
    }

    deinit { close() }

    /// The number of the last record that is certainly stored; 0 for none.
    package var lastNumber: Int64 { certain.load(ordering: .acquiring) }

    /// Stores a group of records and settings in one transaction with one sync.
    ///
    /// - Parameter records: records whose numbers continue the log without gaps.
    /// - Returns: the group's fate; after `unknown` the next call looks again before it does anything else,
    ///   and ``settle()`` tells what it found.
    package func append(_ records: [LogRecord], settings: [LogSetting] = []) -> CommitOutcome {
        write { $0.append(records, settings) }
    }

    /// Returns the fate of the last group, after a new look at the file where it was unknown.
    package func settle() -> CommitOutcome { write { $0.settle() } }

    /// Does something with the writer, and tells readers how far they may read.
    func write<Value: Sendable, Failure: Error>(
        _ body: (inout LogWriter) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try writer.withLock { writer throws(Failure) in
            defer { certain.store(writer.last, ordering: .releasing) }
            return try body(&writer)
        }
    }

    /// Returns a record's bytes; nil when there is no such record.
    ///
    /// - Throws: ``StorageError`` when the file cannot be read.
    package func record(_ number: Int64) throws(StorageError) -> [UInt8]? {
        guard number <= lastNumber else { return nil }
        return try file.read { connection throws(SQLiteFault) in
            let statement = try connection.statement("SELECT body FROM records WHERE number = ?1")
            defer { statement.reset() }
            statement.bind(number, at: 1)
            return try statement.step() ? statement.bytes(0) : nil
        }
    }

    /// Returns the next records from a number on, in ascending order; empty at the end of the log.
    ///
    /// - Parameters:
    ///   - limit: the largest number of records.
    ///   - bytes: the bytes after which no further record is added.
    /// - Throws: ``StorageError`` when the file cannot be read.
    package func records(
        from number: Int64, limit: Int = 10_000, bytes: Int = 4 << 20
    ) throws(StorageError) -> [LogRecord] {
        let (count, size) = (min(limit, Self.readLimit.records), min(bytes, Self.readLimit.bytes))
        let last = lastNumber
        return try file.read { connection throws(SQLiteFault) in
            let statement = try connection.statement(
                "SELECT number, body FROM records WHERE number BETWEEN ?1 AND ?2 ORDER BY number LIMIT ?3")
            defer { statement.reset() }
            statement.bind(number, at: 1)
            statement.bind(last, at: 2)
            statement.bind(Int64(count), at: 3)
            var (found, total) = ([LogRecord](), 0)
            while total < size, try statement.step() {
                found.append(LogRecord(number: statement.number(0), body: statement.bytes(1)))
                total += statement.byteCount(1)
            }
            return found
        }
    }

    /// Returns the number of the oldest record; nil when there is none.
    ///
    /// - Throws: ``StorageError`` when the file cannot be read.
    package func firstNumber() throws(StorageError) -> Int64? {
        try file.read { connection throws(SQLiteFault) in
            try connection.number("SELECT MIN(number) FROM records")
        }
    }

    /// The bytes written so far: to the write-ahead log, and by checkpoints, whose count is an upper bound.
    package var bytesWritten: (log: Int, checkpoints: Int) {
        (file.logBytes.load(ordering: .relaxed), file.fileBytes.value.load(ordering: .relaxed))
    }

    /// Makes a checkpoint of what nobody has to wait for, as the thread of checkpoints does by itself.
    package func checkpoint() { file.checkpointer.checkpoint() }

    /// Closes the file; later calls fail.
    package func close() {
        file.close()
        write { $0.close() }
    }
}
