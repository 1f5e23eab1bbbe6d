/// A metric by which models can be chosen.
public enum Metric: String, CaseIterable, Hashable, Sendable {
    /// See ``Ranking/auc(scores:labels:weights:)``.
    case auc
    /// See ``Ranking/averagePrecision(scores:labels:weights:)``.
    case prAuc
    /// See ``ProbabilityLoss/logLoss(probabilities:labels:weights:)``.
    case logLoss
    /// See ``ProbabilityLoss/brier(probabilities:labels:weights:)``.
    case brier
    /// See ``CalibrationError/expected``. Alone it prefers a constant: see <doc:Metrics>.
    case calibrationError
    /// See ``ExpectedMaximumProfit/profit``.
    case empc
    /// The mean profit per row at the threshold that is optimal on the same rows, ``Profit/best(_:)``:
    /// optimistic as a forecast, but equally so for each of the models compared.
    case profit
    /// See ``Ranking/lift(scores:labels:weights:share:)``, of the top tenth.
    case liftTopDecile

    /// True if the better of two models has the higher value.
    public var isBetterWhenHigher: Bool {
        switch self {
        case .auc, .prAuc, .empc, .profit, .liftTopDecile: true
        case .logLoss, .brier, .calibrationError: false
        }
    }

    /// Returns true if a value is better than another.
    public func isBetter(_ value: Double, than other: Double) -> Bool {
        isBetterWhenHigher ? value > other : value < other
    }

    /// Returns the value for outcomes; nil where it is not defined.
    public func value(_ outcomes: Outcomes, settings: MetricSettings = MetricSettings()) -> Double? {
        guard self != .profit else { return settings.profit.best(outcomes)?.mean }
        guard let metric = ReportMetric(rawValue: rawValue) else { return nil }
        return PreparedOutcomes(outcomes, settings: settings, metrics: [metric])?.values()[metric]
    }
}
