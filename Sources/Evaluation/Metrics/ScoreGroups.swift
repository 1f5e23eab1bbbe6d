/// The weights of label 1 and label 0 at each score, from the highest score to the lowest.
///
/// All metrics of ranking follow from these: their cumulative sums are the receiver operating characteristic.
package struct ScoreGroups: Sendable {
    /// The weight of rows with label 1 in each group.
    package var positives: [Double]
    /// The weight of rows with label 0 in each group.
    package var negatives: [Double]

    package init(positives: [Double], negatives: [Double]) {
        self.positives = positives
        self.negatives = negatives
    }

    /// Sums labels over the groups of an order.
    package init(_ order: ScoreOrder, labels: [Bool], weights: [Double]? = nil) {
        positives = [Double](repeating: 0, count: order.groupCount)
        negatives = positives
        for group in 0..<order.groupCount {
            for place in Int(order.starts[group])..<Int(order.starts[group + 1]) {
                let row = Int(order.rows[place])
                let weight = weights?[row] ?? 1
                if labels[row] { positives[group] += weight } else { negatives[group] += weight }
            }
        }
    }

    /// Groups rows with equal scores; nil as in ``ScoreOrder/init(_:weights:)``, or when the lists differ in
    /// length.
    package init?(scores: [Double], labels: [Bool], weights: [Double]? = nil) {
        guard labels.count == scores.count, let order = ScoreOrder(scores, weights: weights) else {
            return nil
        }
        self.init(order, labels: labels, weights: weights)
    }

    /// The number of groups.
    package var count: Int { positives.count }

    /// Returns the weight of all rows with label 1, and of all rows with label 0.
    package func totals() -> (positives: Double, negatives: Double) {
        var totals = (positives: 0.0, negatives: 0.0)
        for group in positives.indices {
            totals.positives += positives[group]
            totals.negatives += negatives[group]
        }
        return totals
    }
}
