import LimpetEvents

/// Early rows against late ones, on which performance is estimated where a log is long enough.
enum ForwardSplit {
    /// The share of the snapshots that count as late.
    static let lateShare = 0.25
    /// A part of the log is long enough to be learnt from or tested on with so many users of each class.
    static let minimumUsers = 200

    /// The rows to learn from and those to be tested on; nil where the log is short.
    static func fold(_ data: TrainingData) -> Fold? {
        guard let fold = Folds.forwardInTime(data, lateShare: lateShare) else { return nil }
        let early = data.classUsers(of: fold.training)
        let late = data.classUsers(of: fold.heldOut)
        let least = min(early.positive, early.negative, late.positive, late.negative)
        return least >= minimumUsers ? fold : nil
    }
}
