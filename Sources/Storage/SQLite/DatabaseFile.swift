import Dispatch
import Synchronization

/// One SQLite file of a folder: how it is opened and checked, its readers and its checkpoints.
///
/// Content is written through one connection, which the owner of the file holds. Automatic checkpoints are
/// off; those of ``checkpointer`` make nobody wait, and the writer makes one itself when the write-ahead log
/// has grown to ``logLimit``.
final class DatabaseFile: Sendable {
    /// The frames of a write-ahead log after which a checkpoint in the background is asked for: 4 MB.
    static let ringBytes = 4 << 20
    /// The bytes of a write-ahead log at which the writer makes a checkpoint itself.
    static let defaultLogLimit = 64 << 20

    let path: String
    let folder: DatabaseFolder
    let format: DatabaseFormat
    let readers: ReaderSlots
    let checkpointer: Checkpointer
    /// The frames of the write-ahead log at which the writer makes a checkpoint itself.
    let frameLimit: Int
    /// The same, raised for a while after such a checkpoint failed.
    private let nextLimit: Atomic<Int>
    /// The bytes written to the write-ahead log and to the database file so far.
    let logBytes = Atomic<Int>(0)
    let fileBytes: Counter
    private let fileSystem: String?

    /// A number that several threads add to.
    final class Counter: Sendable {
        let value = Atomic<Int>(0)
    }

    init(
        path: String, folder: DatabaseFolder, format: DatabaseFormat, logLimit: Int, fileSystem: String?
    ) {
        (self.path, self.folder, self.format, self.fileSystem) = (path, folder, format, fileSystem)
        let (pageSize, counter) = (format.pageSize, Counter())
        frameLimit = max(1, logLimit / pageSize)
        nextLimit = Atomic(frameLimit)
        fileBytes = counter
        readers = ReaderSlots(count: format.readers)
        checkpointer = Checkpointer(
            interval: .seconds(2),
            open: { () throws(StorageError) in
                try Self.connect(path: path, format: format, fileSystem: fileSystem, folder: folder)
            },
            failure: { Self.error($0, path: path, folder: folder) },
            report: { result in
                // What fails here is tried again, and seen by the writer at the latest at the log's limit.
                if case .success(let pages) = result {
                    counter.value.wrappingAdd(pages * pageSize, ordering: .relaxed)
                }
            })
    }

    /// The bytes of a page in the write-ahead log, with the header of its frame.
    var frameSize: Int { format.pageSize + 24 }

    /// Opens the writing connection: checks whose file it is, makes the tables, and passes to the disk all
    /// that the file and its write-ahead log show.
    ///
    /// What the log shows may come from a commit whose sync failed or never ended; nothing of it may be
    /// answered before it is passed to the disk.
    ///
    /// - Parameter mustSettle: false where it is enough that earlier commits were passed to the disk.
    func openWriter(mustSettle: Bool = true) throws(StorageError) -> SQLiteConnection {
        do {
            // Without this, SQLite would make a new file where the old one was removed.
            try folder.checkIdentity()
            let writer = try SQLiteConnection(path: path, .make, fileSystem: fileSystem)
            if let problem = try problem(of: writer) {
                writer.close()
                throw problem
            }
            writer.keepLogFile()
            try writer.run(
                "PRAGMA page_size = \(format.pageSize); PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON")
            try Self.configure(writer, format: format)
            if try writer.number("PRAGMA user_version") == 0 { try makeTables(writer) }
            try folder.remember(path + "-wal")
            do throws(StorageError) {
                try settleWithReserve(writer)
            } catch {
                if mustSettle {
                    writer.close()
                    throw error
                }
            }
            return writer
        } catch let error as StorageError {
            throw error
        } catch let fault as SQLiteFault {
            throw error(fault)
        } catch {
            throw .cannotOpen(path: path, reason: "\(error)")
        }
    }

    /// Returns the reason why a file is not for this release, before anything in it is changed.
    private func problem(of connection: SQLiteConnection) throws(SQLiteFault) -> StorageError? {
        let application = try connection.number("PRAGMA application_id") ?? 0
        let version = try connection.number("PRAGMA user_version") ?? 0
        let tables = try connection.number("SELECT COUNT(*) FROM sqlite_master") ?? 0
        if application != format.application {
            return application != 0 || tables > 0 ? .foreignDatabase(path: path) : nil
        }
        return version > format.version ? .newerSchema(path: path) : nil
    }

    private func makeTables(_ writer: SQLiteConnection) throws(SQLiteFault) {
        try writer.run(
            """
            BEGIN IMMEDIATE; \(format.tables); PRAGMA application_id = \(format.application);
            PRAGMA user_version = \(format.version); COMMIT
            """)
    }

