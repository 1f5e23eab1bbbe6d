public import LimpetDecisions
public import LimpetEvents

/// An event as it is kept: with its place in the order of arrival.
public struct StoredEvent: Hashable, Sendable {
    /// The place in the order of arrival, ascending; numbers may be missing.
    public let seq: Int64
    /// The event.
    public let event: Event
    /// When it arrived.
    public let receivedAt: Timestamp
}

/// A decision as it is kept, as far as a user's state needs it.
public struct StoredDecision: Hashable, Sendable {
    /// The place in the order of the decisions of all users, ascending.
    public let seq: Int64
    /// The user.
    public let user: String
    /// The number of the decision among the user's.
    public let sequence: Int
    /// What was charged to the ledger; nil for silence.
    public let exposure: AttentionLedger.Exposure?
}

/// What became of an event that was handed in.
public enum Admission: Hashable, Sendable {
    /// It is new, and has this place in the order of arrival.
    case accepted(seq: Int64)
    /// An event with this message id is there already; nothing has changed.
    case duplicate
}
