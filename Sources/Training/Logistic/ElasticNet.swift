import LimpetNumerics
import LimpetScoring

/// The elastic net's penalty as glmnet defines it (J. Friedman, T. Hastie and R. Tibshirani, 2010), for the
/// mean loss of a row: `λ·[α Σ|b_j| + ½ (1 − α) Σ b_j²]`, with `b` on standardised columns.
///
/// The L2 penalty of ``LogisticSettings/penalty`` applies to the sum of losses: at `α = 0` it is `n·λ`, with
/// `n` the sum of the rows' weights.
public struct ElasticNet: Hashable, Sendable {
    /// α: 1 is the lasso, 0 ridge regression.
    public var l1Ratio: Double
    /// The number of penalties of a path.
    public var count = 100
    /// The last penalty as a share of the first; nil for 1e-4 where there are more rows than columns, else
    /// 1e-2.
    public var leastShare: Double?

    /// Makes a path with a share of L1 from 0 to 1.
    public init(l1Ratio: Double) {
        self.l1Ratio = l1Ratio
    }

    /// The share of the deviance at which a path ends early.
    static let deviance = 0.999

    /// Returns the penalties, descending from the one at which all coefficients are 0, evenly on a
    /// logarithmic scale.
    ///
    /// - Parameter largest: the largest absolute slope of the mean loss, at 0, of a penalised column.
    func penalties(largest: Double, rows: Int, columns: Int) -> [Double] {
        // Without L1 no penalty makes coefficients 0: like glmnet, as if α were a thousandth.
        let first = largest / max(l1Ratio, 1e-3)
        guard first > 0, first.isFinite else { return [0.1] }
        let share = leastShare ?? (rows > columns ? 1e-4 : 1e-2)
        return (0..<max(1, count)).map { place in
            first * pow(share, Double(place) / Double(max(1, count - 1)))
        }
    }

    private func pow(_ base: Double, _ exponent: Double) -> Double {
        ElementaryFunctions.exp(exponent * ElementaryFunctions.log(base))
    }
}