    private static func configure(
        _ connection: SQLiteConnection, format: DatabaseFormat
    ) throws(SQLiteFault) {
        try connection.run(
            """
            PRAGMA synchronous = \(format.synchronous); PRAGMA fullfsync = ON;
            PRAGMA checkpoint_fullfsync = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000;
            PRAGMA trusted_schema = OFF
            """)
    }

    private static func connect(
        path: String, format: DatabaseFormat, fileSystem: String?, folder: DatabaseFolder
    ) throws(StorageError) -> SQLiteConnection {
        do throws(SQLiteFault) {
            let connection = try SQLiteConnection(path: path, .write, fileSystem: fileSystem)
            connection.keepLogFile()
            try configure(connection, format: format)
            return connection
        } catch {
            throw Self.error(error, path: path, folder: folder)
        }
    }

    /// Reads with a connection that nobody else uses meanwhile.
    func read<Value: Sendable>(
        _ body: (SQLiteConnection) throws(SQLiteFault) -> Value
    ) throws(StorageError) -> Value {
        try readers.read {
            () throws(StorageError) in
            try Self.connect(path: path, format: format, fileSystem: fileSystem, folder: folder)
        } _: { connection throws(StorageError) in
            do throws(SQLiteFault) { return try body(connection) } catch { throw self.error(error) }
        }
    }

    /// Copies the whole write-ahead log into the file and empties it, so that nothing older than the last
    /// commit is left in either, and passes both to the disk.
    func settle(_ writer: SQLiteConnection) throws(StorageError) {
        try checkpoint(writer, .truncate)
        try FolderContents.synchronise(path + "-wal")
        try FolderContents.synchronise(folder.path)
    }

    /// Settles, with the space of the reserve where the disk is full.
    private func settleWithReserve(_ writer: SQLiteConnection) throws(StorageError) {
        let hadReserve = !folder.isReserveFreed
        do throws(StorageError) {
            try settle(writer)
        } catch {
            guard hadReserve, folder.isReserveFreed else { throw error }
            try settle(writer)
        }
    }

    /// Makes a checkpoint by the writer, after one in the background has ended.
    func checkpoint(
        _ writer: SQLiteConnection, _ kind: SQLiteConnection.Checkpoint
    ) throws(StorageError) {
        let frames = writer.frames
        try checkpointer.pausing { () throws(StorageError) in
            do throws(SQLiteFault) { _ = try writer.checkpoint(kind) } catch { throw self.error(error) }
            let copied = max(0, frames - checkpointer.noteCopied(upTo: kind == .restart ? frames : 0))
            fileBytes.value.wrappingAdd(copied * format.pageSize, ordering: .relaxed)
        }
    }

    /// Counts what a commit wrote, and sees to checkpoints.
    ///
    /// A checkpoint that fails here leaves the commit as it is, and is tried again after the next one.
    func didCommit(_ writer: SQLiteConnection, framesBefore: Int) {
        logBytes.wrappingAdd(writer.takeWrittenPages() * frameSize, ordering: .relaxed)
        // The log has begun anew.
        if writer.frames < framesBefore { _ = checkpointer.noteCopied(upTo: 0) }
        let ring = max(1, Self.ringBytes / format.pageSize)
        if writer.frames >= nextLimit.load(ordering: .relaxed) {
            let isDone = (try? checkpoint(writer, .restart)) != nil
            // A reader that does not end holds commits up once in a while, not each.
            let next = isDone ? frameLimit : writer.frames + max(1, frameLimit / 4)
            nextLimit.store(next, ordering: .relaxed)
        } else if writer.frames / ring != framesBefore / ring {
            checkpointer.ring()
        }
    }

    /// Closes all connections but the writer's; they are opened anew when they are needed.
    func dropConnections() {
        checkpointer.drop()
        readers.drop()
    }

    /// Ends readers and checkpoints for good.
    func close() {
        checkpointer.stop()
        readers.close()
    }

    /// Returns what a fault means for the caller, and gives up the reserve where the disk is full.
    func error(_ fault: SQLiteFault) -> StorageError {
        Self.error(fault, path: path, folder: folder)
    }

    private static func error(_ fault: SQLiteFault, path: String, folder: DatabaseFolder) -> StorageError {
        if fault.isDiskFull {
            let free = folder.freeBytes()
            folder.freeReserve()
            return .diskFull(path: path, freeBytes: free)
        }
        if fault.isDamage { return .damaged(path: path, reason: fault.sentence) }
        if fault.isBusy { return .busy(path: path) }
        return .inputOutput(path: path, code: fault.code, reason: fault.sentence)
    }
}
