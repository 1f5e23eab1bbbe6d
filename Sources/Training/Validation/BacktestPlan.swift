public import LimpetEvents

/// The origins of a backtest that have enough training rows, and test rows.
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

    /// Plans the origins.
    ///
    /// - Parameters:
    ///   - folds: the smallest number of users of each class in a training set.
    ///   - treatmentInput: the input that tells whether a row's window holds an offer; such rows are not
    ///     tested, since the model describes windows without one.
    ///   - zeros: the share of the rows with label 0 that the data hold.
    init(
        _ data: TrainingData, periods: [BacktestPeriod], folds: Int, treatmentInput: Int?,
        zeros: NegativeDownsampling
    ) throws(BacktestError) {
        guard let times = data.times, let horizon = data.horizon else { throw .noTimes }
        guard let first = times.min(), let last = times.max() else { throw .noRows }
        for period in periods {
            guard var fold = period.fold(data) else { continue }
            fold.heldOut = data.untreatedRows(fold.heldOut, input: treatmentInput)
            // A period without snapshots is not reported as a skipped test.
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

/// An error that no test forward in time is possible.
public enum BacktestError: Error, Hashable, CustomStringConvertible {
    /// The data have no snapshot times.
    case noTimes
    /// There is no row with a label.
    case noRows
    /// No origin has enough users to train on and rows to test on.
    case tooShort(first: Timestamp, last: Timestamp, horizon: TimeSpan, skipped: Int)

    /// The error and a remedy, in words.
    public var description: String {
        switch self {
        case .noTimes: return "rows have no snapshot times, so there is no order to train and test in"
        case .noRows: return TrainingError.noRows.description
        case .tooShort(let first, let last, let horizon, let skipped):
            let span = TimeSpan(milliseconds: last.milliseconds - first.milliseconds)
            let reason =
                span < horizon
                ? "the snapshots from \(first) to \(last) span less than one horizon of \(horizon), "
                    + "so that no label is known when a later snapshot is taken"
                : "at none of \(skipped) origins do labels known by then hold enough users of both classes "
                    + "(snapshots from \(first) to \(last), horizon \(horizon))"
            return reason
                + "; take earlier snapshots (--from), shorter periods (--period 14d), fewer --folds, "
                + "or a shorter horizon"
        }
    }
}

extension TrainingData {
    /// Returns the share of label 1 in the population that the given rows represent; nil without weight.
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
