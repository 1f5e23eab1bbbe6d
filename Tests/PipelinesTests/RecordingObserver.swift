import LimpetPipelines
import Synchronization

/// An observer that keeps what a pipeline tells.
final class RecordingObserver: PipelineObserver {
    private let texts = Mutex<(stages: [String], notes: [String])>(([], []))

    /// The stages, in the order in which they began.
    var stages: [String] { texts.withLock { $0.stages } }

    /// The messages, in order.
    var notes: [String] { texts.withLock { $0.notes } }

    func begin(_ stage: String) -> any StageProgress {
        texts.withLock { $0.stages.append(stage) }
        return SilentObserver().begin(stage)
    }

    func note(_ message: String) { texts.withLock { $0.notes.append(message) } }
}
