import GRDB
import LimpetDecisions
import LimpetEvents

/// A pending write, and the continuation of the task that waits for it.
struct Request {
    typealias Answer = Result<[Admission], StorageError>

    /// The data to write.
    enum Content: Sendable {
        case events([Event], receivedAt: Timestamp)
        case receipt(Receipt, afterSeq: Int64)
        /// A write that changes nothing.
        case probe
    }

    let content: Content
    let continuation: CheckedContinuation<Answer, Never>
}

extension Request.Content {
    /// Returns the events that were added.
    func stored(_ answer: Request.Answer) -> [StoredEvent] {
        guard case .events(let events, let receivedAt) = self, case .success(let admissions) = answer else {
            return []
        }
        return zip(events, admissions).compactMap { event, admission in
            guard case .accepted(let seq) = admission else { return nil }
            return StoredEvent(seq: seq, event: event, receivedAt: receivedAt)
        }
    }

    fileprivate func insert(into database: Database) throws -> [Admission] {
        switch self {
        case .events(let events, let receivedAt):
            return try events.map { try EventDatabase.insert($0, receivedAt: receivedAt, into: database) }
        case .receipt(let receipt, let seq):
            try EventDatabase.insert(receipt, afterSeq: seq, into: database)
            return []
        case .probe:
            try EventDatabase.rewriteHeader(database)
            return []
        }
    }
}

extension EventDatabase {
    /// Writes a group of requests in one transaction.
    ///
    /// A request that fails rolls back only its own rows; when the commit fails, all requests fail.
    func commit(_ group: [Request.Content]) async -> [Request.Answer] {
        do {
            return try await queue.write { database in
                try group.map { content in
                    var answer = Request.Answer.success([])
                    try database.inSavepoint {
                        do {
                            answer = .success(try content.insert(into: database))
                            return .commit
                        } catch {
                            answer = .failure(.failed(error.sentence))
                            return .rollback
                        }
                    }
                    return answer
                }
            }
        } catch {
            let reason = error.sentence
            return group.map { _ in .failure(.failed(reason)) }
        }
    }
}
