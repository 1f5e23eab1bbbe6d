import Synchronization

/// A monitor of a running training: it reports the current loss, and passes on requests to stop early with
/// the best model so far.
///
/// A stop request ends the current stage: the estimate with the finished folds, the choice with the best
/// setting so far, the last fit after its block of rounds, at whose end the loss has never risen. Later
/// stages are complete, with what is available; so the result is always a usable model.
public final class TrainingMonitor: Sendable {
    /// The rounds of boosting while their number is being chosen.
    public struct Rounds: Hashable, Sendable {
        /// The rounds made so far.
        public var made: Int
        /// The most that there may be; boosting ends long before where held-out rows no longer gain.
        public var most: Int
    }

    private struct State {
        var loss: Double?
        var rounds: Rounds?
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

    /// The rounds so far, while their number is being chosen; nil at other times.
    public internal(set) var rounds: Rounds? {
        get { state.withLock { $0.rounds } }
        set { state.withLock { $0.rounds = newValue } }
    }

    /// Requests the training to end early.
    public func stop() { state.withLock { $0.isStopRequested = true } }

    /// True after a stop request.
    public var isStopRequested: Bool { state.withLock { $0.isStopRequested } }
}
