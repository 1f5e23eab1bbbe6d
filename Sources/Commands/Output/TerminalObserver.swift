import LimpetPipelines

/// An observer that draws progress as a bar and prints messages as lines, on standard error.
struct TerminalObserver: PipelineObserver {
    func begin(_ stage: String) -> any StageProgress { ProgressBar(stage) }

    func note(_ message: String) { Terminal.note(message) }
}

extension ProgressBar: StageProgress {
    func update(_ share: Double) { update(share, title: nil) }
}
