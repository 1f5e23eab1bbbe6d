public import LimpetDocuments
import LimpetNumerics
public import LimpetEvaluation
import LimpetScoring

/// The result of a backtest: the test of a model at each origin.
public struct BacktestResult: Sendable {
    /// A summary of the rows that a model was trained on.
    public struct Training: Hashable, Sendable {
        /// The number of rows with a known label.
        public var rows: Int
        /// The number of distinct users among them.
        public var users: Int
        /// The number of users with a label of 1.
        public var positiveUsers: Int
        /// The number of users with a label of 0.
        public var negativeUsers: Int
        /// The share of rows with a label of 1; nil without weight.
        public var rate: Double?
    }

    /// A reason why a model's test may not represent future models.
    public enum Doubt: Hashable, Sendable {
        /// Fewer than ``leastUsers`` users of a class were known.
        case fewUsers(label: Bool, users: Int)
        /// The odds of label 1 in the training and in the test rows differ by more than ``mostOddsRatio``,
        /// and by more than chance: the log's content, or the meaning of the label, has changed in between.
        case otherRate(learnt: Double, tested: Double)

        /// The number of users needed to know the base rate alone to within 0.1, in 95 of 100 cases (F.
        /// Harrell, Regression Modeling Strategies, 2015, chapter 10.2.3: 96).
        public static let leastUsers = 96
        /// An odds ratio that seasons can hardly explain.
        public static let mostOddsRatio = 3.0
    }

    /// A model and its test.
    public struct Origin: Sendable {
        /// The period: the time of training, and the end of the test.
        public var period: BacktestPeriod
        /// The rows that the model was trained on.
        public var training: Training
        /// The number of test rows of users that the model was trained on.
        public var knownRows: Int
        /// The setting that was chosen.
        public var chosen: JSON
        /// The metrics of the test rows. `baseLogLoss` uses the test rows' own base rate, which was unknown
        /// at the origin.
        public var report: EvaluationReport

        /// The reasons why this test may not represent a model in production.
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

        /// Returns true if two rates differ by more than ``Doubt/mostOddsRatio`` in odds, and by more than
        /// chance: by more than four standard errors, with each user counted once, since rows of one user are
        /// alike.
        private func isOther(_ first: Double, _ users: Int, _ second: Double, _ otherUsers: Int) -> Bool {
            let odds = ElementaryFunctions.logit(first) - ElementaryFunctions.logit(second)
            let variance =
                first * (1 - first) / Double(max(1, users))
                + second * (1 - second) / Double(max(1, otherUsers))
            return abs(odds) > ElementaryFunctions.log(Doubt.mostOddsRatio)
                && abs(first - second) > 4 * variance.squareRoot()
        }
    }

    /// An origin with test rows but too few users to train on.
    public struct Skipped: Hashable, Sendable {
        /// The origin.
        public var period: BacktestPeriod
        /// The rows that were available for training.
        public var training: Training
        /// The number of users of each class that are needed.
        public var neededUsers: Int
    }

    /// A prediction for a test row.
    public struct Prediction: Hashable, Sendable {
        /// The row of the data.
        public var row: Int
        /// The index of the origin in ``origins``.
        public var origin: Int
        /// The sum of the terms.
        public var logOdds: Double
        /// The calibrated probability.
        public var probability: Double
    }

    /// The mean and the spread of a metric over origins.
    public struct Spread: Hashable, Sendable {
        /// The mean over origins with equal weights.
        public var mean: Double
        /// The standard deviation over origins, with `n − 1`; nil for one.
        public var deviation: Double?
        /// The least value.
        public var least: Double
        /// The largest value.
        public var most: Double

        /// Summarises values; nil without values.
        public init?(_ values: [Double]) {
            guard let least = values.min(), let most = values.max() else { return nil }
            let mean = values.reduce(0, +) / Double(values.count)
            let squares = values.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) }
            (self.mean, self.least, self.most) = (mean, least, most)
            deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
        }
    }

    /// The origins, in the order of time.
    public var origins: [Origin]
    /// The number of origins that there would have been without a stop request.
    public var planned = 0
    /// True when no stop request has ended the backtest early.
    public var isWhole: Bool { origins.count >= planned }
    /// The origins that were left out.
    public var skipped: [Skipped]
    /// The report over all test rows, ranked by probability.
    public var pooled: EvaluationReport
    /// All predictions, in the order of origins and rows.
    public var predictions: [Prediction]
    /// The terms, the most important first.
    public var terms: [TermStability.Term]

    /// Returns a metric's mean and spread over origins; nil where no origin defines it.
    ///
    /// - Parameter withoutDoubt: true for origins without ``Origin/doubts`` only.
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
