public import LimpetEvents

/// An input of the state machine of one user's decisions.
public enum DecisionInput: Hashable, Sendable {
    /// An event of the user. With `decides` it requests a decision too, as of `max(now, event + 1 ms)`, so
    /// that the decision includes the event; otherwise it only becomes part of the history.
    case event(Event, decides: Bool)
    /// A request for an offer to the user now; `placement` is the place where it would be shown, such as
    /// `cart`.
    case ask(placement: String?)
    /// The passing of time: exposures that no rule needs any more are removed. No decision.
    case tick
}
