/// How far the mean probability of a bin is from its share of label 1, over bins of equal weight.
///
/// With rows in the order of their probabilities, cut into `M` bins of weight `W / M`,
///
///     expected = Σ_b (W_b / W) · |ȳ_b − p̄_b|        maximum = max_b |ȳ_b − p̄_b|
///
/// (M. Naeini, G. Cooper and M. Hauskrecht, 2015, with bins of equal count). A group of equal probabilities that
/// lies across a border goes into both bins with its parts. It is above 0 by chance alone, the more so the fewer
/// rows a bin has; and 0 for a constant equal to the base rate, which knows nothing.
public struct CalibrationError: Hashable, Sendable {
    /// The mean over the bins.
    public var expected: Double
    /// That of the worst bin.
    public var maximum: Double

    /// Computes the errors. Nil without rows, when a probability is NaN, or when a weight is negative or not
    /// finite.
    public init?(probabilities: [Double], labels: [Bool], weights: [Double]? = nil, bins: Int = 10) {
        guard let groups = ProbabilityGroups(probabilities: probabilities, labels: labels, weights: weights),
            let bins = groups.bins(bins)
        else { return nil }
        self.init(bins)
    }

    package init(_ bins: EqualCountBins) {
        var (sum, weight, most) = (0.0, 0.0, 0.0)
        for bin in bins.bins {
            let error = abs(bin.rate - bin.meanProbability)
            sum += bin.weight * error
            weight += bin.weight
            most = max(most, error)
        }
        expected = sum / weight
        maximum = most
    }
}
