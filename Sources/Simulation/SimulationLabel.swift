public import LimpetEvents

/// The outcome whose probability is the truth: an event that happens, or activity that is missing, in `[t, t
/// + horizon)`.
public enum SimulationLabel: Hashable, Sendable {
    /// The user has the given event at least once, e.g. `cancelled`.
    case event(name: String, horizon: TimeSpan)
    /// The user has no event of any kind. Every event of a simulated log is an action of the user in a visit,
    /// or the cancellation.
    case inactivity(horizon: TimeSpan)

    /// The horizon of the label in whole days.
    public var horizon: TimeSpan {
        switch self {
        case .event(_, let horizon), .inactivity(let horizon): horizon
        }
    }
}

/// A label in the form that forks evaluate, thousands of times per user.
package struct LabelRule: Sendable {
    var horizonDays: Int
    /// The events that decide the label.
    var deciding: EventSet
    /// The label of a user who has one of these events in the horizon.
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

    /// Returns the label of a user with the given events in the horizon.
    func label(of seen: EventSet) -> Bool {
        deciding.isDisjoint(with: seen) ? !labelIfSeen : labelIfSeen
    }
}
