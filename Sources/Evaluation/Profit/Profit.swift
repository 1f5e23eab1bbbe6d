public import LimpetScoring

/// The profit of contacting users whose probability is at least a threshold.
///
/// A user who would leave stays with the probability that the offer works, and then brings the value less the
/// offer's cost; a user who would have stayed takes the offer for nothing. So a row that is contacted brings
///
///     label 1: successProbability · (value − offerCost) − contactCost
///     label 0: −offerCost − contactCost
///
/// and one that is not contacted brings 0. This is the profit of ``ExpectedMaximumProfit`` at one known success
/// probability, with a value of each user's own where ``Outcomes/values`` has one.
public struct Profit: Hashable, Sendable {
    /// What keeping a user is worth, for rows without a value of their own.
    public var value = 200.0
    /// The probability that the offer keeps a user who would leave.
    public var successProbability = 0.3
    /// What the offer costs when it is taken.
    public var offerCost = 10.0
    /// What reaching a user costs.
    public var contactCost = 1.0

    /// The values published for EMPC, with the mean of its acceptance probability.
    public init() {}

    /// Values of one's own.
    public init(value: Double, successProbability: Double, offerCost: Double, contactCost: Double) {
        self.value = value
        self.successProbability = successProbability
        self.offerCost = offerCost
        self.contactCost = contactCost
    }

    /// The values that a model's threshold was chosen for.
    public init(_ decision: Model.Decision) {
        self.init(
            value: decision.value, successProbability: decision.successProbability,
            offerCost: decision.offerCost, contactCost: decision.contactCost)
    }

    /// What a threshold brings.
    public struct Result: Hashable, Sendable {
        /// Contacted are all rows whose probability is at least this. Infinite: nobody.
        public var threshold: Double
        /// The profit of all rows, in the unit of the value.
        public var total: Double
        /// The profit per row, contacted or not.
        public var mean: Double
        /// The share of rows that is contacted.
        public var fraction: Double
    }

    /// What contacting a row brings, weight aside.
    func contacting(_ row: Int, of outcomes: Outcomes) -> Double {
        guard outcomes.labels[row] else { return -offerCost - contactCost }
        return successProbability * ((outcomes.values?[row] ?? value) - offerCost) - contactCost
    }

    /// The profit at a threshold, e.g. one that was chosen on earlier snapshots. Nil without rows, when the
    /// threshold or a probability is NaN, when a weight is negative or not finite, or when a profit is not
    /// finite.
    public func result(_ outcomes: Outcomes, threshold: Double) -> Result? {
        guard RowWeights.areValid(outcomes.weights, rows: outcomes.count), !threshold.isNaN else {
            return nil
        }
        var (total, contacted, rows) = (0.0, 0.0, 0.0)
        for row in outcomes.labels.indices {
            let weight = outcomes.weights?[row] ?? 1
            guard weight > 0 else { continue }
            guard !outcomes.probabilities[row].isNaN else { return nil }
            rows += weight
            guard outcomes.probabilities[row] >= threshold else { continue }
            total += weight * contacting(row, of: outcomes)
            contacted += weight
        }
        guard rows > 0, total.isFinite else { return nil }
        return Result(threshold: threshold, total: total, mean: total / rows, fraction: contacted / rows)
    }

    /// The threshold with the most profit on these rows, one of their probabilities: rows with equal
    /// probabilities are contacted together or not at all. Of several with the same profit the highest, which
    /// contacts the fewest; infinite where contacting nobody is best. Nil as
    /// ``result(_:threshold:)``.
    ///
    /// Chosen and judged on the same rows, a profit is too good. Choose on earlier snapshots.
    public func best(_ outcomes: Outcomes) -> Result? {
        guard let order = ScoreOrder(outcomes.probabilities, weights: outcomes.weights) else { return nil }
        var (total, contacted) = (0.0, 0.0)
        var best = (threshold: Double.infinity, total: 0.0, contacted: 0.0)
        for group in 0..<order.groupCount {
            for place in Int(order.starts[group])..<Int(order.starts[group + 1]) {
                let row = Int(order.rows[place])
                let weight = outcomes.weights?[row] ?? 1
                total += weight * contacting(row, of: outcomes)
                contacted += weight
            }
            guard total.isFinite else { return nil }
            if total > best.total {
                best = (outcomes.probabilities[Int(order.rows[Int(order.starts[group])])], total, contacted)
            }
        }
        guard contacted > 0 else { return nil }
        return Result(
            threshold: best.threshold, total: best.total, mean: best.total / contacted,
            fraction: best.contacted / contacted)
    }
}
