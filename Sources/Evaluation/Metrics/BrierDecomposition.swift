/// The decomposition of the Brier score (A. Murphy, 1973), over the bins of ``CalibrationError``.
///
/// With `p̄_b` and `ȳ_b` the means of a bin, `W_b` its weight, and all sums divided by the total weight,
///
///     reliability         = Σ_b W_b · (p̄_b − ȳ_b)²
///     resolution          = Σ_b W_b · (ȳ_b − ȳ)²
///     uncertainty         = ȳ · (1 − ȳ)
///     withinBinVariance   = Σ (p − p̄_b)²
///     withinBinCovariance = 2 · Σ (y − ȳ_b) · (p − p̄_b)
///
/// `reliability − resolution + uncertainty` is the Brier score only where all probabilities of a bin are
/// equal. For bins that hold different ones D. Stephenson, C. Coelho and I. Jolliffe (2008) add the variation
/// within bins:
///
///     brier = reliability − generalisedResolution + uncertainty
///     generalisedResolution = resolution − withinBinVariance + withinBinCovariance
///
/// which holds for any bins, up to rounding.
public struct BrierDecomposition: Hashable, Sendable {
    /// The mean squared distance of the bins' mean probabilities from their shares of label 1: 0 is right.
    public var reliability: Double
    /// The variance of the bins' shares of label 1: higher is better, at most ``uncertainty``.
    public var resolution: Double
    /// The Brier score of the base rate, a property of the data alone.
    public var uncertainty: Double
    /// The variance of the probabilities within bins.
    public var withinBinVariance: Double
    /// Twice the covariance of probabilities and labels within bins.
    public var withinBinCovariance: Double

    /// The resolution, with the information of the probabilities within bins.
    public var generalisedResolution: Double { resolution - withinBinVariance + withinBinCovariance }

    /// The Brier score, the sum of the components.
    public var brier: Double { reliability - generalisedResolution + uncertainty }

    /// Computes the components; nil without rows, when a probability is NaN, or when a weight is negative or
    /// not finite.
    public init?(probabilities: [Double], labels: [Bool], weights: [Double]? = nil, bins: Int = 10) {
        guard let groups = ProbabilityGroups(probabilities: probabilities, labels: labels, weights: weights),
            let bins = groups.bins(bins)
        else { return nil }
        self.init(groups, bins: bins)
    }

    package init(_ groups: ProbabilityGroups, bins: EqualCountBins) {
        let totals = groups.labels.totals()
        let weight = totals.positives + totals.negatives
        let rate = totals.positives / weight
        var (squares, products) = (0.0, 0.0)
        for group in groups.probabilities.indices {
            let p = groups.probabilities[group]
            squares += (groups.labels.positives[group] + groups.labels.negatives[group]) * p * p
            products += groups.labels.positives[group] * p
        }
        var parts = (reliability: 0.0, resolution: 0.0)
        for bin in bins.bins {
            let (p, y) = (bin.meanProbability, bin.rate)
            parts.reliability += bin.weight * (p - y) * (p - y)
            parts.resolution += bin.weight * (y - rate) * (y - rate)
            squares -= bin.weight * p * p
            products -= bin.weight * p * y
        }
        reliability = parts.reliability / weight
        resolution = parts.resolution / weight
        uncertainty = rate * (1 - rate)
        withinBinVariance = squares / weight
        withinBinCovariance = 2 * products / weight
    }
}
