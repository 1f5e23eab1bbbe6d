public import LimpetScoring

/// The profit of contacting users whose probability is at least a threshold.
///
/// A user who would leave stays with the probability that the offer works, and then brings the value less the
/// offer's cost; a user who would have stayed takes the offer without need. So a contacted row brings
///
///     label 1: successProbability · (value − offerCost) − contactCost
///     label 0: −offerCost − contactCost
///
/// and a row that is not contacted brings 0. This is the profit of ``ExpectedMaximumProfit`` at one known
/// success probability, with each user's own value where ``Outcomes/values`` has one.
public struct Profit: Hashable, Sendable {
    /// The value of keeping a user, for rows without a value of their own.
    public var value = 200.0
    /// The probability that the offer keeps a user who would leave.
    public var successProbability = 0.3
    /// The cost of the offer when it is taken.
    public var offerCost = 10.0
    /// The cost of contacting a user.
    public var contactCost = 1.0

    /// Creates the values published for EMPC, with the mean of its acceptance probability.
    public init() {}

    /// Creates the given values.
    public init(value: Double, successProbability: Double, offerCost: Double, contactCost: Double) {
        self.value = value
        self.successProbability = successProbability
        self.offerCost = offerCost
        self.contactCost = contactCost
    }

    /// Creates the values that a model's threshold was chosen for.
    public init(_ decision: Model.Decision) {
        self.init(
            value: decision.value, successProbability: decision.successProbability,
            offerCost: decision.offerCost, contactCost: decision.contactCost)
    }

    /// The profit at a threshold.
    public struct Result: Hashable, Sendable {
        /// The least probability of a contacted row; infinite when nobody is contacted.
        public var threshold: Double
        /// The total profit of all rows, in the unit of the value.
        public var total: Double
        /// The profit per row, contacted or not.
        public var mean: Double
        /// The share of rows that are contacted.
        public var fraction: Double
    }

    /// Returns the profit of contacting a row, before its weight.
    func contacting(_ row: Int, of outcomes: Outcomes) -> Double {
        guard outcomes.labels[row] else { return -offerCost - contactCost }
        return successProbability * ((outcomes.values?[row] ?? value) - offerCost) - contactCost
    }

    /// Returns the profit at a threshold, e.g. one that was chosen on earlier snapshots.
    ///
    /// Nil without rows, when the threshold or a probability is NaN, when a weight is negative or not finite,
    /// or when a profit is not finite.
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

    /// Returns the threshold with the highest profit on these rows, which is one of their probabilities.
    ///
    /// Rows with equal probabilities are contacted together or not at all. Of several thresholds with the
    /// same profit the highest is returned, which contacts the fewest rows; it is infinite where contacting
    /// nobody is best. Nil as in ``result(_:threshold:)``.
    ///
    /// A profit at a threshold that was chosen on the same rows is optimistic. Choose on earlier snapshots.
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
