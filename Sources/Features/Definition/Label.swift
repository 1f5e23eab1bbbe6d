public import LimpetEvents

/// What a model predicts about the time `[t, t + horizon)` after a snapshot at `t`.
public struct Label: Hashable, Sendable {
    /// The two ways of looking at a horizon.
    public enum Kind: String, Sendable {
        /// 1 when none of the events occurs: the user stays away.
        case inactivity
        /// 1 when one of the events occurs: the user does it.
        case event
    }

    /// Whether absence or presence counts.
    public var kind: Kind
    /// The events that count.
    public var events: EventPattern
    /// How far the label looks ahead.
    public var horizon: TimeSpan

    /// Makes a label.
    public init(kind: Kind, events: EventPattern, horizon: TimeSpan) {
        self.kind = kind
        self.events = events
        self.horizon = horizon
    }

    /// The label as a sentence, e.g. `no purchase within 60d`.
    public var description: String {
        let subject = events.isAny ? "activity" : events.names.joined(separator: " or ")
        return (kind == .inactivity ? "no " : "") + "\(subject) within \(horizon)"
    }
}

/// Which users get a snapshot at `t`: part of a label's meaning, and applied alike in training and in scoring.
public struct Population: Hashable, Sendable {
    /// One of these must have occurred before `t`.
    public var hasDone: EventPattern
    /// None of these may have occurred before `t`; nil for no such condition.
    public var hasNotDone: EventPattern?
    /// One of the user's own events must lie in `[t − activeWithin, t)`; nil for no such condition.
    public var activeWithin: TimeSpan?

    /// Makes a population; by default everybody with at least one event of their own.
    public init(hasDone: EventPattern = .any, hasNotDone: EventPattern? = nil, activeWithin: TimeSpan? = nil)
    {
        self.hasDone = hasDone
        self.hasNotDone = hasNotDone
        self.activeWithin = activeWithin
    }

    /// The population as a sentence, e.g. `has done purchase, active within 30d`.
    public var description: String {
        var parts = ["has done \(hasDone.isAny ? "anything" : hasDone.names.joined(separator: " or "))"]
        if let hasNotDone { parts.append("has not yet done \(hasNotDone.names.joined(separator: " or "))") }
        if let activeWithin { parts.append("active within \(activeWithin)") }
        return parts.joined(separator: ", ")
    }
}
