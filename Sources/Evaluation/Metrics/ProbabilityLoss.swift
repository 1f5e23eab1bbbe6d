import LimpetNumerics
import LimpetScoring

/// Losses of probabilities against observed labels.
///
/// `weights` are how often each row counts, nil is 1 for all. Every loss is nil without rows, when a
/// probability of a row with weight is NaN, and when a weight is negative or not finite.
public enum ProbabilityLoss {
    /// The least distance of probabilities from 0 and 1 in logarithms, so that one surprise stays finite.
    static let clip = 1e-15

    /// Returns the mean of `−ln p` for label 1 and `−ln(1 − p)` for label 0, in nats; `p` is clipped to 1e-15
    /// away from 0 and 1.
    public static func logLoss(
        probabilities: [Double], labels: [Bool], weights: [Double]? = nil
    ) -> Double? {
        mean(probabilities, labels, weights) { logLoss($0, $1) }
    }

    /// Returns the log loss of one row.
    static func logLoss(_ probability: Double, _ label: Bool) -> Double {
        let likelihood = label ? probability : 1 - probability
        guard !likelihood.isNaN else { return .nan }
        return -ElementaryFunctions.log(max(clip, min(1, likelihood)))
    }

    /// Returns the log loss of each row.
    static func logLosses(_ probabilities: [Double], _ labels: [Bool]) -> [Double] {
        let (values, isOne) = (probabilities.span, labels.span)
        return ElementaryFunctions.logs(values.count) { row in
            let likelihood = isOne[row] ? values[row] : 1 - values[row]
            return likelihood.isNaN ? .nan : max(clip, min(1, likelihood))
        } result: { _, log in
            -log
        }
    }

    /// Returns the log loss of the best constant: the entropy of the share of label 1, in nats; 0 for one
    /// class.
    public static func baseLogLoss(labels: [Bool], weights: [Double]? = nil) -> Double? {
        mean(labels.map { $0 ? 1 : 0 }, labels, weights) { share, _ in share }.map { baseLogLoss(share: $0) }
    }

    static func baseLogLoss(share: Double) -> Double {
        guard share > 0, share < 1 else { return 0 }
        return -share * ElementaryFunctions.log(share) - (1 - share) * ElementaryFunctions.log1p(-share)
    }

    /// Returns the skill score `1 − logLoss / baseLogLoss`: the share of the base rate's log loss that the
    /// probabilities remove.
    ///
    /// 0 is the base rate alone, 1 is certainty, and below 0 the base rate is better. Nil also for one class,
    /// whose base rate is certain.
    public static func logLossSkill(
        probabilities: [Double], labels: [Bool], weights: [Double]? = nil
    ) -> Double? {
        guard let loss = logLoss(probabilities: probabilities, labels: labels, weights: weights),
            let base = baseLogLoss(labels: labels, weights: weights)
        else { return nil }
        return logLossSkill(loss: loss, base: base)
    }

    static func logLossSkill(loss: Double, base: Double) -> Double? {
        base > 0 ? 1 - loss / base : nil
    }

    /// Returns the Brier score, the mean of `(p − y)²` (G. Brier, 1950).
    public static func brier(
        probabilities: [Double], labels: [Bool], weights: [Double]? = nil
    ) -> Double? {
        mean(probabilities, labels, weights) { brier($0, $1) }
    }

    /// Returns the squared error of one row.
    static func brier(_ probability: Double, _ label: Bool) -> Double {
        let error = probability - (label ? 1 : 0)
        return error * error
    }

    private static func mean(
        _ probabilities: [Double], _ labels: [Bool], _ weights: [Double]?, _ loss: (Double, Bool) -> Double
    ) -> Double? {
        guard probabilities.count == labels.count, RowWeights.areValid(weights, rows: labels.count) else {
            return nil
        }
        var (sum, rows) = (0.0, 0.0)
        for row in labels.indices {
            let weight = weights?[row] ?? 1
            guard weight > 0 else { continue }
            sum += weight * loss(probabilities[row], labels[row])
            rows += weight
        }
        return rows > 0 && !sum.isNaN ? sum / rows : nil
    }
}
