/// The arms that a decision can draw. The raw value is the text in the column `offer`.
public enum SimulatedOffer: String, CaseIterable, Sendable {
    /// No offer: the arm that the others are compared with.
    case none
    /// A price reduction, for users who abandon carts.
    case discount
    /// A short lesson, for users with failed attempts.
    case tutorial
    /// A reminder of the product, for users who visit less than they did.
    case reminder

    /// Returns the probability in percent with which a decision draws this arm for a user outside the
    /// holdout.
    ///
    /// - Parameter hasAbandonedCart: true when the user's decayed count of abandoned carts is at least 0.5.
    ///   Since the policy depends on behaviour, a plain comparison of arms is biased, and the logged
    ///   propensity is needed.
    public func propensityPercent(hasAbandonedCart: Bool) -> Int {
        switch (self, hasAbandonedCart) {
        case (.none, false): 40
        case (_, false): 20
        case (.none, true): 30
        case (.discount, true): 40
        case (_, true): 15
        }
    }

    static func draw(hasAbandonedCart: Bool, from stream: inout RandomStream) -> SimulatedOffer {
        var rest = stream.integer(below: 100)
        for offer in [SimulatedOffer.none, .discount, .tutorial] {
            rest -= offer.propensityPercent(hasAbandonedCart: hasAbandonedCart)
            if rest < 0 { return offer }
        }
        return .reminder
    }
}

/// The effect of an offer on a user's hazard of leaving.
public enum OfferReaction: CaseIterable, Sendable {
    /// The hazard falls for some days.
    case helped
    /// The hazard does not change.
    case indifferent
    /// The hazard rises for some days.
    case harmed
}
