import LimpetEvents

/// The folds on which a setting and a calibrator are chosen.
struct SelectionPlan: Sendable {
    let folds: [Fold]
    let method: Estimate.Method

    /// The share of the snapshots that count as late.
    static let lateShare = 0.25
    /// A part of the log is long enough to be learnt from or tested on with so many users of each class.
    static let minimumUsers = 200

    /// Folds of users; where the log is long enough, learning from early snapshots and choosing on late ones.
    init(_ data: TrainingData, folds count: Int, seed: UInt64) {
        folds = Folds.byUser(data, count: count, seed: seed)
        method = .outOfFold
    }

    /// Early rows against late ones, where both have enough users of each class; nil where the log is short.
    static func forward(_ data: TrainingData) -> Fold? {
        guard let fold = Folds.forwardInTime(data, lateShare: lateShare) else { return nil }
        let early = data.classUsers(of: fold.training)
        let late = data.classUsers(of: fold.heldOut)
        let least = min(early.positive, early.negative, late.positive, late.negative)
        return least >= minimumUsers ? fold : nil
    }
}
