public import LimpetEvents

/// What the truth is the probability of: something that happens, or does not, in `[t, t + horizon)`.
public enum SimulationLabel: Hashable, Sendable {
    /// The user has that event at least once, e.g. `cancelled`.
    case event(name: String, horizon: TimeSpan)
    /// The user has no event of any kind. Every event of a simulated log is an act of the user in a visit, or
    /// the cancellation.
    case inactivity(horizon: TimeSpan)

    /// How far the label looks ahead: whole days.
    public var horizon: TimeSpan {
        switch self {
        case .event(_, let horizon), .inactivity(let horizon): horizon
        }
    }
}

/// A label in the form in which forks ask for it, thousands of times per user.
package struct LabelRule: Sendable {
    var horizonDays: Int
    /// The events that decide the label.
    var deciding: EventSet
    /// The label of a user who has one of them in the horizon.
    var labelIfSeen: Bool

    package init(_ label: SimulationLabel) {
        horizonDays = Int(label.horizon.milliseconds / TimeSpan.day.milliseconds)
        switch label {
        case .event(let name, _):
            deciding = SimulatedEvent(rawValue: name).map { EventSet($0) } ?? []
            labelIfSeen = true
        case .inactivity:
            deciding = EventSet(rawValue: .max)
            labelIfSeen = false
        }
    }

    /// The label of a user with these events in the horizon.
    func label(of seen: EventSet) -> Bool {
        deciding.isDisjoint(with: seen) ? !labelIfSeen : labelIfSeen
    }
}
