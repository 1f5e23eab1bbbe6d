public import LimpetEvaluation
public import LimpetEvents
import LimpetParallel
public import LimpetScoring

/// The settings by which a model is trained and validated.
public struct TrainingSettings: Sendable {
    /// The kind of model.
    public var kind: Model.Kind
    /// The settings of boosted stumps.
    public var stumps = StumpSettings()
    /// The settings of logistic regression.
    public var logistic = LogisticSettings()
    /// The number of folds of users on which settings are chosen and, unless the estimate is forward in time,
    /// performance is estimated.
    public var folds = 5
    /// The number of repeats of the estimate, each with other folds; for tables only.
    public var repeats = 1
    /// The metric by which rounds, pairs and penalties are chosen on held-out rows. For a metric other than
    /// log loss, rows are first calibrated by a line, unless ``calibration`` is none.
    public var chooseBy = Metric.logLoss
    /// The time in which the weight of a snapshot halves in fits and choices, though not in metrics; nil
    /// where all weigh the same.
    public var halfLife: TimeSpan?
    /// True to choose ``halfLife`` by how well earlier snapshots predict later ones, where a log is long
    /// enough.
    public var choosesHalfLife = false
    /// The method of calibrating probabilities.
    public var calibration = CalibrationMethod.platt
    /// The number of users below which a level of a category is not named in the model.
    public var minimumLevelUsers = 20
    /// The same for categories that keep more than 30 levels so, which count by shrunken rates: a level of
    /// few users then says little, where pooled it would say nothing. Nil for no difference.
    public var minimumUsersOfManyLevels: Int? = 5
    /// The model that is trained further: its log-odds are the offset of every row, and its terms stay in the
    /// result.
    public var initial: InitialModel?
    /// The input, which is the last, that tells whether a row's label window holds an offer, 0 or 1. It is
    /// learnt like any other, and then fixed at 0 and removed from the model. Nil when there is none.
    public var treatmentInput: Int?
    /// The settings of metrics, including the costs and gains of an offer.
    public var metrics = MetricSettings()
    /// True to choose a threshold for these costs on held-out rows, which is stored in the model.
    public var choosesThreshold = false
    /// The input that holds the value of keeping a user; nil when it is the same for all.
    public var valueInput: Int?
    /// The bootstrap for intervals of the estimate; nil for none.
    public var bootstrap: Bootstrap?
    /// The share of the rows with label 0 that the data hold, above 0 and up to 1. The others were left out,
    /// and the model describes all rows.
    public var zerosKept = 1.0
    /// The seed of the folds.
    public var seed: UInt64 = 1
    /// The number of threads; no result depends on it.
    public var threads = 1
    /// The monitor of the training, which can request a stop; nil for none.
    public var monitor: TrainingMonitor?

    /// Makes the default settings for a kind.
    public init(kind: Model.Kind) {
        self.kind = kind
    }

    /// The number of users below which a level is not named in a category of many; nil for no difference.
    /// Levels with a coefficient each need as many users as those of few.
    var manyLevelUsers: Int? {
        let penalties = logistic.penalty.map { [$0] } ?? logistic.penalties
        let isCoded = logistic.codesLevels && (logistic.elasticNet != nil || !penalties.contains(0))
        return kind == .stumps || isCoded ? minimumUsersOfManyLevels : nil
    }

    /// The number of users from which on a split needs as many users on each side as by default.
    private static let enoughUsers = 2_000
    /// The users on each side of a split of fewer users.
    private static let minimumUsersOfFew = 10.0

    /// Returns the settings with fewer users on each side of a split where there are fewer than 2,000: 20 of
    /// these would be a coarse grid.
    public func suited(to data: TrainingData) -> TrainingSettings {
        var users: Set<Int32> = []
        for user in data.users where users.count < Self.enoughUsers { users.insert(user) }
        guard users.count < Self.enoughUsers else { return self }
        var settings = self
        settings.stumps.minimumUsers = min(stumps.minimumUsers, Self.minimumUsersOfFew)
        return settings
    }

    var zeros: NegativeDownsampling { NegativeDownsampling(share: zerosKept) }

    /// The same settings without a monitor.
    var unmonitored: TrainingSettings {
        var settings = self
        settings.monitor = nil
        return settings
    }

    /// The same settings with the half-life that they have.
    var withoutHalfLifeChoice: TrainingSettings {
        var settings = self
        settings.choosesHalfLife = false
        return settings
    }

    func trainer(threads: Int, clock: StageClock) -> any AdditiveTrainer {
        switch kind {
        case .logistic: logisticTrainer(threads: threads, clock: clock)
        case .stumps: stumpTrainer(threads: threads, clock: clock)
        case .blend:
            BlendTrainer(
                parts: [
                    logisticTrainer(threads: threads, clock: clock),
                    stumpTrainer(threads: threads, clock: clock),
                ], clock: clock)
        }
    }

    func logisticTrainer(threads: Int, clock: StageClock) -> LogisticTrainer {
        LogisticTrainer(
            settings: logistic, threads: threads, validationMetric: ValidationMetric.choosing(self),
            monitor: monitor, clock: clock)
    }

    func stumpTrainer(threads: Int, clock: StageClock) -> StumpTrainer {
        StumpTrainer(
            settings: stumps, threads: threads, clock: clock,
            validationMetric: ValidationMetric.choosing(self), monitor: monitor)
    }
}

/// An error that no model can be trained.
public enum TrainingError: Error, Hashable, CustomStringConvertible {
    /// There is no row with a label.
    case noRows
    /// All labels are the same.
    case oneClass(label: Bool, rows: Int)
    /// There are fewer users of a class than folds.
    case tooFewUsers(label: Bool, users: Int, folds: Int)
    /// No setting gives held-out rows a finite log loss.
    case noFiniteLoss(settings: Int)
    /// The metric that settings are chosen by is undefined on held-out rows under every setting.
    case undefinedMetric(Metric)
    /// The rows are known by their bins alone, and the settings need the numbers.
    case onlyBins

    /// The error and a remedy, in words.
    public var description: String {
        switch self {
        case .noRows:
            "there is no row with a label: is a snapshot early enough for its horizon to end within "
                + "the data, and is anybody in the population then?"
        case .oneClass(let label, let rows):
            "all \(rows) rows have the label \(label ? 1 : 0); a model needs both: look at the label's "
                + "definition and its horizon"
        case .tooFewUsers(let label, let users, let folds):
            "\(users) users have the label \(label ? 1 : 0), fewer than the \(folds) folds; lower --folds"
        case .noFiniteLoss(let settings):
            "none of \(settings) settings gives held-out rows a finite log loss; "
                + "look for inputs with extreme values"
        case .undefinedMetric(let metric):
            "\(metric.rawValue) has no value on held-out rows under any setting; choose by another metric"
        case .onlyBins:
            "the rows were read as bins, of which only stumps can be trained: without the values of users, "
                + "and without a model to start from"
        }
    }
}
