public import LimpetDocuments
public import LimpetEvents
public import LimpetFeatures

/// A trained model with everything that a score depends on, as one file holds it.
///
///     let verified = try ModelFile.decode(bytes)
///     let model = verified.scorer.model
///     print(model.kind, model.inputs.map(\.name))
public struct Model: Hashable, Sendable {
    /// The kind of training that produced the terms.
    public var kind: Kind
    /// The origin of the inputs.
    public var source: Source
    /// The inputs, in the order of a feature vector.
    public var inputs: [Input]
    /// The log-odds of the average user.
    public var intercept: Double
    /// The terms, in the order in which they are added up.
    public var terms: [Term]
    /// The map from log-odds to probability.
    public var calibrator: Calibrator
    /// The counts and distributions of the training rows, in the model's own bins.
    public var training: TrainingSummary
    /// The out-of-sample metrics and how they were estimated: a report for people and scripts.
    public var evaluation: JSON
    /// The release, the settings and the data that produced the model.
    public var provenance: JSON
    /// Inputs with the results that a loader must reproduce.
    public var golden: Golden
    /// The threshold on the probability from which on users are contacted; nil where none was chosen.
    public var decision: Decision?

    /// The kinds of training.
    public enum Kind: String, CaseIterable, Sendable {
        /// Logistic regression.
        case logistic
        /// Gradient-boosted stumps.
        case stumps
        /// The average of both in log-odds.
        case blend
    }

    /// The origin of the inputs.
    public enum Source: Hashable, Sendable {
        /// Features of event histories, with the population that is scored and the label that is predicted.
        case log(FeatureSet, Population, Label)
        /// Columns of a flat table; `target` is the column that is predicted, `positive` its value that
        /// counts as 1.
        case table(target: String, positive: String)
    }

    /// One input: a number or a category.
    public struct Input: Hashable, Sendable {
        /// The feature's or column's name.
        public var name: String
        /// True if the input is a category, false if it is a number.
        public var isCategorical: Bool
        /// The rule by which texts of the category are numbers; nil for a number, and where texts differ by
        /// their bytes.
        public var codes: Codes?
        /// The way in which a table's column writes the number; nil for plain decimals, and for a category.
        public var notation: Notation?

        /// Creates an input.
        public init(name: String, isCategorical: Bool, codes: Codes? = nil, notation: Notation? = nil) {
            (self.name, self.isCategorical) = (name, isCategorical)
            (self.codes, self.notation) = (codes, notation)
        }

        /// Returns the level that a text of the category stands for: itself, or the shortest form of a code.
        public func level(of text: String) -> String {
            guard let codes else { return text }
            return DecimalCode.shortest(text, isTruncated: codes == .truncated) ?? text
        }
    }

    /// A rule by which texts of a category are numbers.
    public enum Codes: String, CaseIterable, Sendable {
        /// Equal numbers are one level: `1`, `1.0` and `01`.
        case exact
        /// Numbers are cut to whole ones: `1.7` is `1`, as in models of programs that hold codes so.
        case truncated
    }

    /// Creates a model.
    public init(
        kind: Kind, source: Source, inputs: [Input], intercept: Double, terms: [Term], calibrator: Calibrator,
        training: TrainingSummary, evaluation: JSON, provenance: JSON, golden: Golden = Golden(),
        decision: Decision? = nil
    ) {
        self.kind = kind
        self.source = source
        self.inputs = inputs
        self.intercept = intercept
        self.terms = terms
        self.calibrator = calibrator
        self.training = training
        self.evaluation = evaluation
        self.provenance = provenance
        self.golden = golden
        self.decision = decision
    }

    /// The feature set of a model of event histories; nil for models of flat tables.
    public var featureSet: FeatureSet? {
        if case .log(let featureSet, _, _) = source { featureSet } else { nil }
    }

    /// Returns the plan that computes this model's inputs from event histories; nil for models of flat
    /// tables.
    public func plan(zone: TimeZoneRules) throws(FeatureSetError) -> FeaturePlan? {
        guard case .log(let featureSet, let population, let label) = source else { return nil }
        return try FeaturePlan(featureSet, population: population, label: label, zone: zone)
    }
}

