extension BehaviourState {
    /// Simulates one day. This function alone defines the process.
    ///
    /// The log and the forks of the truth both use it, so that they have the same distribution. Clock times,
    /// pages and dwell times are details from a stream of their own, on which no later day depends.
    @inline(__always)
    mutating func simulateDay(_ law: Law, _ stream: inout RandomStream) -> DayOutcome {
        var outcome = DayOutcome()
        guard presence == .present else { return outcome }
        decay()
        outcome.isFirstDay = tenureDays == 0
        if outcome.isFirstDay || stream.uniform() < visitProbability(law) {
            visit(law, &stream, &outcome)
        }
        // The draw comes first: usually it is above the cap, and the hazard need not be computed.
        let draw = stream.uniform()
        if draw < Hazard.most, draw < Hazard.daily(self, law) {
            let isSilent = law.silentLeavers > 0 && stream.isTrue(withProbability: law.silentLeavers)
            presence = isSilent ? .leftSilently : .cancelled
            outcome.hasCancelled = !isSilent
        }
        tenureDays += 1
        return outcome
    }

    /// Returns the probability of a visit: visits make visits more likely, and failures less, so that the
    /// drift of engagement shows in the log.
    @inline(__always)
    private func visitProbability(_ law: Law) -> Double {
        let habit = 0.35 * traits.visitRate * law.activity + 0.65 * recentVisits / 0.9
        return min(0.95, habit * (1 - 0.08 * min(failures, 4)))
    }

    private mutating func visit(_ law: Law, _ stream: inout RandomStream, _ outcome: inout DayOutcome) {
        outcome.hasVisit = true
        daysSinceVisit = 0
        recentVisits += 0.1
        usualVisits += 0.03
        decideOffer(law, &stream, &outcome)
        outcome.searches = stream.isTrue(withProbability: 0.25) ? 1 : 0
        watch(&stream, &outcome)
        attempt(&stream, &outcome)
        seekSupport(&stream, &outcome)
        shop(&stream, &outcome)
        if !hasNewsletter, stream.isTrue(withProbability: 0.02) {
            hasNewsletter = true
            outcome.hasJoinedNewsletter = true
        }
    }

    private mutating func watch(_ stream: inout RandomStream, _ outcome: inout DayOutcome) {
        guard stream.isTrue(withProbability: traits.videoRate) else { return }
        let spread = 0.8 * (stream.uniform() + stream.uniform() - 1)
        let percent = (100 * min(1, max(0, traits.attention + spread))).rounded()
        outcome.videoPercent = Int(percent)
        videos += 1
        videoFractions += percent / 100
    }

    /// Draws failed attempts. Failures make failures more likely: most users have none, and some have many
    /// for a week or two.
    private mutating func attempt(_ stream: inout RandomStream, _ outcome: inout DayOutcome) {
        let probability = 0.06 + 0.45 * failures / (failures + 1.5)
        while outcome.failures < 3, stream.isTrue(withProbability: probability) { outcome.failures += 1 }
        failures += Double(outcome.failures)
    }

    private mutating func seekSupport(_ stream: inout RandomStream, _ outcome: inout DayOutcome) {
        if openTickets > 0, stream.isTrue(withProbability: 0.35) {
            outcome.closedTickets = openTickets
            openTickets = 0
        }
        guard stream.isTrue(withProbability: outcome.failures > 0 ? 0.25 : 0.01) else { return }
        outcome.hasOpenedTicket = true
        openTickets += 1
    }

    private mutating func shop(_ stream: inout RandomStream, _ outcome: inout DayOutcome) {
        guard stream.isTrue(withProbability: traits.cartRate) else { return }
        let cents = (traits.typicalCents * (0.5 + stream.uniform())).rounded()
        outcome.cartCents = Int(cents)
        let isDiscounted = outcome.decision?.offer == .discount && outcome.decision?.response == .clicked
        let probability = (traits.isPriceSensitive ? 0.4 : 0.75) + (isDiscounted ? 0.2 : 0)
        outcome.hasPurchased = stream.isTrue(withProbability: probability)
        if outcome.hasPurchased { spend += cents / 1_000 } else { abandonedCarts += 1 }
    }

    /// Makes at most one decision per week, on a day with a visit, by a random draw with known probabilities.
    private mutating func decideOffer(
        _ law: Law, _ stream: inout RandomStream, _ outcome: inout DayOutcome
    ) {
        guard daysSinceDecision >= 7, tenureDays >= 1 else { return }
        daysSinceDecision = 0
        guard !traits.isHeldOut else {
            outcome.decision = OfferDecision(offer: .none, propensityPercent: 100, isHeldOut: true)
            return
        }
        let (offer, percent) = policy.choose(for: self, from: &stream)
        var decision = OfferDecision(offer: offer, propensityPercent: percent, isHeldOut: false)
        if offer != .none {
            decision.response = response(to: offer, &stream)
            show(offer, law)
            if decision.response == .dismissed { dismissals += 1 }
        }
        outcome.decision = decision
    }

    /// Applies the effect of an exposure to an offer; it replaces the remaining effect of an earlier one.
    package mutating func show(_ offer: SimulatedOffer, _ law: Law) {
        offerLift = offer.lift(for: self, law)
    }

    private func response(to offer: SimulatedOffer, _ stream: inout RandomStream) -> OfferDecision.Response {
        let draw = stream.uniform()
        switch offer.reaction(of: self) {
        case .helped: return draw < 0.4 ? .clicked : draw < 0.5 ? .dismissed : .ignored
        case .indifferent: return draw < 0.15 ? .clicked : draw < 0.4 ? .dismissed : .ignored
        case .harmed: return draw < 0.05 ? .clicked : draw < 0.5 ? .dismissed : .ignored
        }
    }
}
