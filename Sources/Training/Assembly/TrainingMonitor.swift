import Synchronization

/// Between a training that is under way and whoever watches it: tells the loss so far, and takes the wish that it end
/// soon with the best model that it has.
///
/// A wish ends the stage under way: the estimate with the parts that are finished, the choice with the best setting so
/// far, the last fit after its leg of rounds, at whose end the loss has never risen. What follows is done whole, from
/// what there is; so the result is always a good model.
public final class TrainingMonitor: Sendable {
    private struct State {
        var loss: Double?
        var isStopRequested = false
    }

    private let state = Mutex(State())

    /// Nothing known, nothing wished.
    public init() {}

    /// The mean log loss so far: of held-out rows while a setting is chosen, of the rows learnt from in a fit.
    public internal(set) var loss: Double? {
        get { state.withLock { $0.loss } }
        set { state.withLock { $0.loss = newValue } }
    }

    /// Asks the training to end soon.
    public func stop() { state.withLock { $0.isStopRequested = true } }

    /// Whether it was asked to.
    public var isStopRequested: Bool { state.withLock { $0.isStopRequested } }
}
