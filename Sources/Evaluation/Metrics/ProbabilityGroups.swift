/// Groups of rows with equal probabilities, from the highest probability to the lowest.
package struct ProbabilityGroups: Sendable {
    /// The probability of each group.
    package var probabilities: [Double]
    /// The labels of each group.
    package var labels: ScoreGroups

    package init(probabilities: [Double], labels: ScoreGroups) {
        self.probabilities = probabilities
        self.labels = labels
    }

    /// Groups rows; nil when a probability is NaN, a weight is negative or not finite, or the lists differ in
    /// length.
    package init?(probabilities: [Double], labels: [Bool], weights: [Double]? = nil) {
        guard labels.count == probabilities.count,
            let order = ScoreOrder(probabilities, weights: weights)
        else { return nil }
        self.init(
            probabilities: order.firstRows().map { probabilities[$0] },
            labels: ScoreGroups(order, labels: labels, weights: weights))
    }

    /// Returns bins of equal weight; nil without rows.
    package func bins(_ count: Int = 10) -> EqualCountBins? {
        EqualCountBins(labels, count: count) {
            probabilities[$0] * (labels.positives[$0] + labels.negatives[$0])
        }
    }
}
