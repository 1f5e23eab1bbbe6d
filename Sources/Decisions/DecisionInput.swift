public import LimpetEvents

/// What can happen to the state of one user's decisions.
public enum DecisionInput: Hashable, Sendable {
    /// An event of the user. With `decides` it asks for a decision too, taken at `max(now, event + 1 ms)`, so
    /// that the decision sees the event; without, it only becomes part of the history.
    case event(Event, decides: Bool)
    /// A placement asks whether there is something for the user now.
    case ask(placement: String?)
    /// Time passes: what no rule can ask for again is forgotten. No decision.
    case tick
}
