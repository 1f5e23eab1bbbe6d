import LimpetNumerics
import LimpetScoring

/// The expected metrics of a model on rows whose labels are not known yet, if its probabilities are
/// calibrated (confidence-based performance estimation).
///
/// Each row counts as label 1 with its own probability `p`. The log loss is then
/// `mean of −p ln p − (1 − p) ln(1 − p)`, Brier's score `mean of p(1 − p)`, the base rate `mean of p`, and
/// the AUC `Σ p_i (1 − p_j) [p_i > p_j, ties half] / (Σ p · Σ (1 − p))` over pairs of different rows.
///
/// The assumption is that the concept has not drifted: the same users churn as before, there are only more or
/// fewer of them. These estimates do not reveal a change in what makes users leave; only labels do.
public struct EstimatedPerformance: Hashable, Sendable {
    /// The expected share of label 1.
    public var baseRate: Double
    /// The expected area under the curve; nil when all probabilities are equal.
    public var auc: Double?
    /// The expected mean log loss.
    public var logLoss: Double
    /// The expected Brier score.
    public var brier: Double

    /// Computes the estimates from calibrated probabilities; nil without rows or when one is not a
    /// probability.
    public init?(probabilities: [Double]) {
        guard !probabilities.isEmpty, probabilities.allSatisfy({ $0 >= 0 && $0 <= 1 }) else { return nil }
        let rows = Double(probabilities.count)
        baseRate = probabilities.reduce(0, +) / rows
        brier = probabilities.reduce(0) { $0 + $1 * (1 - $1) } / rows
        logLoss = probabilities.reduce(0) { $0 + Self.entropy($1) } / rows
        auc = Self.auc(probabilities.sorted())
    }

    private static func entropy(_ p: Double) -> Double {
        guard p > 0, p < 1 else { return 0 }
        return -p * ElementaryFunctions.log(p) - (1 - p) * ElementaryFunctions.log1p(-p)
    }

    /// Returns the expected AUC in one pass over ascending probabilities: those below each count whole, equal
    /// ones half.
    private static func auc(_ ascending: [Double]) -> Double? {
        var (below, pairs, sum, own) = (0.0, 0.0, 0.0, 0.0)
        var start = 0
        while start < ascending.count {
            var end = start
            while end < ascending.count, ascending[end] == ascending[start] { end += 1 }
            let (p, count) = (ascending[start], Double(end - start))
            let zeros = count * (1 - p)
            // A row does not form a pair with itself.
            pairs += count * p * below + 0.5 * (count * p * zeros - count * p * (1 - p))
            own += count * p * (1 - p)
            below += zeros
            sum += count * p
            start = end
        }
        let all = sum * below - own
        return all > 0 && ascending.first != ascending.last ? pairs / all : nil
    }
}
