import LimpetPipelines
import Synchronization

/// An observer that keeps what a pipeline tells.
final class RecordingObserver: PipelineObserver {
    private let texts = Mutex<(stages: [String], notes: [String], shares: [String: [Double]])>(([], [], [:]))

    /// The stages, in the order in which they began.
    var stages: [String] { texts.withLock { $0.stages } }

    /// The messages, in order.
    var notes: [String] { texts.withLock { $0.notes } }

    /// Returns the shares of a stage that were told to be done, in order.
    func shares(of stage: String) -> [Double] { texts.withLock { $0.shares[stage] ?? [] } }

    func begin(_ stage: String) -> any StageProgress {
        texts.withLock { $0.stages.append(stage) }
        return Progress(observer: self, stage: stage)
    }

    private struct Progress: StageProgress {
        let observer: RecordingObserver
        let stage: String

        func update(_ share: Double) {
            observer.texts.withLock { $0.shares[stage, default: []].append(share) }
        }

        func finish() {}
    }

    func note(_ message: String) { texts.withLock { $0.notes.append(message) } }
}
