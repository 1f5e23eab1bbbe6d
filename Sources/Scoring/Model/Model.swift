public import LimpetDocuments
public import LimpetEvents
public import LimpetFeatures

/// A trained model with all that a score depends on, as one file holds it.
public struct Model: Hashable, Sendable {
    /// How the terms were trained.
    public var kind: Kind
    /// Where the inputs come from.
    public var source: Source
    /// The inputs, in the order of a feature vector.
    public var inputs: [Input]
    /// The log-odds of the average user.
    public var intercept: Double
    /// The terms, in the order in which they are added up.
    public var terms: [Term]
    /// From log-odds to probability.
    public var calibrator: Calibrator
    /// What the model was trained on, in its own bins.
    public var training: TrainingSummary
    /// How well it did out of sample, and how that was found out; a report for people and scripts.
    public var evaluation: JSON
    /// The release, the settings and the data that the model came from.
    public var provenance: JSON
    /// Inputs with the results that a loader must repeat.
    public var golden: Golden
    /// From which probability on users are contacted; nil where no threshold was chosen.
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

    /// Where the inputs come from.
    public enum Source: Hashable, Sendable {
        /// Features of event histories.
        case log(FeatureSet, Population, Label)
        /// Columns of a flat table; the target's column and the value that counts as 1.
        case table(target: String, positive: String)
    }

    /// One input: a number or a category.
    public struct Input: Hashable, Sendable {
        /// The feature's or column's name.
        public var name: String
        /// Whether it is a category.
        public var isCategorical: Bool

        /// Makes an input.
        public init(name: String, isCategorical: Bool) {
            self.name = name
            self.isCategorical = isCategorical
        }
    }

    /// Makes a model.
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

    /// The features, where the model reads event histories.
    public var featureSet: FeatureSet? {
        if case .log(let featureSet, _, _) = source { featureSet } else { nil }
    }

    /// The plan that gives this model's inputs from histories; nil for models of flat tables.
    public func plan(zone: TimeZoneRules) throws(FeatureSetError) -> FeaturePlan? {
        guard case .log(let featureSet, let population, let label) = source else { return nil }
        return try FeaturePlan(featureSet, population: population, label: label, zone: zone)
    }
}

/// What a model was trained on, without any person's data.
public struct TrainingSummary: Hashable, Sendable {
    /// Rows, one for each user and snapshot.
    public var rows: Int
    /// Different users.
    public var users: Int
    /// Rows with label 1.
    public var positives: Int
    /// The first and the last snapshot; nil for tables.
    public var snapshots: ClosedRange<Timestamp>?
    /// The exclusive end of the data; nil for tables.
    public var dataUntil: Timestamp?
    /// How the inputs were distributed, by input.
    public var inputs: [Distribution]
    /// How the log-odds were distributed.
    public var logOdds: Distribution

    /// Counts of rows by bin, in a term's own bins where it has some.
    public struct Distribution: Hashable, Sendable {
        /// Ascending edges of a number's bins; empty for categories.
        public var edges: [Double]
        /// The levels of a category; empty for numbers.
        public var levels: [String]
        /// Rows by bin or level; a category's last count is of all other levels.
        public var counts: [Int]
        /// Rows in which the input is missing.
        public var missing: Int

        /// Makes a distribution.
        public init(edges: [Double] = [], levels: [String] = [], counts: [Int], missing: Int) {
            self.edges = edges
            self.levels = levels
            self.counts = counts
            self.missing = missing
        }
    }

    /// Makes a summary.
    public init(
        rows: Int, users: Int, positives: Int, snapshots: ClosedRange<Timestamp>? = nil,
        dataUntil: Timestamp? = nil, inputs: [Distribution], logOdds: Distribution
    ) {
        self.rows = rows
        self.users = users
        self.positives = positives
        self.snapshots = snapshots
        self.dataUntil = dataUntil
        self.inputs = inputs
        self.logOdds = logOdds
    }
}

/// Made-up inputs with their results. A loader computes them again and refuses a model that disagrees.
public struct Golden: Hashable, Sendable {
    /// Vectors put together from the training distribution's bins.
    public var rows: [Row]
    /// Histories of made-up events; empty for models of flat tables.
    public var histories: [History]

    /// A vector as values by input: null, a number, or a category's level.
    public struct Row: Hashable, Sendable {
        /// The values by input.
        public var values: [JSON]
        /// The sum of the terms.
        public var logOdds: Double
        /// The calibrated probability.
        public var probability: Double

        /// Makes a row.
        public init(values: [JSON], logOdds: Double, probability: Double) {
            self.values = values
            self.logOdds = logOdds
            self.probability = probability
        }
    }

    /// Events of one made-up user, and the score at a moment.
    public struct History: Hashable, Sendable {
        /// The events in the order of their times.
        public var events: [Event]
        /// The moment of the score.
        public var at: Timestamp
        /// The sum of the terms.
        public var logOdds: Double
        /// The calibrated probability.
        public var probability: Double

        /// Makes a history.
        public init(events: [Event], at: Timestamp, logOdds: Double, probability: Double) {
            self.events = events
            self.at = at
            self.logOdds = logOdds
            self.probability = probability
        }
    }

    /// Makes golden inputs.
    public init(rows: [Row] = [], histories: [History] = []) {
        self.rows = rows
        self.histories = histories
    }
}
