/// A metric of a report, by its name in documents.
public enum ReportMetric: String, CaseIterable, Hashable, Sendable {
    /// See ``Ranking/auc(scores:labels:weights:)``.
    case auc
    /// See ``Ranking/averagePrecision(scores:labels:weights:)``.
    case prAuc
    /// See ``ProbabilityLoss/logLoss(probabilities:labels:weights:)``.
    case logLoss
    /// See ``ProbabilityLoss/baseLogLoss(labels:weights:)``.
    case baseLogLoss
    /// See ``ProbabilityLoss/logLossSkill(probabilities:labels:weights:)``.
    case logLossSkill
    /// See ``ProbabilityLoss/brier(probabilities:labels:weights:)``.
    case brier
    /// See ``BrierDecomposition/reliability``.
    case brierReliability
    /// The ``BrierDecomposition/generalisedResolution``, so that the three components add up to the score:
    /// `brier = brierReliability − brierResolution + brierUncertainty`.
    case brierResolution
    /// See ``BrierDecomposition/uncertainty``.
    case brierUncertainty
    /// See ``Calibration/observedToExpected(probabilities:labels:weights:)``.
    case observedToExpected
    /// The slope of ``Calibration/line(logOdds:labels:weights:)`` on the logit of the probabilities.
    case calibrationSlope
    /// The ``Calibration/intercept(logOdds:labels:weights:)`` on the logit of the probabilities.
    case calibrationIntercept
    /// See ``CalibrationError/expected``.
    case calibrationError
    /// See ``CalibrationError/maximum``.
    case maximumCalibrationError
    /// The ``Ranking/lift(scores:labels:weights:share:)`` of the top tenth.
    case liftTopDecile
    /// See ``ExpectedMaximumProfit/profit``.
    case empc
    /// See ``ExpectedMaximumProfit/fraction``.
    case empcFraction
    /// The mean of ``Profit/result(_:threshold:)`` at ``MetricSettings/threshold``; undefined without one.
    case profit
}

extension Set<ReportMetric> {
    /// The metrics of the ranking of users by score.
    static let ofRanking: Set = [.auc, .prAuc, .liftTopDecile, .empc, .empcFraction]
    /// The metrics over bins by probability.
    static let ofBins: Set = [
        .brierReliability, .brierResolution, .brierUncertainty, .calibrationError, .maximumCalibrationError,
    ]
    /// The metrics that sampling error only raises: values lie above the truth, and replicates above the
    /// values.
    static let raisedByChance: Set = [.brierReliability, .calibrationError, .maximumCalibrationError]
    /// The metrics from a regression on the logit of the probability.
    static let ofRegression: Set = [.calibrationSlope, .calibrationIntercept]
}