/// The counts and distributions of the rows that a model was trained on, without any person's data.
public struct TrainingSummary: Hashable, Sendable {
    /// The number of rows, one for each user and snapshot time.
    public var rows: Int
    /// The number of different users.
    public var users: Int
    /// The number of rows with label 1.
    public var positives: Int
    /// The summed weight of the rows; their number where each counts once.
    public var weight: Double
    /// The summed weight of the rows with label 1.
    public var positiveWeight: Double
    /// The first and the last snapshot time; nil for flat tables.
    public var snapshots: ClosedRange<Timestamp>?
    /// The exclusive end of the data; nil for flat tables.
    public var dataUntil: Timestamp?
    /// The distribution of each input, in the order of the inputs.
    public var inputs: [Distribution]
    /// The distribution of the log-odds.
    public var logOdds: Distribution

    /// True when rows count otherwise than once each.
    public var isWeighted: Bool {
        let isFraction = { (count: Double) in count != count.rounded() }
        return weight != Double(rows) || positiveWeight != Double(positives)
            || (inputs + [logOdds]).contains {
                isFraction($0.missing) || $0.counts.contains(where: isFraction)
            }
    }

    /// The share of label 1 under the rows' weights; 0 without rows.
    public var baseRate: Double { weight > 0 ? positiveWeight / weight : 0 }

    /// Counts of rows by bin or level, each as often as its weight says; a number's bins are those of the
    /// terms that read it, where there are any.
    public struct Distribution: Hashable, Sendable {
        /// The ascending edges of a number's bins; empty for categories.
        public var edges: [Double]
        /// The levels of a category; empty for numbers.
        public var levels: [String]
        /// The rows in each bin or level; a category's last count is that of all other levels.
        public var counts: [Double]
        /// The rows in which the input is missing.
        public var missing: Double

        /// Creates a distribution.
        public init(edges: [Double] = [], levels: [String] = [], counts: [Double], missing: Double) {
            self.edges = edges
            self.levels = levels
            self.counts = counts
            self.missing = missing
        }
    }

    /// Creates a summary.
    ///
    /// - Parameters:
    ///   - weight: the summed weight of the rows; nil for one each.
    ///   - positiveWeight: that of the rows with label 1; nil for one each.
    public init(
        rows: Int, users: Int, positives: Int, weight: Double? = nil, positiveWeight: Double? = nil,
        snapshots: ClosedRange<Timestamp>? = nil, dataUntil: Timestamp? = nil, inputs: [Distribution],
        logOdds: Distribution
    ) {
        self.rows = rows
        self.users = users
        self.positives = positives
        self.weight = weight ?? Double(rows)
        self.positiveWeight = positiveWeight ?? Double(positives)
        self.snapshots = snapshots
        self.dataUntil = dataUntil
        self.inputs = inputs
        self.logOdds = logOdds
    }
}

/// Synthetic inputs with their results: a loader recomputes them and refuses a model that disagrees.
public struct Golden: Hashable, Sendable {
    /// Feature vectors composed from the bins of the training distribution.
    public var rows: [Row]
    /// Histories of synthetic events; empty for models of flat tables.
    public var histories: [History]

    /// A feature vector with its result: for each input null, a number, or a category's level.
    public struct Row: Hashable, Sendable {
        /// The values in the order of the inputs.
        public var values: [JSON]
        /// The sum of the terms.
        public var logOdds: Double
        /// The calibrated probability.
        public var probability: Double

        /// Creates a row.
        public init(values: [JSON], logOdds: Double, probability: Double) {
            self.values = values
            self.logOdds = logOdds
            self.probability = probability
        }
    }

    /// The events of one synthetic user, and the score at an as-of time.
    public struct History: Hashable, Sendable {
        /// The events in ascending order of their times.
        public var events: [Event]
        /// The as-of time of the score: only events before it count.
        public var at: Timestamp
        /// The sum of the terms.
        public var logOdds: Double
        /// The calibrated probability.
        public var probability: Double

        /// Creates a history.
        public init(events: [Event], at: Timestamp, logOdds: Double, probability: Double) {
            self.events = events
            self.at = at
            self.logOdds = logOdds
            self.probability = probability
        }
    }

    /// Creates golden inputs.
    public init(rows: [Row] = [], histories: [History] = []) {
        self.rows = rows
        self.histories = histories
    }
}
