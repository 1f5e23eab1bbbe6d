/// One group of the rows in descending order of score, divided into groups of equal weight; by default a
/// tenth.
public struct Decile: Hashable, Sendable {
    /// The share of rows down to the end of this group: 0.1 for the first tenth, 1 for the last.
    public var share: Double
    /// The share of all rows with label 1 that lie above the end of this group: the gain curve.
    public var gain: Double
    /// The lift, `gain / share`: the rate of label 1 above the end of this group, divided by that of all
    /// rows.
    public var lift: Double
    /// The share of label 1 in this group alone.
    public var rate: Double
    /// The mean probability in this group alone.
    public var meanProbability: Double

    /// Divides rows into groups of equal weight.
    ///
    /// Rows of equal score that cross a border are divided between both groups. Nil without label 1, when a
    /// score or a probability is NaN, or when a weight is negative or not finite.
    public static func list(_ outcomes: Outcomes, count: Int = 10) -> [Decile]? {
        guard let order = ScoreOrder(outcomes.logOdds, weights: outcomes.weights) else { return nil }
        return list(
            outcomes, order, ScoreGroups(order, labels: outcomes.labels, weights: outcomes.weights),
            count: count)
    }

    /// Divides rows that have been sorted by score.
    static func list(
        _ outcomes: Outcomes, _ order: ScoreOrder, _ labels: ScoreGroups, count: Int = 10
    ) -> [Decile]? {
        let expected = (0..<order.groupCount).map { group in
            order.rows[Int(order.starts[group])..<Int(order.starts[group + 1])].reduce(0.0) { sum, row in
                sum + outcomes.probabilities[Int(row)] * (outcomes.weights?[Int(row)] ?? 1)
            }
        }
        let totals = labels.totals()
        guard totals.positives > 0, !expected.contains(where: \.isNaN),
            let bins = EqualCountBins(labels, count: count, expected: { expected[$0] })
        else { return nil }
        var positives = 0.0
        return bins.bins.enumerated().map { index, bin in
            positives += bin.positives
            let share = Double(index + 1) / Double(bins.bins.count)
            let gain = positives / totals.positives
            return Decile(
                share: share, gain: gain, lift: gain / share, rate: bin.rate,
                meanProbability: bin.meanProbability)
        }
    }
}
