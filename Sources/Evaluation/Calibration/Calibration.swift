import LimpetNumerics
import LimpetScoring

/// Metrics of how well probabilities agree with observed rates.
///
/// `weights` are how often each row counts, nil is 1 for all; every result is nil when a weight is negative
/// or not finite.
public enum Calibration {
    /// Returns the number of rows with label 1, divided by the sum of the probabilities.
    ///
    /// It is 1 for probabilities that are right on average, and above 1 where they are too low. Nil when the
    /// sum of the probabilities is 0.
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

    /// A calibration line: logistic regression of labels on log-odds.
    public struct Line: Hashable, Sendable {
        /// The slope: 1 is right, below 1 the predictions are too extreme.
        public var slope: Double
        /// The intercept: 0 is right, if the slope is 1.
        public var intercept: Double
    }

    /// Fits the logistic regression of labels on log-odds, `logit P(y) = intercept + slope · x`, without
    /// penalty (D. Cox, 1958), by Newton's method with step halving.
    ///
    /// Nil when one class is empty, when all log-odds are equal or one is not finite, or when the log-odds
    /// separate the classes, so that no finite slope is optimal.
    public static func line(logOdds: [Double], labels: [Bool], weights: [Double]? = nil) -> Line? {
        CalibrationRegression(logOdds, labels: labels, weights: weights).flatMap { $0.line($0.coarse()) }
    }

    /// Fits the intercept of the logistic regression of labels on log-odds with the slope held at 1,
    /// `logit P(y) = intercept + x`: calibration in the large, in log-odds.
    ///
    /// It is 0 for probabilities that are right on average, and above 0 where they are too low. It is the
    /// root of `Σ w · (y − P(y))`. Nil when one class is empty or a log-odds is not finite.
    public static func intercept(logOdds: [Double], labels: [Bool], weights: [Double]? = nil) -> Double? {
        CalibrationRegression(logOdds, labels: labels, weights: weights).flatMap { $0.intercept($0.coarse()) }
    }

    /// Returns the log-odds of probabilities, which are clipped to 1e-15 away from 0 and 1, so that all are
    /// finite.
    package static func logits(_ probabilities: [Double]) -> [Double] {
        let values = probabilities.span
        func clipped(_ row: Int) -> Double {
            min(max(values[row], ProbabilityLoss.clip), 1 - ProbabilityLoss.clip)
        }
        let others = ElementaryFunctions.logs(values.count) {
            1 + -clipped($0)
        } result: { row, log in
            // The operations of ElementaryFunctions.log1p in their order.
            let x = -clipped(row)
            let sum = 1 + x
            return sum == 1 ? x : log + (x - (sum - 1)) / sum
        }
        return ElementaryFunctions.logs(values.count) {
            clipped($0)
        } result: { row, log in
            log - others[row]
        }
    }
}
