import Synchronization

/// A monitor of a running training: it reports the current loss, and passes on requests to stop early with
/// the best model so far.
///
/// A stop request ends the current stage: the estimate with the finished folds, the choice with the best
/// setting so far, the last fit after its block of rounds, at whose end the loss has never risen. Later
/// stages are complete, with what is available; so the result is always a usable model.
public final class TrainingMonitor: Sendable {
    private struct State {
        var loss: Double?
        var isStopRequested = false
    }

    private let state = Mutex(State())

    /// Makes a monitor without a loss and without a stop request.
    public init() {}

    /// The current mean log loss: of held-out rows while a setting is chosen, of the training rows in a fit.
    public internal(set) var loss: Double? {
        get { state.withLock { $0.loss } }
        set { state.withLock { $0.loss = newValue } }
    }

    /// Requests the training to end early.
    public func stop() { state.withLock { $0.isStopRequested = true } }

    /// True after a stop request.
    public var isStopRequested: Bool { state.withLock { $0.isStopRequested } }
}
