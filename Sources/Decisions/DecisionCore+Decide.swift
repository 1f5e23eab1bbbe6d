import LimpetNumerics
import LimpetEvents
import LimpetFeatures
import LimpetScoring

extension DecisionCore {
    /// The maximum number of reasons in a receipt.
    private static let reasonCount = 3

    /// Creates the next decision about a user and charges the ledger.
    func decide(
        _ state: inout DecisionState, cause: Receipt.Cause, asOf: Timestamp, now: Timestamp
    ) -> Receipt {
        let day = civilDay(of: now, in: state, before: asOf)
        let verdict = verdict(on: state, cause: cause, asOf: asOf, now: now, day: day)
        let chosen = verdict.candidates.first { $0.exclusions.isEmpty }?.offer
        let isHeldOut = policy.holdout?.contains(state.user) ?? false
        let exposure = chosen.map {
            AttentionLedger.Exposure(offer: $0, time: now, asOf: asOf, day: day, isWithheld: isHeldOut)
        }
        if let exposure { state.ledger.charge(exposure) }
        state.decisionCount += 1
        return Receipt(
            id: Self.receiptID(user: state.user, sequence: state.decisionCount), user: state.user,
            sequence: state.decisionCount, now: now, time: asOf, cause: cause, score: verdict.score,
            reasons: verdict.reasons, candidates: verdict.candidates,
            outcome: Self.outcome(chosen, isHeldOut: isHeldOut, isScored: verdict.score != nil),
            exposure: exposure,
            modelHash: modelHash, policyHash: policyHash, propensity: 1)
    }

    private struct Verdict {
        var score: Scorer.Score?
        var reasons: [Reason] = []
        var candidates: [Receipt.Candidate]
    }

    private static func outcome(_ chosen: String?, isHeldOut: Bool, isScored: Bool) -> Receipt.Outcome {
        guard let chosen else { return .silence(isScored ? .noCandidate : .population) }
        return isHeldOut ? .withheld(chosen) : .offer(chosen)
    }

    private func verdict(
        on state: DecisionState, cause: Receipt.Cause, asOf: Timestamp, now: Timestamp, day: Int64
    ) -> Verdict {
        guard state.history.isInPopulation(at: asOf) else {
            return Verdict(
                candidates: policy.offers.map {
                    Receipt.Candidate(offer: $0.id, exclusions: [.population], condition: nil)
                })
        }
        let vector = state.history.features(at: asOf)
        let score = scorer.score(vector)
        let situation = Situation(
            events: state.history.events, asOf: asOf, vector: vector, score: score, core: self)
        let rules = AttentionRules(
            caps: policy.caps, ledger: state.ledger, now: now, day: day,
            sessionStart: sessionStart(state, at: asOf))
        return Verdict(
            score: score, reasons: scorer.reasons(vector, count: Self.reasonCount),
            candidates: candidates(in: situation, rules: rules, cause: cause))
    }

    /// Returns every offer with the rules that exclude it; exactly one has none, if any may be shown.
    private func candidates(
        in situation: Situation, rules: AttentionRules, cause: Receipt.Cause
    ) -> [Receipt.Candidate] {
        let common = rules.exclusions
        let candidates = policy.offers.map { offer in
            let trace = ConditionTrace(offer.condition, in: situation)
            var exclusions: [Exclusion] = []
            if let exclusion = Self.placementExclusion(offer, cause: cause) { exclusions.append(exclusion) }
            if !trace.holds { exclusions.append(.condition) }
            exclusions += common
            if let exclusion = rules.cooldown(of: offer) { exclusions.append(exclusion) }
            return Receipt.Candidate(offer: offer.id, exclusions: exclusions, condition: trace)
        }
        let open = candidates.indices.filter { candidates[$0].exclusions.isEmpty }
        let best = open.min {
            (-policy.offers[$0].priority, $0) < (-policy.offers[$1].priority, $1)
        }
        guard let best else { return candidates }
        return candidates.enumerated().map { index, candidate in
            guard candidate.exclusions.isEmpty, index != best else { return candidate }
            return Receipt.Candidate(
                offer: candidate.offer, exclusions: [.outranked(by: candidates[best].offer)],
                condition: candidate.condition)
        }
    }

    /// Returns the exclusion of an offer with placements unless one of them requests the decision; an event
    /// has none.
    private static func placementExclusion(_ offer: Policy.Offer, cause: Receipt.Cause) -> Exclusion? {
        guard let needed = offer.placements else { return nil }
        var asked: String?
        if case .ask(let placement) = cause { asked = placement }
        return asked.map(needed.contains) ?? false ? nil : .placement(asked: asked, needed: needed)
    }

    /// Returns the civil day in the zone of the user's latest event that names one, else in the feature
    /// set's; never in a zone that became known later.
    private func civilDay(of time: Timestamp, in state: DecisionState, before asOf: Timestamp) -> Int64 {
        let events = state.history.events
        let end = events.partitioningIndex { $0.time >= asOf }
        let offset = events[..<end].last { $0.zoneOffsetMinutes != nil }?.zoneOffsetMinutes
        return offset.map { Int64(CivilDay.number(time: time.milliseconds, offsetMinutes: $0)) }
            ?? plan.zone.dayNumber(at: time)
    }

    /// Returns the first half of a SHA-256 over the sequence and the user, in hexadecimal digits.
    private static func receiptID(user: String, sequence: Int) -> String {
        let number = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: sequence >> $0) }
        return String(SHA256.hexadecimal((number + Array(user.utf8))[...]).prefix(32))
    }
}
