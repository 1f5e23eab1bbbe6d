/// A receiver of the progress of a pipeline's stages, and of messages for a person, while it runs.
///
/// Neither is part of a result; ``SilentObserver`` ignores both.
public protocol PipelineObserver: Sendable {
    /// Begins a stage such as `reading`.
    ///
    /// - Returns: the receiver of the stage's progress.
    func begin(_ stage: String) -> any StageProgress

    /// Receives a message that is no error, e.g. a warning.
    func note(_ message: String)
}

/// The progress of one stage of a pipeline.
public protocol StageProgress: Sendable {
    /// Reports that a share of the stage, 0 to 1, is done; called from several threads.
    func update(_ share: Double)

    /// Reports how far the stage, or the part of it under way, is; without an implementation of its own the
    /// share alone is reported.
    ///
    /// - Parameters:
    ///   - share: the share that is done; nil where nobody knows how much there will be.
    ///   - part: the part of the stage, e.g. `trial 3`; nil where it has none.
    ///   - detail: what is done so far, e.g. `round 512 of at most 10,000`; nil where the share says it.
    ///   - loss: the log loss so far; nil where it is not known.
    func update(_ share: Double?, part: String?, detail: String?, loss: Double?)

    /// Ends the stage.
    func finish()
}

extension StageProgress {
    /// Reports the share alone, where there is one.
    public func update(_ share: Double?, part: String?, detail: String?, loss: Double?) {
        if let share { update(share) }
    }
}

/// An observer that ignores everything.
public struct SilentObserver: PipelineObserver {
    private struct Silence: StageProgress {
        func update(_ share: Double) {}
        func finish() {}
    }

    /// Makes an observer.
    public init() {}

    /// Begins a stage whose progress is ignored.
    public func begin(_ stage: String) -> any StageProgress { Silence() }

    /// Ignores the message.
    public func note(_ message: String) {}
}
