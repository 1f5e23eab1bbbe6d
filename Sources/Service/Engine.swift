import LimpetDocuments
import LimpetDecisions
import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetStorage

/// The states of all users in memory, changed one step at a time.
///
/// The history of a user in the log that the service was filled from is read when the user is first needed,
/// so that a large log costs neither time nor memory at the start.
actor Engine {
    let core: DecisionCore
    private var states: [VerbatimText: DecisionState] = [:]
    private var log: EventLog?
    private var lastSeq: Int64 = 0

    /// The number of exposures from which on a ledger is pruned before a decision.
    private static let ledgerLimit = 64
    /// The number of rows of durable state that are read at a time.
    private static let pageSize = 10_000

    init(core: DecisionCore) {
        self.core = core
    }

    /// The number of users with their state in memory.
    var userCount: Int { states.count }

    /// Fills the engine from a log. Messages that it holds are duplicates when they arrive again.
    func warm(_ log: EventLog) throws(MissingColumnError) {
        _ = try LogReader(log, plan: core.plan)
        self.log = log
    }

    /// Restores durable state: the events in the order of their arrival, then the decisions.
    func restore(from store: EventStore) async throws(StorageError) {
        while case let page = try await store.events(after: lastSeq, limit: Self.pageSize), !page.isEmpty {
            take(page)
        }
        var last: Int64 = 0
        while case let page = try await store.decisions(after: last, limit: Self.pageSize), !page.isEmpty {
            for decision in page {
                last = decision.seq
                withState(of: decision.user) {
                    $0.restore(sequence: decision.sequence, exposure: decision.exposure)
                }
            }
        }
    }

    /// Returns the events that the log does not hold.
    func unknown(_ events: [Event]) -> [Event] { events.filter { !isInLog($0) } }

    private func isInLog(_ event: Event) -> Bool {
        guard let log, let id = event.messageID else { return false }
        return log.messages.contains(id)
    }

    /// Applies events that are on disk.
    func take(_ events: [StoredEvent]) {
        for event in events { take(event) }
    }

    private func take(_ stored: StoredEvent) {
        lastSeq = max(lastSeq, stored.seq)
        // The event was accepted by the service before, and the log has come to hold it since.
        guard !isInLog(stored.event) else { return }
        withState(of: stored.event.user) { state in
            _ = core.advance(&state, by: .event(stored.event, decides: false), now: stored.receivedAt)
        }
    }

    /// Creates a decision about a user, charges the ledger at once, and returns the number of the last event
    /// applied before.
    func decide(_ user: String, placement: String?, now: Timestamp) -> (receipt: Receipt?, afterEvent: Int64)
    {
        let receipt = withState(of: user) { state in
            if state.ledger.exposures.count >= Self.ledgerLimit {
                _ = core.advance(&state, by: .tick, now: now)
            }
            return core.advance(&state, by: .ask(placement: placement), now: now)
        }
        return (receipt, lastSeq)
    }

    /// Takes back a decision whose receipt could not be stored.
    func withdraw(_ receipt: Receipt) { withState(of: receipt.user) { $0.withdraw(receipt) } }

    /// Returns the profile of a user at a time; nil for a user without an event or a decision.
    func profile(of user: String, at time: Timestamp) -> UserProfile? {
        guard states[VerbatimText(user)] != nil || log?.index(ofUser: user) != nil else { return nil }
        return withState(of: user) { state in
            state.settle()
            return UserProfile(state, core: core, at: time)
        }
    }

    /// Lets `body` change a user's state in place; a user without a state gets the history of the log first.
    private func withState<Result>(of user: String, _ body: (inout DecisionState) -> Result) -> Result {
        let key = VerbatimText(user)
        if states[key] == nil { states[key] = stateFromLog(user) }
        return body(&states[key, default: core.newState(for: user)])
    }

    private func stateFromLog(_ user: String) -> DecisionState {
        var state = core.newState(for: user)
        guard let log, let index = log.index(ofUser: user) else { return state }
        for row in log.rows(ofUser: index) {
            var event = log.event(ofRow: row, user: user)
            event.received = nil
            _ = core.advance(&state, by: .event(event, decides: false), now: event.time)
        }
        return state
    }
}
