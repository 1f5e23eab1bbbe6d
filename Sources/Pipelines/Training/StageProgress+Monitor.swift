import LimpetDocuments
import LimpetTraining

extension StageProgress {
    /// Reports how far a training is. While the number of rounds is being chosen, the rounds themselves are
    /// reported: a share of the most that there may be would jump to the end when boosting stops before.
    func update(_ share: Double, part: String?, monitor: TrainingMonitor?) {
        guard let rounds = monitor?.rounds else {
            return update(share, part: part, detail: nil, loss: monitor?.loss)
        }
        update(
            nil, part: part,
            detail: "round \(Format.count(rounds.made)) of at most \(Format.count(rounds.most))",
            loss: monitor?.loss)
    }
}
