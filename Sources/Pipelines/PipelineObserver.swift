/// Receives what a pipeline has to tell while it runs: the progress of its stages, and messages for a person.
///
/// Neither is part of a result; a pipeline that nobody watches takes ``SilentObserver``.
public protocol PipelineObserver: Sendable {
    /// Begins a stage such as `reading`.
    ///
    /// - Returns: what the stage reports its progress to.
    func begin(_ stage: String) -> any StageProgress

    /// Tells a person something that is no error, e.g. a warning.
    func note(_ message: String)
}

/// The progress of one stage of a pipeline.
public protocol StageProgress: Sendable {
    /// Reports that a share of the stage, 0 to 1, is done; called from several threads.
    func update(_ share: Double)

    /// Ends the stage.
    func finish()
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
