extension SimulatedOffer {
    /// Returns the reaction of a user in a given state to the offer. The rules use observable behaviour only.
    package func reaction(of state: BehaviourState) -> OfferReaction {
        switch self {
        case .none: .indifferent
        case .discount: discountReaction(of: state)
        case .tutorial: tutorialReaction(of: state)
        case .reminder: reminderReaction(of: state)
        }
    }

    /// Returns the change of the log-odds of leaving on the day of the exposure; it fades by 12 % a day.
    package func lift(for state: BehaviourState, _ law: Law) -> Double {
        guard self != .none else { return 0 }
        return law.offerEffect * (reaction(of: state).lift + state.traits.temper)
    }

    /// A discount helps users who abandon carts, and teaches those who pay full price to wait for the next
    /// one.
    private func discountReaction(of state: BehaviourState) -> OfferReaction {
        if state.hasAbandonedCart { return .helped }
        return state.spend >= 3 ? .harmed : .indifferent
    }

    /// A tutorial helps users with failed attempts, and patronises those who have known the product for long.
    private func tutorialReaction(of state: BehaviourState) -> OfferReaction {
        if state.failures >= 0.5 { return .helped }
        return state.tenureDays >= 120 ? .harmed : .indifferent
    }

    /// A reminder annoys users who have dismissed offers, and brings back those who visit less than they did.
    private func reminderReaction(of state: BehaviourState) -> OfferReaction {
        if state.dismissals >= 1 { return .harmed }
        return state.visitTrend <= -0.06 ? .helped : .indifferent
    }
}

extension OfferReaction {
    /// The change of the log-odds of leaving on the day of the exposure.
    fileprivate var lift: Double {
        switch self {
        case .helped: -1.4
        case .indifferent: 0
        case .harmed: 0.8
        }
    }
}
