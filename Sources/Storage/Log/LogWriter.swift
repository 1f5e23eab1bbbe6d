/// The writing side of the log: one connection, and what is known of the last commit.
///
/// A commit that fails leaves its frames in the write-ahead log, perhaps whole, perhaps on the disk: whoever
/// recovers the log may find them. SQLite's index does not name them, so a checkpoint of all that it names
/// followed by emptying the log makes sure that they are gone. Where even that fails, all connections are
/// closed, the log is recovered from what lies in the files, and what is found counts once a checkpoint has
/// passed it to the disk. A sync that is repeated proves nothing: the system may have dropped the pages that
/// it could not write, and tells of it once.
struct LogWriter: Sendable {
    private let file: DatabaseFile
    private var connection: SQLiteConnection?
    /// The number of the last record that is certainly stored; 0 for none.
    private(set) var last: Int64 = 0
    private var pending: Group?
    private(set) var isClosed = false
    /// The fate of the last group.
    private(set) var outcome = CommitOutcome.committed
    private var copy = RunningCopy()

    /// A group whose commit failed.
    private struct Group: Sendable {
        /// The number of the last record before it.
        let previous: Int64
        let records: [LogRecord]
        let settings: [LogSetting]
        let fault: SQLiteFault
        /// The same for the caller, with the space that was free at that time.
        let reason: StorageError

        /// True where the group cannot be whole, wherever parts of it are.
        ///
        /// Settings by themselves may be as they were before, so that their presence proves nothing.
        var isCertainlyBroken: Bool { fault.isFailedWrite && (!records.isEmpty || settings.isEmpty) }
    }

    init(file: DatabaseFile) throws(StorageError) {
        self.file = file
        try open(mustSettle: true)
    }

    private mutating func open(mustSettle: Bool) throws(StorageError) {
        let writer = try file.openWriter(mustSettle: mustSettle)
        do throws(SQLiteFault) {
            last = try Self.last(writer)
            connection = writer
        } catch {
            writer.close()
            throw file.error(error)
        }
    }

    private static func last(_ writer: SQLiteConnection) throws(SQLiteFault) -> Int64 {
        try writer.number("SELECT MAX(number) FROM records") ?? 0
    }

    private mutating func drop() {
        copy.abandon()
        connection?.close()
        connection = nil
    }

    /// Returns the connection, after the fate of an earlier group is known.
    mutating func ready() throws(StorageError) -> SQLiteConnection {
        guard !isClosed else { throw .closed }
        try file.folder.checkIdentity()
        if pending != nil, case .unknown(let error) = settle() { throw error }
        if let connection { return connection }
        try open(mustSettle: false)
        guard let connection else { throw .closed }
        return connection
    }

    /// Stores a group of records and settings in one transaction.
    mutating func append(_ records: [LogRecord], _ settings: [LogSetting]) -> CommitOutcome {
        do throws(StorageError) {
            let writer = try ready()
            try checkOrder(records)
            return try commit(records, settings, writer)
        } catch {
            // An earlier group's fate stays to be told by itself; this one was not begun.
            if pending == nil { outcome = .failed(error) }
            return .failed(error)
        }
    }

    private func checkOrder(_ records: [LogRecord]) throws(StorageError) {
        for (place, record) in records.enumerated() where record.number != last + Int64(place) + 1 {
            throw .outOfOrder(expected: last + Int64(place) + 1, found: record.number)
        }
    }

    private mutating func commit(
        _ records: [LogRecord], _ settings: [LogSetting], _ writer: SQLiteConnection
    ) throws(StorageError) -> CommitOutcome {
        let frames = writer.frames
        try insert(records, settings, writer)
        do throws(SQLiteFault) {
            try writer.statement("COMMIT").run()
        } catch {
            return fail(
                Group(
                    previous: last, records: records, settings: settings, fault: error,
                    reason: file.error(error)))
        }
        last += Int64(records.count)
        outcome = .committed
        file.didCommit(writer, framesBefore: frames)
        return outcome
    }

    /// Does all of a transaction but its commit; an error leaves nothing of it.
    private mutating func insert(
        _ records: [LogRecord], _ settings: [LogSetting], _ writer: SQLiteConnection
    ) throws(StorageError) {
        try change(writer) { () throws(SQLiteFault) in
            let insertion = try writer.statement("INSERT INTO records (number, body) VALUES (?1, ?2)")
            for record in records {
                insertion.bind(record.number, at: 1)
                insertion.bind(record.body, at: 2)
                try insertion.run()
            }
            for setting in settings {
                let replacement = try writer.statement("REPLACE INTO settings (key, value) VALUES (?1, ?2)")
                replacement.bind(setting.key, at: 1)
                replacement.bind(setting.value, at: 2)
                try replacement.run()
            }
        }
    }

