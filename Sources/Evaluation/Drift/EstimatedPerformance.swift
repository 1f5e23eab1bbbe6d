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
    ///
    /// - Parameter weights: how often each row counts; nil for once.
    public init?(probabilities: [Double], weights: [Double]? = nil) {
        guard probabilities.allSatisfy({ $0 >= 0 && $0 <= 1 }) else { return nil }
        func weight(_ row: Int) -> Double { weights?[row] ?? 1 }
        let rows = weights?.reduce(0, +) ?? Double(probabilities.count)
        guard rows > 0 else { return nil }
        func mean(_ value: (Double) -> Double) -> Double {
            probabilities.indices.reduce(0) { $0 + weight($1) * value(probabilities[$1]) } / rows
        }
        baseRate = mean { $0 }
        brier = mean { $0 * (1 - $0) }
        logLoss = mean { Self.entropy($0) }
        // The highest of the opposite numbers are the lowest probabilities.
        auc = ScoreOrder(probabilities.map { -$0 }, weights: weights).flatMap { order in
            Self.auc(order.rows.map { (probabilities[Int($0)], weight(Int($0))) })
        }
    }

    private static func entropy(_ p: Double) -> Double {
        guard p > 0, p < 1 else { return 0 }
        return -p * ElementaryFunctions.log(p) - (1 - p) * ElementaryFunctions.log1p(-p)
    }

    /// Returns the expected AUC in one pass over ascending probabilities: those below each count whole, equal
    /// ones half.
    private static func auc(_ ascending: [(p: Double, weight: Double)]) -> Double? {
        var (below, pairs, sum, own) = (0.0, 0.0, 0.0, 0.0)
        var start = 0
        while start < ascending.count {
            let p = ascending[start].p
            var (end, count) = (start, 0.0)
            while end < ascending.count, ascending[end].p == p {
                count += ascending[end].weight
                end += 1
            }
            let zeros = count * (1 - p)
            // A row does not form a pair with itself.
            pairs += count * p * below + 0.5 * (count * p * zeros - count * p * (1 - p))
            own += count * p * (1 - p)
            below += zeros
            sum += count * p
            start = end
        }
        let all = sum * below - own
        return all > 0 && ascending.first?.p != ascending.last?.p ? pairs / all : nil
    }
}
