/// The deviance of each penalty of a path on held-out rows.
public struct PenaltyValidation: Hashable, Sendable {
    /// The penalties, strongest first.
    public let penalties: [Double]
    /// The mean over folds, weighted by their rows' weights, of the mean deviance of a held-out row, `2·log
    /// loss`.
    public let means: [Double]
    /// The standard errors of ``means`` over folds: `√(weighted mean of (x − mean)² / (folds − 1))`, as
    /// glmnet's `cvsd`.
    public let standardErrors: [Double]

    /// A rule that chooses a penalty.
    public enum Rule: String, CaseIterable, Sendable {
        /// The penalty with the least deviance on held-out rows.
        case minimum
        /// The strongest penalty whose deviance is at most one standard error above the least (L. Breiman et
        /// al., 1984).
        case oneStandardError
    }

    /// Makes the validation from losses.
    ///
    /// - Parameters:
    ///   - losses: the sum of losses of each fold's rows, `[folds][penalties]`.
    ///   - weights: the sum of weights of each fold's rows.
    package init(penalties: [Double], losses: [[Double]], weights: [Double]) {
        let deviances = losses.indices.map { fold in
            losses[fold].map { 2 * $0 / max(1e-300, weights[fold]) }
        }
        self.init(penalties: penalties, deviances: deviances, weights: weights)
    }

    /// Makes the validation from deviances.
    ///
    /// - Parameters:
    ///   - deviances: the mean deviance, or another number that is better when lower, `[folds][penalties]`;
    ///     NaN where it is not defined.
    ///   - weights: the sum of weights of each fold's rows.
    package init(penalties: [Double], deviances all: [[Double]], weights: [Double]) {
        self.penalties = penalties
        let total = weights.reduce(0, +)
        var (means, errors): ([Double], [Double]) = ([], [])
        for place in penalties.indices {
            let deviances = all.map { $0[place] }
            let mean = zip(deviances, weights).reduce(0.0) { $0 + $1.0 * $1.1 } / total
            let spread =
                zip(deviances, weights).reduce(0.0) { $0 + ($1.0 - mean) * ($1.0 - mean) * $1.1 } / total
            means.append(mean)
            errors.append((spread / Double(max(1, all.count - 1))).squareRoot())
        }
        (self.means, standardErrors) = (means, errors)
    }

    /// Returns the index of the penalty that a rule chooses; nil when no mean is finite.
    public func place(_ rule: Rule) -> Int? {
        let finite = means.indices.filter { means[$0].isFinite }
        guard let least = finite.min(by: { means[$0] < means[$1] }) else { return nil }
        switch rule {
        case .minimum: return least
        case .oneStandardError:
            return finite.first { means[$0] <= means[least] + standardErrors[least] }
        }
    }
}
