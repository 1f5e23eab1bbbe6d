import LimpetEvents

/// The split into early and late rows on which performance is estimated where a log is long enough.
enum ForwardSplit {
    /// The share of the snapshots that count as late.
    static let lateShare = 0.25
    /// The number of users of each class that each side of the split needs.
    static let minimumUsers = 200

    /// Returns the training and the test rows; nil where the log is too short.
    static func fold(_ data: TrainingData) -> Fold? {
        guard let fold = Folds.forwardInTime(data, lateShare: lateShare) else { return nil }
        // Whoever names the time wants this split.
        guard data.splitTime == nil else { return fold }
        let early = data.classUsers(of: fold.training)
        let late = data.classUsers(of: fold.heldOut)
        let least = min(early.positive, early.negative, late.positive, late.negative)
        return least >= minimumUsers ? fold : nil
    }
}
