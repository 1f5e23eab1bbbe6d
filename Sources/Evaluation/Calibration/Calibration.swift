import LimpetNumerics
import LimpetScoring

/// Whether probabilities mean what they say.
///
/// `weights` say how often each row counts, nil is 1 for all; every answer is nil when a weight is negative or
/// not finite.
public enum Calibration {
    /// The number of rows with label 1, divided by the sum of the probabilities: 1 is right on average, above 1
    /// too many happened. Nil when nothing was expected.
    public static func observedToExpected(
        probabilities: [Double], labels: [Bool], weights: [Double]? = nil
    ) -> Double? {
        guard probabilities.count == labels.count, RowWeights.areValid(weights, rows: labels.count) else {
            return nil
        }
        var (observed, expected) = (0.0, 0.0)
        for row in labels.indices {
            let weight = weights?[row] ?? 1
            guard weight > 0 else { continue }
            expected += weight * probabilities[row]
            if labels[row] { observed += weight }
        }
        return expected > 0 ? observed / expected : nil
    }

    /// A line through log-odds.
    public struct Line: Hashable, Sendable {
        /// 1 is right; below 1 the predictions are too extreme.
        public var slope: Double
        /// 0 is right, once the slope is.
        public var intercept: Double
    }

    /// The logistic regression of labels on log-odds, `logit P(y) = intercept + slope · x`, without penalty
    /// (D. Cox, 1958), by Newton's method with halved steps. Nil when one class is empty, when all log-odds
    /// are equal or one is not finite, or when the log-odds separate the classes, so that no finite slope is
    /// best.
    public static func line(logOdds: [Double], labels: [Bool], weights: [Double]? = nil) -> Line? {
        CalibrationRegression(logOdds, labels: labels, weights: weights)?.line()
    }

    /// The intercept of the logistic regression of labels on log-odds whose slope is held at 1,
    /// `logit P(y) = intercept + x`: calibration in the large. 0 is right on average, above 0 too many
    /// happened; in log-odds. It is the root of `Σ w · (y − P(y))`. Nil when one class is empty or a log-odds
    /// is not finite.
    public static func intercept(logOdds: [Double], labels: [Bool], weights: [Double]? = nil) -> Double? {
        CalibrationRegression(logOdds, labels: labels, weights: weights)?.intercept()
    }

    /// The log-odds of probabilities; these are kept 1e-15 away from 0 and 1, so that all are finite.
    package static func logits(_ probabilities: [Double]) -> [Double] {
        probabilities.map {
            ElementaryFunctions.logit(min(max($0, ProbabilityLoss.clip), 1 - ProbabilityLoss.clip))
        }
    }
}
