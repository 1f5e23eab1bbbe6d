import LimpetNumerics

/// The expected maximum profit of a retention campaign that follows a ranking, EMPC (T. Verbraken, W. Verbeke
/// and B. Baesens, 2013).
///
/// The users with the highest scores are contacted and offered an incentive. A churner accepts it, and stays,
/// with the probability `γ`; a user who would have stayed anyway always accepts it. When the share `P` of all
/// rows is contacted and churns, and the share `N` is contacted and does not, the profit per row is
///
///     profit = (γ · (V − d) − f) · P − (d + f) · N
///
/// with a user's value `V`, the incentive's cost `d` and the contact's cost `f`. For each `γ` the most
/// profitable corner of the convex hull of the receiver operating characteristic is used; the mean over
/// `γ ~ Beta(alpha, beta)` is the metric. It is a sum over the corners, in which `I_γ(alpha, beta)` is the
/// incomplete beta function. Rows with equal scores are contacted together.
public struct ExpectedMaximumProfit: Hashable, Sendable {
    /// The profit per row, in the unit of the value; 0 where contacting nobody is best.
    public var profit: Double
    /// The mean share of rows that are contacted.
    public var fraction: Double

    /// The costs and gains of a campaign; the defaults are those that were published.
    public struct Parameters: Hashable, Sendable {
        /// The first parameter of the distribution of the probability that a churner accepts.
        public var alpha = 6.0
        /// The second parameter of this distribution; the mean is `alpha / (alpha + beta)`.
        public var beta = 14.0
        /// The value of keeping a user, V.
        public var value = 200.0
        /// The cost of the incentive when it is accepted, d.
        public var incentiveCost = 10.0
        /// The cost of contacting a user, f.
        public var contactCost = 1.0

        /// Creates the published defaults.
        public init() {}

        /// Creates the given parameters.
        public init(alpha: Double, beta: Double, value: Double, incentiveCost: Double, contactCost: Double) {
            self.alpha = alpha
            self.beta = beta
            self.value = value
            self.incentiveCost = incentiveCost
            self.contactCost = contactCost
        }

        /// True if the integral exists and a kept user is worth more than the incentive.
        var areValid: Bool {
            alpha > 0 && alpha < .infinity && beta > 0 && beta < .infinity && value < .infinity
                && incentiveCost >= 0 && contactCost >= 0 && contactCost < .infinity && value > incentiveCost
        }
    }

    /// Computes the profit.
    ///
    /// Nil when one of the classes is empty, when a score is NaN, when a weight is negative or not finite,
    /// when a cost is negative, and when an incentive costs as much as a user is worth.
    public init?(
        scores: [Double], labels: [Bool], weights: [Double]? = nil, parameters: Parameters = Parameters()
    ) {
        guard let groups = ScoreGroups(scores: scores, labels: labels, weights: weights) else { return nil }
        self.init(groups, parameters: parameters)
    }

    package init?(_ groups: ScoreGroups, parameters: Parameters) {
        let corners = ROCHull.corners(groups)
        guard parameters.areValid, let last = corners.last, last.positives > 0, last.negatives > 0 else {
            return nil
        }
        let rows = last.positives + last.negatives
        var from = Acceptance(probability: 0, parameters)
        (profit, fraction) = (0, 0)
        for (index, corner) in corners.enumerated() {
            let end =
                index + 1 < corners.count ? corners[index + 1].probability(after: corner, parameters) : 1
            let to = Acceptance(probability: end, parameters)
            let mass = to.cumulative - from.cumulative
            let costs =
                parameters.contactCost * corner.positives
                + (parameters.incentiveCost + parameters.contactCost) * corner.negatives
            let gain = (parameters.value - parameters.incentiveCost) * corner.positives
            profit += (gain * (to.partialMean - from.partialMean) - costs * mass) / rows
            fraction += (corner.positives + corner.negatives) / rows * mass
            from = to
        }
    }

    /// The part of the distribution that lies below an acceptance probability.
    private struct Acceptance {
        /// The probability mass.
        var cumulative: Double
        /// The integral of the probability times its density.
        var partialMean: Double

        init(probability: Double, _ parameters: Parameters) {
            let (alpha, beta) = (parameters.alpha, parameters.beta)
            let bounded = min(max(probability, 0), 1)
            cumulative = BetaDistribution.cumulative(bounded, alpha: alpha, beta: beta)
            partialMean =
                alpha / (alpha + beta) * BetaDistribution.cumulative(bounded, alpha: alpha + 1, beta: beta)
        }
    }
}

extension ROCHull.Corner {
    /// Returns the acceptance probability from which on this corner is more profitable than the one before
    /// it.
    fileprivate func probability(
        after last: ROCHull.Corner, _ parameters: ExpectedMaximumProfit.Parameters
    ) -> Double {
        let more = (positives: positives - last.positives, negatives: negatives - last.negatives)
        guard more.positives > 0 else { return 1 }
        let ratio = more.negatives / more.positives
        return ((parameters.incentiveCost + parameters.contactCost) * ratio + parameters.contactCost)
            / (parameters.value - parameters.incentiveCost)
    }
}
