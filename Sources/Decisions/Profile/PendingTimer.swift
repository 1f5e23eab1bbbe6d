import LimpetDocuments
public import LimpetEvents

/// A time at which something about an offer is to be looked at for a user.
public struct PendingTimer: Hashable, Sendable {
    /// The kinds of timers.
    public enum Kind: UInt8, Sendable {
        /// The end of a wait for an event that is absent.
        case absence = 0
        /// The end of quiet hours in which the offer was held back.
        case held = 1
        /// The next look at a condition that the passing of time alone may fulfil.
        case check = 2
    }

    /// The key of the offer's id.
    public var offerKey: UInt64
    /// The kind.
    public var kind: Kind
    /// The start of the wait.
    public var start: Timestamp
    /// The end of the wait.
    public var deadline: Timestamp
    /// The time at which it fires: the deadline, and the grace for late events.
    public var due: Timestamp

    /// Creates a timer.
    public init(offerKey: UInt64, kind: Kind, start: Timestamp, deadline: Timestamp, due: Timestamp) {
        self.offerKey = offerKey
        self.kind = kind
        self.start = start
        self.deadline = deadline
        self.due = due
    }

    /// Returns true if both are of one offer and kind, of which a user has at most one.
    func replaces(_ other: PendingTimer) -> Bool { offerKey == other.offerKey && kind == other.kind }
}

extension PendingTimer {
    func write(to writer: inout PackedWriter) {
        writer.fixed(offerKey)
        writer.byte(kind.rawValue)
        writer.time(start)
        writer.signed(deadline.milliseconds - start.milliseconds)
        writer.signed(due.milliseconds - deadline.milliseconds)
    }

    init(_ reader: inout PackedReader) throws(PackedError) {
        offerKey = try reader.fixed()
        guard let kind = Kind(rawValue: try reader.byte()) else { throw reader.damage }
        self.kind = kind
        start = try reader.time()
        deadline = Timestamp(milliseconds: start.milliseconds &+ (try reader.signed()))
        due = Timestamp(milliseconds: deadline.milliseconds &+ (try reader.signed()))
    }
}
