public import LimpetEvaluation
public import LimpetScoring

/// How a model is trained and validated.
public struct TrainingSettings: Sendable {
    /// What is trained.
    public var kind: Model.Kind
    /// The settings of boosted stumps.
    public var stumps = StumpSettings()
    /// The settings of logistic regression.
    public var logistic = LogisticSettings()
    /// Folds of users on which settings are chosen and, where time does not do it, performance is estimated.
    public var folds = 5
    /// How often the estimate is repeated with other folds; tables only.
    public var repeats = 1
    /// By what rounds, pairs and penalties are chosen on held-out rows. For another metric than log loss rows are
    /// calibrated by a line first, unless ``calibration`` is none.
    public var chooseBy = Metric.logLoss
    /// How probabilities are calibrated.
    public var calibration = CalibrationMethod.platt
    /// Levels of categories that fewer users have are not named in the model.
    public var minimumLevelUsers = 20
    /// A model that is trained further: its log-odds are where every row begins, and its terms stay in the result.
    public var initial: InitialModel?
    /// The input that says whether a row's label window holds an offer, 0 or 1, and that the model is to know as 0:
    /// the last one. It is learnt like any other, and then goes from the model. Nil when there is none.
    public var treatmentInput: Int?
    /// Costs and gains of an offer.
    public var metrics = MetricSettings()
    /// Whether a threshold is chosen for these costs on held-out rows, and shipped with the model.
    public var choosesThreshold = false
    /// The input that says what keeping a user is worth; nil when all are worth the same.
    public var valueInput: Int?
    /// How intervals of the estimate are found; nil for none.
    public var bootstrap: Bootstrap?
    /// The share of the rows with label 0 that the data hold, above 0 and up to 1: the rest was left out, and the
    /// model is to be that of all rows.
    public var zerosKept = 1.0
    /// Decides the folds.
    public var seed: UInt64 = 1
    /// Parts that are worked on at the same time; no result depends on it.
    public var threads = 1
    /// Who watches, and may ask for an early end; nil for nobody.
    public var monitor: TrainingMonitor?

    /// The defaults for a kind.
    public init(kind: Model.Kind) {
        self.kind = kind
    }

    var zeros: NegativeDownsampling { NegativeDownsampling(share: zerosKept) }

    /// The same with nobody who could ask for an early end.
    var unmonitored: TrainingSettings {
        var settings = self
        settings.monitor = nil
        return settings
    }

    func trainer(threads: Int, times: TrainingTimes) -> any AdditiveTrainer {
        let validationMetric = ValidationMetric.choosing(self)
        let logistic = LogisticTrainer(
            settings: logistic, threads: threads, validationMetric: validationMetric, monitor: monitor)
        let stumps = StumpTrainer(
            settings: stumps, threads: threads, times: times, validationMetric: validationMetric,
            monitor: monitor)
        return switch kind {
        case .logistic: logistic
        case .stumps: stumps
        case .blend: BlendTrainer(parts: [logistic, stumps])
        }
    }
}

/// Why nothing could be trained.
public enum TrainingError: Error, Hashable, CustomStringConvertible {
    /// There is no row with a label.
    case noRows
    /// All labels are the same.
    case oneClass(label: Bool, rows: Int)
    /// Too few users of a class for that many folds.
    case tooFewUsers(label: Bool, users: Int, folds: Int)
    /// Under no setting has the log loss of held-out rows a finite value.
    case noFiniteLoss(settings: Int)
    /// Under no setting has the metric that chooses a value on held-out rows.
    case undefinedMetric(Metric)

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .noRows:
            "there is no row with a label: is a snapshot early enough for its horizon to end within the data, "
                + "and is anybody in the population then?"
        case .oneClass(let label, let rows):
            "all \(rows) rows have the label \(label ? 1 : 0); a model needs both: look at the label's "
                + "definition and its horizon"
        case .tooFewUsers(let label, let users, let folds):
            "\(users) users have the label \(label ? 1 : 0), fewer than the \(folds) folds; lower --folds"
        case .noFiniteLoss(let settings):
            "none of \(settings) settings gives held-out rows a finite log loss; look for inputs with extreme "
                + "values"
        case .undefinedMetric(let metric):
            "\(metric.rawValue) has no value on held-out rows under any setting; choose by another metric"
        }
    }
}
