public import LimpetEvents

/// A condition that must hold for a user at the time of a decision, so that an offer is a candidate.
public indirect enum Condition: Hashable, Sendable {
    /// Holds if all of these conditions hold.
    case all([Condition])
    /// Holds if at least one of these conditions holds.
    case any([Condition])
    /// Holds if this condition does not hold.
    case not(Condition)
    /// Holds if the calibrated probability lies within bounds.
    case score(Bounds)
    /// Holds if the calibrated probability reaches the threshold that the model ships.
    case threshold
    /// Holds from when the probability reaches `atLeast` until it falls below `until`.
    case scoreLevel(atLeast: Double, until: Double)
    /// Holds if the probability has changed by an amount within bounds since a time ago.
    case scoreChange(within: TimeSpan, Bounds)
    /// Holds if a number of events lies within bounds.
    case event(EventCount)
    /// Holds if the time since the latest of some events lies within bounds; without one it does not.
    case elapsed(EventSelection, SpanBounds)
    /// Holds if the user has spent a time after some events until the next own event, within a window.
    case dwell(EventSelection, within: TimeSpan?, SpanBounds)
    /// Holds if an input of the model lies within bounds; a missing input does not.
    case feature(name: String, Bounds)
    /// Holds if a categorical input of the model is one of these texts.
    case category(name: String, texts: [String])
    /// Holds if a property is one of these texts in the latest of the events that carry it.
    case property(name: String, of: EventPattern, within: TimeSpan?, texts: [String])
    /// Holds if it is a time of day in the user's zone.
    case timeOfDay(CivilPeriod)
    /// Holds if it is one of these days of the week in the user's zone, 0 for Sunday.
    case weekday([Int])

    /// The conditions that are not composed of others, in the order of the file.
    var leaves: [Condition] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.leaves)
        case .not(let part): part.leaves
        default: [self]
        }
    }

    /// The model's input that the condition reads, if any, and its type.
    var input: (name: String, isCategorical: Bool)? {
        switch self {
        case .feature(let name, _): (name, false)
        case .category(let name, _): (name, true)
        default: nil
        }
    }

    /// The property of events that the condition reads as text, if any.
    var textProperty: String? {
        if case .property(let name, _, _, _) = self { name } else { nil }
    }

    /// The events that the condition looks for.
    var selections: [EventSelection] {
        switch self {
        case .event(let count): [count.events] + (count.since.map { [$0] } ?? [])
        case .elapsed(let events, _), .dwell(let events, _, _): [events]
        case .property(_, let pattern, _, _): [EventSelection(pattern)]
        default: []
        }
    }

    /// True if policies of version 1 may hold the condition.
    var isOfFirstVersion: Bool {
        switch self {
        case .event(let count): count.since == nil && count.events.tests.isEmpty
        case .threshold, .scoreLevel, .scoreChange, .elapsed, .dwell, .timeOfDay, .weekday: false
        case .all, .any, .not, .score, .feature, .category, .property: true
        }
    }

    /// True if the condition reads the model's score.
    var readsScore: Bool {
        switch self {
        case .score, .threshold, .scoreLevel, .scoreChange: true
        default: false
        }
    }
}

extension Condition {
    /// Returns the condition that the number of events of some names in `[t − within, t)`, or in the whole
    /// history, lies within bounds.
    public static func event(
        _ events: EventPattern, within: TimeSpan?, count: Bounds = Bounds(atLeast: 1)
    ) -> Condition {
        .event(EventCount(EventSelection(events), within: within, bounds: count))
    }
}

/// The number of events of a selection in a window, or since another event, and its bounds.
public struct EventCount: Hashable, Sendable {
    /// The events that are counted.
    public var events: EventSelection
    /// The window `[t − within, t)`; nil for the whole history.
    public var within: TimeSpan?
    /// The events after the latest of which the count begins; nil to count all, also where there is none.
    public var since: EventSelection?
    /// The bounds of the count.
    public var bounds: Bounds

    /// Creates a count.
    public init(
        _ events: EventSelection, within: TimeSpan? = nil, since: EventSelection? = nil,
        bounds: Bounds = Bounds(atLeast: 1)
    ) {
        self.events = events
        self.within = within
        self.since = since
        self.bounds = bounds
    }
}

/// Limits on a length of time.
public struct SpanBounds: Hashable, Sendable {
    /// The least length; nil for none.
    public var atLeast: TimeSpan?
    /// The length that is too much; nil for none.
    public var below: TimeSpan?

    /// Creates bounds.
    public init(atLeast: TimeSpan? = nil, below: TimeSpan? = nil) {
        self.atLeast = atLeast
        self.below = below
    }

    /// Returns true if a length lies within the bounds.
    public func contains(_ span: TimeSpan) -> Bool {
        atLeast.map { span >= $0 } ?? true && below.map { span < $0 } ?? true
    }
}
