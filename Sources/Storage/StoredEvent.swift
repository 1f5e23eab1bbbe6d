public import LimpetDecisions
public import LimpetEvents

/// A stored event, with its sequence number in the order of arrival.
public struct StoredEvent: Hashable, Sendable {
    /// The sequence number in the order of arrival, ascending; numbers may be missing.
    public let seq: Int64
    /// The event.
    public let event: Event
    /// The time of arrival.
    public let receivedAt: Timestamp
}

/// A stored decision, with the fields that a user's state needs.
public struct StoredDecision: Hashable, Sendable {
    /// The sequence number in the order of the decisions of all users, ascending.
    public let seq: Int64
    /// The user.
    public let user: String
    /// The number of the decision among the user's decisions.
    public let sequence: Int
    /// The exposure that was charged to the ledger; nil for silence.
    public let exposure: AttentionLedger.Exposure?
}

/// The result of storing an event.
public enum Admission: Hashable, Sendable {
    /// The event is new, and has this sequence number in the order of arrival.
    case accepted(seq: Int64)
    /// An event with this message id is already stored; nothing has changed.
    case duplicate
}
