/// The distance between the mean probability and the share of label 1, over bins of equal weight.
///
/// With rows in the order of their probabilities, divided into `M` bins of weight `W / M`,
///
///     expected = Σ_b (W_b / W) · |ȳ_b − p̄_b|        maximum = max_b |ȳ_b − p̄_b|
///
/// (M. Naeini, G. Cooper and M. Hauskrecht, 2015, with bins of equal count). A group of equal probabilities
/// that crosses a border is divided between both bins. The error is above 0 by chance alone, the more so the
/// fewer rows a bin has; and it is 0 for a constant equal to the base rate, which has no information.
public struct CalibrationError: Hashable, Sendable {
    /// The weighted mean error of the bins.
    public var expected: Double
    /// The error of the worst bin.
    public var maximum: Double

    /// Computes the errors; nil without rows, when a probability is NaN, or when a weight is negative or not
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
