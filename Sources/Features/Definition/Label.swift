public import LimpetEvents

/// The outcome that a model predicts for the time `[t, t + horizon)` after a snapshot at `t`.
public struct Label: Hashable, Sendable {
    /// The definition of a positive outcome.
    public enum Kind: String, Sendable {
        /// 1 when none of the events occurs: the user stays away.
        case inactivity
        /// 1 when one of the events occurs.
        case event
    }

    /// The definition of a positive outcome.
    public var kind: Kind
    /// The events whose absence or presence is predicted.
    public var events: EventPattern
    /// The length of time after the snapshot.
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

/// The users who get a snapshot at `t`: part of a label's meaning, and applied alike in training and in
/// scoring.
public struct Population: Hashable, Sendable {
    /// The events of which one must have occurred before `t`.
    public var hasDone: EventPattern
    /// The events of which none may have occurred before `t`; nil for no such condition.
    public var hasNotDone: EventPattern?
    /// The window before `t` in which one of the user's own events must lie; nil for no such condition.
    public var activeWithin: TimeSpan?

    /// Makes a population; by default all users with at least one event of their own.
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
