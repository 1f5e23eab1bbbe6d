import LimpetDocuments
import GRDB
import LimpetDecisions
import LimpetEvents

/// A SQLite database file with its schema and statements.
///
/// The journal is a write-ahead log with `synchronous = FULL`: a committed transaction has been passed to the
/// disk by fsync, so it survives the end of the process and the loss of power.
struct EventDatabase: Sendable {
    let queue: DatabaseQueue

    init(path: String) throws(StorageError) {
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(5)
        configuration.label = "limpet"
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
        } catch {
            throw .cannotOpen(path: path, reason: error.sentence)
        }
        try prepare(path: path)
    }

    private func prepare(path: String) throws(StorageError) {
        let migrator = StorageSchema.migrator
        let problem: StorageError?
        do {
            problem = try queue.read { database in
                let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
                let tables = try Int.fetchOne(database, sql: Self.tableCount) ?? 0
                if application != StorageSchema.applicationID, application != 0 || tables > 0 {
                    return .foreignDatabase(path: path)
                }
                return try migrator.hasBeenSuperseded(database) ? .newerSchema(path: path) : nil
            }
            if problem == nil {
                try queue.writeWithoutTransaction { database in
                    // Opening in WAL mode sets NORMAL, which may lose the last commits when power is lost.
                    try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON")
                }
                try migrator.migrate(queue)
            }
        } catch {
            throw .cannotOpen(path: path, reason: error.sentence)
        }
        if let problem { throw problem }
    }

    /// The query that counts the file's own tables; opening in WAL mode adds none.
    private static let tableCount = """
        SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
        """

    /// Adds an event unless its message id is already stored.
    static func insert(_ event: Event, receivedAt: Timestamp, into database: Database) throws -> Admission {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO events
                    (user, message_id, time_ms, name, properties, zone_offset_minutes, received_ms)
                VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """)
        try statement.execute(arguments: [
            event.user, event.messageID, event.time.milliseconds, event.name, event.propertiesText,
            event.zoneOffsetMinutes, receivedAt.milliseconds,
        ])
        return database.changesCount == 0 ? .duplicate : .accepted(seq: database.lastInsertedRowID)
    }

    /// Rewrites the file's first page unchanged.
    static func rewriteHeader(_ database: Database) throws {
        try database.execute(sql: "PRAGMA application_id = \(StorageSchema.applicationID)")
    }

    /// Adds a receipt.
    static func insert(_ receipt: Receipt, afterSeq: Int64, into database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO receipts
                    (id, user, user_sequence, now_ms, time_ms, outcome, offer, show_day, after_event_seq,
                     document)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            receipt.id, receipt.user, receipt.sequence, receipt.now.milliseconds, receipt.time.milliseconds,
            receipt.outcome.name, receipt.outcome.offer, receipt.exposure?.day, afterSeq,
            receipt.document.compact,
        ])
    }
}

extension Error {
    /// The error in one line, for people.
    var sentence: String {
        (self as? DatabaseError).map { "\($0.message ?? "SQLite error") (\($0.resultCode.rawValue))" }
            ?? "\(self)"
    }
}
