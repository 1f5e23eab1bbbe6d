/// One part of the rows, cut by score from the highest to the lowest into parts of equal weight; by default
/// a tenth.
public struct Decile: Hashable, Sendable {
    /// The share of rows down to the end of this part: 0.1 for the first tenth, 1 for the last.
    public var share: Double
    /// The share of all label 1 that is among them: the gain curve.
    public var gain: Double
    /// `gain / share`: how many times more label 1 there is among them than among all.
    public var lift: Double
    /// The share of label 1 in this part alone.
    public var rate: Double
    /// The mean probability in this part alone.
    public var meanProbability: Double

    /// Cuts rows. Groups of equal scores that lie across a border go into both parts with what fits. Nil
    /// without label 1, when a score or a probability is NaN, or when a weight is negative or not finite.
    public static func list(_ outcomes: Outcomes, count: Int = 10) -> [Decile]? {
        guard let order = ScoreOrder(outcomes.logOdds, weights: outcomes.weights) else { return nil }
        let labels = ScoreGroups(order, labels: outcomes.labels, weights: outcomes.weights)
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