    /// Begins a transaction and does its work; an error before the commit leaves no whole frame of it.
    private mutating func change<Value>(
        _ writer: SQLiteConnection, _ body: () throws(SQLiteFault) -> Value
    ) throws(StorageError) -> Value {
        do throws(SQLiteFault) {
            try writer.statement("BEGIN IMMEDIATE").run()
            return try body()
        } catch {
            writer.rollBack()
            if error.isOfFile { drop() }
            throw file.error(error)
        }
    }

    /// Does a transaction that changes no record's number; when it fails it may be done again as it was.
    mutating func transaction<Value>(
        _ body: (SQLiteConnection) throws(SQLiteFault) -> Value
    ) throws(StorageError) -> Value {
        let writer = try ready()
        let frames = writer.frames
        let value = try change(writer) { () throws(SQLiteFault) in try body(writer) }
        do throws(SQLiteFault) {
            try writer.statement("COMMIT").run()
        } catch {
            let reason = file.error(error)
            _ = fail(Group(previous: last, records: [], settings: [], fault: error, reason: reason))
            throw reason
        }
        file.didCommit(writer, framesBefore: frames)
        return value
    }

    /// Rolls back, and makes sure that the group is gone, or finds out whether it is there.
    private mutating func fail(_ group: Group) -> CommitOutcome {
        pending = group
        guard let writer = connection else { return settle() }
        writer.rollBack()
        do throws(StorageError) {
            guard !writer.isInTransaction else { throw group.reason }
            try file.settle(writer)
            drop()
            file.dropConnections()
            try open(mustSettle: true)
            return conclude(group)
        } catch {
            return settle()
        }
    }

    /// Looks anew at the file for the fate of the last group.
    mutating func settle() -> CommitOutcome {
        guard let group = pending else { return outcome }
        drop()
        file.dropConnections()
        do throws(StorageError) {
            try open(mustSettle: !group.isCertainlyBroken)
            if last != group.previous, let connection { try file.settle(connection) }
        } catch {
            return doubt(group, "\(error)")
        }
        return conclude(group)
    }

    private mutating func doubt(_ group: Group, _ reason: String) -> CommitOutcome {
        drop()
        last = group.previous
        outcome = .unknown(
            .unsettled(
                path: file.path, first: group.records.first?.number ?? 0,
                last: group.records.last?.number ?? 0, reason: reason))
        return outcome
    }

    /// Tells the fate of a group from what the file, opened anew, holds.
    private mutating func conclude(_ group: Group) -> CommitOutcome {
        let end = group.previous + Int64(group.records.count)
        do throws(SQLiteFault) {
            guard let connection else { return doubt(group, "the file is closed") }
            let isThere = try Self.holds(group, connection)
            guard last == end || last == group.previous else {
                return doubt(group, "the last record is \(last), neither \(group.previous) nor \(end)")
            }
            if last != group.previous, !isThere { return doubt(group, "records differ from the group's") }
            pending = nil
            outcome = isThere && last == end ? .committed : .failed(group.reason)
            return outcome
        } catch {
            return doubt(group, error.sentence)
        }
    }

    /// Compares a group with what is stored, byte by byte.
    private static func holds(_ group: Group, _ connection: SQLiteConnection) throws(SQLiteFault) -> Bool {
        let record = try connection.statement("SELECT body FROM records WHERE number = ?1")
        defer { record.reset() }
        for expected in group.records {
            record.reset()
            record.bind(expected.number, at: 1)
            guard try record.step(), record.bytes(0) == expected.body else { return false }
        }
        let setting = try connection.statement("SELECT value FROM settings WHERE key = ?1")
        defer { setting.reset() }
        for expected in group.settings {
            setting.reset()
            setting.bind(expected.key, at: 1)
            guard try setting.step(), setting.bytes(0) == expected.value else { return false }
        }
        return !group.records.isEmpty || !group.settings.isEmpty
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
        if pending == nil, let connection { try? file.settle(connection) }
        drop()
        isClosed = true
    }
}
