/// What a decision can draw. The raw value is the text in the column `offer`.
public enum SimulatedOffer: String, CaseIterable, Sendable {
    /// No offer: the arm that the others are compared with.
    case none
    /// Money off: for those who leave carts behind.
    case discount
    /// A short lesson: for those with failed attempts.
    case tutorial
    /// A message that there is something to come back for: for those who visit less than they did.
    case reminder

    /// The probability in percent with which a decision draws this arm for a user outside the holdout.
    ///
    /// - Parameter hasAbandonedCart: whether the user's decayed count of abandoned carts is at least 0.5. A
    ///   policy that looks at behaviour makes a plain comparison of arms wrong, and the logged propensity
    ///   needed.
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

/// What an offer does to a user's hazard of leaving.
public enum OfferReaction: CaseIterable, Sendable {
    /// The hazard falls for some days.
    case helped
    /// Nothing happens.
    case indifferent
    /// The hazard rises for some days.
    case harmed
}
