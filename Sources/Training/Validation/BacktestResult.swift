public import LimpetDocuments
import LimpetNumerics
public import LimpetEvaluation
package import LimpetScoring

/// What a backtest gives.
public struct BacktestResult: Sendable {
    /// What a model was trained on.
    public struct Training: Hashable, Sendable {
        /// Rows whose label was known.
        public var rows: Int
        /// Different users among them.
        public var users: Int
        /// Users with a label of 1.
        public var positiveUsers: Int
        /// Users with a label of 0.
        public var negativeUsers: Int
        /// The share of rows with a label of 1; nil without weight.
        public var rate: Double?
    }

    /// Why a model's test may say little about the models to come.
    public enum Doubt: Hashable, Sendable {
        /// Fewer than ``leastUsers`` users of a class were known.
        case fewUsers(label: Bool, users: Int)
        /// The odds of label 1 among what was learnt and among the test rows differ by more than ``mostOddsRatio``, and
        /// by more than chance: what the log holds, or what the label means, has changed in between.
        case otherRate(learnt: Double, tested: Double)

        /// So many are needed to know the base rate alone to within 0.1, in 95 of 100 cases (F. Harrell, Regression
        /// Modeling Strategies, 2015, chapter 10.2.3: 96).
        public static let leastUsers = 96
        /// A ratio that no season explains easily.
        public static let mostOddsRatio = 3.0
    }

    /// A model and its test.
    public struct Origin: Sendable {
        /// When the model was trained, and until when it was tested.
        public var period: BacktestPeriod
        /// What it learnt from.
        public var training: Training
        /// Test rows of users that it learnt from.
        public var knownRows: Int
        /// The setting that it chose.
        public var chosen: JSON
        /// The metrics of the test rows. `baseLogLoss` is that of the test rows' own base rate, which nobody
        /// knew at the origin.
        public var report: EvaluationReport

        /// What speaks against taking its test for that of a model in use.
        public var doubts: [Doubt] {
            var doubts: [Doubt] = []
            for (label, users) in [(true, training.positiveUsers), (false, training.negativeUsers)]
            where users < Doubt.leastUsers {
                doubts.append(.fewUsers(label: label, users: users))
            }
            if let learnt = training.rate, let tested = report.baseRate,
                isOther(learnt, training.users, tested, report.users)
            {
                doubts.append(.otherRate(learnt: learnt, tested: tested))
            }
            return doubts
        }

        /// Whether two rates differ by more than ``Doubt/mostOddsRatio`` in odds, and by more than chance: by more than
        /// four standard errors, each user counting once, since rows of one user are alike.
        private func isOther(_ first: Double, _ users: Int, _ second: Double, _ otherUsers: Int) -> Bool {
            let odds = ElementaryFunctions.logit(first) - ElementaryFunctions.logit(second)
            let variance =
                first * (1 - first) / Double(max(1, users))
                + second * (1 - second) / Double(max(1, otherUsers))
            return abs(odds) > ElementaryFunctions.log(Doubt.mostOddsRatio)
                && abs(first - second) > 4 * variance.squareRoot()
        }
    }

    /// An origin with rows to test on and too few to learn from.
    public struct Skipped: Hashable, Sendable {
        /// The origin.
        public var period: BacktestPeriod
        /// What there was to learn from.
        public var training: Training
        /// How many users of each class are needed.
        public var neededUsers: Int
    }

    /// A prediction for a test row.
    public struct Prediction: Hashable, Sendable {
        /// The row of the data.
        public var row: Int
        /// The place of the origin in ``origins``.
        public var origin: Int
        /// The sum of the terms.
        public var logOdds: Double
        /// The calibrated probability.
        public var probability: Double
    }

    /// The mean over origins, and how far they lie apart.
    public struct Spread: Hashable, Sendable {
        /// The mean, each origin counting alike.
        public var mean: Double
        /// The standard deviation over origins, with `n − 1`; nil for one.
        public var deviation: Double?
        /// The least value.
        public var least: Double
        /// The largest value.
        public var most: Double

        /// Nil without values.
        public init?(_ values: [Double]) {
            guard let least = values.min(), let most = values.max() else { return nil }
            let mean = values.reduce(0, +) / Double(values.count)
            let squares = values.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) }
            (self.mean, self.least, self.most) = (mean, least, most)
            deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
        }
    }

    /// The origins in order of time.
    public var origins: [Origin]
    /// How many there would have been, had no stop been asked for.
    public var planned = 0
    /// Whether no stop has cut it short.
    public var isWhole: Bool { origins.count >= planned }
    /// The origins that were left out.
    public var skipped: [Skipped]
    /// The report over all test rows, ranked by probability.
    public var pooled: EvaluationReport
    /// All predictions, by origin and row.
    public var predictions: [Prediction]
    /// The terms, the weightiest first.
    public var terms: [TermStability.Term]

    /// A metric's mean over origins; nil where no origin defines it.
    ///
    /// - Parameter withoutDoubt: only over origins without ``Origin/doubts``.
    public func spread(_ metric: ReportMetric, withoutDoubt: Bool = false) -> Spread? {
        Spread(
            origins.filter { !withoutDoubt || $0.doubts.isEmpty }.compactMap { $0.report[metric] })
    }

    mutating func predict(_ rows: [Int], origin: Int, _ outcomes: Outcomes) {
        for (place, row) in rows.enumerated() {
            predictions.append(
                Prediction(
                    row: row, origin: origin, logOdds: outcomes.logOdds[place],
                    probability: outcomes.probabilities[place]))
        }
    }
}
