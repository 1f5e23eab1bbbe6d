public import LimpetEvents

/// The origins at which there is enough to learn from and something to test on.
struct BacktestPlan {
    /// An origin with its rows.
    struct Run {
        var period: BacktestPeriod
        var fold: Fold
        var training: BacktestResult.Training
        var knownRows: Int
    }

    private(set) var runs: [Run] = []
    private(set) var skipped: [BacktestResult.Skipped] = []

    /// - Parameters:
    ///   - folds: the fewest users of each class that a training needs.
    ///   - treatmentInput: the input that says whether a row's window holds an offer; nobody is tested on such rows,
    ///     since the model is that of windows without one.
    ///   - zeros: which share of the rows with label 0 the data hold.
    init(
        _ data: TrainingData, periods: [BacktestPeriod], folds: Int, treatmentInput: Int?,
        zeros: NegativeDownsampling
    ) throws(BacktestError) {
        guard let times = data.times, let horizon = data.horizon else { throw .noTimes }
        guard let first = times.min(), let last = times.max() else { throw .noRows }
        for period in periods {
            guard var fold = period.fold(data) else { continue }
            fold.heldOut = data.untreatedRows(fold.heldOut, input: treatmentInput)
            // A period without snapshots is no test that failed to happen.
            guard !fold.heldOut.isEmpty else { continue }
            let users = data.classUsers(of: fold.training)
            let all = Set(fold.training.map { data.users[$0] })
            let training = BacktestResult.Training(
                rows: fold.training.count, users: all.count, positiveUsers: users.positive,
                negativeUsers: users.negative,
                rate: data.rate(of: data.untreatedRows(fold.training, input: treatmentInput), zeros))
            guard min(users.positive, users.negative) >= folds else {
                skipped.append(BacktestResult.Skipped(period: period, training: training, neededUsers: folds))
                continue
            }
            let known = fold.heldOut.count { all.contains(data.users[$0]) }
            runs.append(Run(period: period, fold: fold, training: training, knownRows: known))
        }
        guard !runs.isEmpty else {
            throw .tooShort(first: first, last: last, horizon: horizon, skipped: skipped.count)
        }
    }
}

/// Why nothing could be tested forward in time.
public enum BacktestError: Error, Hashable, CustomStringConvertible {
    /// The data have no snapshot times.
    case noTimes
    /// There is no row with a label.
    case noRows
    /// At no origin are there enough users to learn from and rows to be tested on.
    case tooShort(first: Timestamp, last: Timestamp, horizon: TimeSpan, skipped: Int)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .noTimes: return "rows have no moments, so there is no order to train and test in"
        case .noRows: return TrainingError.noRows.description
        case .tooShort(let first, let last, let horizon, let skipped):
            let span = TimeSpan(milliseconds: last.milliseconds - first.milliseconds)
            let reason =
                span < horizon
                ? "the snapshots from \(first) to \(last) span less than one horizon of \(horizon), so that no "
                    + "label is known when a later snapshot is taken"
                : "at none of \(skipped) origins do labels known by then hold enough users of both classes "
                    + "(snapshots from \(first) to \(last), horizon \(horizon))"
            return reason
                + "; take earlier snapshots (--from), shorter periods (--period 14d), fewer --folds, "
                + "or a shorter horizon"
        }
    }
}

extension TrainingData {
    /// The share of label 1 among all rows that some rows stand for; nil without weight.
    fileprivate func rate(of rows: [Int], _ zeros: NegativeDownsampling) -> Double? {
        let weights = zeros.weights(of: rows, in: self)
        var (positive, all) = (0.0, 0.0)
        for (place, row) in rows.enumerated() {
            let weight = weights?[place] ?? 1
            all += weight
            if labels[row] { positive += weight }
        }
        return all > 0 ? positive / all : nil
    }
}
