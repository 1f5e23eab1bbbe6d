import GRDB
public import LimpetDecisions
public import LimpetEvents

/// The durable state of the service in one SQLite file: events in the order of their arrival, and receipts.
///
///     let store = try EventStore(path: "limpet.sqlite")
///     let admissions = try await store.append([event], receivedAt: now)
///     let stored = try await store.events(after: 0, limit: 1_000)
///
/// Requests that wait at the same time share one transaction, and so one fsync (group commit): each returns
/// only after the commit that contains it.
public actor EventStore {
    /// A function that is called with new events after their commit and before the requests that brought them
    /// return, in ascending order of ``StoredEvent/seq``.
    public typealias Observer = @Sendable ([StoredEvent]) async -> Void

    private let database: EventDatabase
    private let lock: FileLock
    private let waitingLimit: Int
    private var observer: Observer?
    private var waiting: [Request] = []
    private var isWriting = false
    private var isClosed = false
    private var lastWriteFailed = false
    private var closers: [CheckedContinuation<Void, Never>] = []
    /// The number of transactions so far, including failed ones.
    package private(set) var commitCount = 0

    /// The default of the maximum number of requests that wait for the disk.
    public static let defaultWaitingLimit = 10_000

    /// Opens a file, which is created if it does not exist, and brings its tables up to date.
    ///
    /// - Parameter waitingLimit: the maximum number of requests that wait for the disk before more are
    ///   refused.
    /// - Throws: ``StorageError`` when the file cannot be opened, is in use by another service, or belongs to
    ///   another program or a newer release.
    public init(path: String, waitingLimit: Int = EventStore.defaultWaitingLimit) throws(StorageError) {
        // The lock has a file of its own: closing any other handle of the database would drop SQLite's locks.
        guard let lock = try FileLock(besides: path) else { throw .inUse(path: path) }
        self.lock = lock
        database = try EventDatabase(path: path)
        self.waitingLimit = waitingLimit
    }

    /// Sets the observer that is called with new events; there is at most one.
    public func observe(_ observer: @escaping Observer) { self.observer = observer }

    /// Adds events, all or none, and returns after they are on disk: for each whether it was new.
    ///
    /// - Throws: ``StorageError`` when nothing was added.
    public func append(_ events: [Event], receivedAt: Timestamp) async throws(StorageError) -> [Admission] {
        for event in events {
            if let field = event.fieldWithNull { throw .nullCharacter(field: field) }
        }
        let content = Request.Content.events(events, receivedAt: receivedAt)
        return try await submit(content).get()
    }

    /// Adds a receipt, and returns after it is on disk.
    ///
    /// - Parameter seq: the last event that had been applied before the decision.
    /// - Throws: ``StorageError`` when it was not added.
    public func append(_ receipt: Receipt, afterEvent seq: Int64) async throws(StorageError) {
        guard !receipt.user.utf8.contains(0) else { throw .nullCharacter(field: "user") }
        _ = try await submit(.receipt(receipt, afterSeq: seq)).get()
    }

    /// Attempts a write if the last one failed, so that a disk that works again is noticed.
    ///
    /// - Throws: ``StorageError`` when nothing can be written.
    public func checkWritable() async throws(StorageError) {
        guard !isClosed else { throw .closed }
        if lastWriteFailed { _ = try await submit(.probe).get() }
    }

    private func submit(_ content: Request.Content) async -> Request.Answer {
        guard !isClosed else { return .failure(.closed) }
        guard waiting.count < waitingLimit else { return .failure(.overloaded(waiting: waiting.count)) }
        return await withCheckedContinuation { continuation in
            waiting.append(Request(content: content, continuation: continuation))
            guard !isWriting else { return }
            isWriting = true
            Task { await self.write() }
        }
    }

    /// Writes all waiting requests, including those that arrive meanwhile, until none waits.
    private func write() async {
        while !waiting.isEmpty {
            let group = waiting
            waiting = []
            let answers = await database.commit(group.map(\.content))
            commitCount += 1
            lastWriteFailed = answers.contains { if case .failure = $0 { true } else { false } }
            let stored = zip(group, answers).flatMap { $0.content.stored($1) }
            if !stored.isEmpty { await observer?(stored) }
            for (request, answer) in zip(group, answers) { request.continuation.resume(returning: answer) }
        }
        isWriting = false
        for closer in closers { closer.resume() }
        closers = []
    }

    /// Returns the journal mode and the level of `synchronous`, which is 2 for FULL.
    package func durability() throws -> (journal: String?, synchronous: Int?) {
        try database.queue.read { database in
            let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode")
            return (journal, try Int.fetchOne(database, sql: "PRAGMA synchronous"))
        }
    }

    /// Returns the next events after a sequence number, in the order of arrival.
    ///
    /// - Throws: ``StorageError`` when a row cannot be read.
    public func events(after seq: Int64, limit: Int) throws(StorageError) -> [StoredEvent] {
        try read("SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?", [seq, limit]) {
            row throws(StorageError) in try StoredEvent(row)
        }
    }

    /// Returns the next decisions after a sequence number, in the order of decisions.
    ///
    /// - Throws: ``StorageError`` when a row cannot be read.
    public func decisions(after seq: Int64, limit: Int) throws(StorageError) -> [StoredDecision] {
        let columns = "seq, user, user_sequence, now_ms, time_ms, outcome, offer, show_day"
        return try read(
            "SELECT \(columns) FROM receipts WHERE seq > ? ORDER BY seq LIMIT ?", [seq, limit]
        ) { row throws(StorageError) in StoredDecision(row) }
    }

    /// Returns a receipt's document by its id, as JSON in one line; nil when there is none.
    ///
    /// - Throws: ``StorageError`` when it cannot be read.
    public func receipt(id: String) throws(StorageError) -> String? {
        try read("SELECT document FROM receipts WHERE id = ?", [id]) { row throws(StorageError) -> String in
            row["document"]
        }.first
    }

    private func read<Element>(
        _ sql: String, _ arguments: StatementArguments, element: (Row) throws(StorageError) -> Element
    ) throws(StorageError) -> [Element] {
        do {
            return try database.queue.read { database in
                var elements: [Element] = []
                let rows = try Row.fetchCursor(database, sql: sql, arguments: arguments)
                while let row = try rows.next() { elements.append(try element(row)) }
                return elements
            }
        } catch let error as StorageError {
            throw error
        } catch {
            throw .failed(error.sentence)
        }
    }

    /// Closes the file after all waiting requests are written; later requests are refused.
    public func close() async {
        isClosed = true
        if isWriting { await withCheckedContinuation { closers.append($0) } }
        try? database.queue.close()
        lock.release()
    }
}
