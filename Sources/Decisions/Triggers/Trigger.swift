public import LimpetEvents

/// The event or instant at which an offer may be made: a tree in which at least one part comes true.
///
/// An offer without one is a candidate whenever somebody asks.
public indirect enum Trigger: Hashable, Sendable {
    /// Comes true when all parts hold and one of them comes true.
    case all([Trigger])
    /// Comes true when a part does.
    case any([Trigger])
    /// Comes true with an event.
    case event(EventOccurrence)
    /// Comes true at the end of a time in which an event did not occur.
    case absence(Absence)
    /// Comes true when a condition does that did not hold before, by an event or by the passing of time.
    case condition(Condition)

    /// The parts that are not composed of others, in the order of the file.
    var leaves: [Trigger] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.leaves)
        default: [self]
        }
    }

    /// The absence among the parts, if there is one.
    var absence: Absence? {
        leaves.lazy.compactMap { if case .absence(let absence) = $0 { absence } else { nil } }.first
    }

    /// The conditions among the parts.
    var conditions: [Condition] {
        leaves.flatMap { if case .condition(let condition) = $0 { condition.leaves } else { [Condition]() } }
    }
}

/// An event that has just occurred: any of a selection, or the n-th of them.
public struct EventOccurrence: Hashable, Sendable {
    /// The events.
    public var events: EventSelection
    /// The number of the events with the one that has just occurred; nil for each.
    public var count: Bounds?
    /// The window of the count, which ends with the event; nil for the whole history.
    public var within: TimeSpan?
    /// The events after the latest of which the count begins.
    public var since: EventSelection?

    /// Creates an occurrence.
    public init(
        _ events: EventSelection, count: Bounds? = nil, within: TimeSpan? = nil, since: EventSelection? = nil
    ) {
        self.events = events
        self.count = count
        self.within = within
        self.since = since
    }
}

/// The absence of an event: `no` in `(t, t + within]` after `after` at `t`, in the events' own times.
public struct Absence: Hashable, Sendable {
    /// The events that start the wait.
    public var after: EventSelection
    /// The events that end it.
    public var no: EventSelection
    /// The length of the wait.
    public var within: TimeSpan
    /// The effect of a further event that starts a wait.
    public var restart: Restart
    /// The time after the deadline in which events that occurred before it may still arrive.
    public var grace: TimeSpan
    /// The longest delay after which the trigger still fires, e.g. since the service was down.
    public var validFor: TimeSpan

    /// The effects of a further event that starts a wait.
    public enum Restart: String, CaseIterable, Sendable {
        /// The wait begins anew with the last event.
        case last
        /// The wait is that of the first event.
        case first
    }

    /// The default of ``grace``, 2 seconds.
    public static let usualGrace = TimeSpan(milliseconds: 2_000)

    /// Creates an absence; by default it fires up to `within` late, and an hour at most.
    public init(
        after: EventSelection, no: EventSelection, within: TimeSpan, restart: Restart = .last,
        grace: TimeSpan = Self.usualGrace, validFor: TimeSpan? = nil
    ) {
        self.after = after
        self.no = no
        self.within = within
        self.restart = restart
        self.grace = grace
        self.validFor = validFor ?? min(within, .hour)
    }
}
