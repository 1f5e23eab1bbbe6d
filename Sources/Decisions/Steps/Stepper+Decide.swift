import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetScoring

/// The offers among which a decision is made, and its cause.
struct Consideration {
    var places: [Int]
    var cause: StepReceipt.Cause
    /// The event or instant that triggers; nil for a question, and for an offer that was held back.
    var instant: ConditionEvidence.Instant?
    var placement: String?
    /// True if the answer can hold an offer.
    var isAnswered: Bool
    /// True to score the user whatever the offers ask for.
    var usesModel = false

    init(
        places: [Int], cause: StepReceipt.Cause, instant: ConditionEvidence.Instant? = nil,
        placement: String? = nil, isAnswered: Bool, usesModel: Bool = false
    ) {
        self.places = places
        self.cause = cause
        self.instant = instant
        self.placement = placement
        self.isAnswered = isAnswered
        self.usesModel = usesModel
    }

    init(places: [Int], timer: PendingTimer, instant: ConditionEvidence.Instant?) {
        self.init(
            places: places, cause: .timer(offer: places[0], timer.kind), instant: instant, isAnswered: false)
    }
}

/// Decisions: who may get what now, and what is chosen.
extension Stepper {
    private static let reasonCount = 3

    /// Decides among the offers whose trigger an event may fulfil, if one does.
    func decide(
        on incoming: IncomingEvent, filters: [Int], age: TimeSpan, _ draft: inout StepDraft
    ) {
        let places = policy.offers.indices.filter { place in
            guard let trigger = policy.offers[place].trigger else { return false }
            guard age <= policy.policy.offers[place].freshness ?? policy.policy.freshness else {
                return false
            }
            return trigger.isLevel || trigger.eventFilters.contains(where: filters.contains)
        }
        guard !places.isEmpty else { return }
        decide(
            Consideration(
                places: places, cause: .input,
                instant: .event(time: incoming.event.time.milliseconds, filters: filters),
                isAnswered: incoming.isAnswered), &draft)
        scheduleChecks(&draft)
    }

    /// Makes a decision; where a trigger is looked at and none comes true, there is none and no receipt.
    func decide(_ consideration: Consideration, _ draft: inout StepDraft) {
        var evidence = evidence(consideration, draft)
        var looked: [(place: Int, findings: [LeafFinding])] = []
        for place in consideration.places where comesTrue(place, consideration, &evidence, &draft) {
            looked.append((place, evidence.findings))
        }
        guard consideration.instant == nil || !looked.isEmpty else {
            return setLevels(&evidence, &draft)
        }
        var candidates: [StepReceipt.Candidate] = []
        let rules = capRules(draft)
        let common = rules.exclusions()
        for (place, findings) in looked {
            candidates.append(
                candidate(place, findings, consideration, &evidence, rules: rules, common: common, &draft))
        }
        setLevels(&evidence, &draft)
        finish(consideration, candidates, evidence, &draft)
    }

    private func evidence(_ consideration: Consideration, _ draft: StepDraft) -> ConditionEvidence {
        let asOf = asOf(draft)
        let needsModel =
            consideration.usesModel || consideration.places.contains { policy.offers[$0].needsModel }
        let mayScore =
            needsModel && !draft.profile.isOverflowing
            && draft.profile.consent.allows(ConsentStatements.profile, under: policy.policy.consent)
        let vector = mayScore ? features(of: draft.profile, at: asOf) : nil
        let history = draft.profile.history
        return ConditionEvidence(
            policy: policy, watch: watched(draft), asOf: asOf, now: draft.context.now,
            zone: zone(draft.profile),
            vector: vector, score: vector.map { policy.scorer.score($0) },
            earlierProbability: { [reader, policy] span in
                var earlier = FeatureVector(count: policy.plan.featureCount)
                let time = asOf - TimeSpan(milliseconds: span)
                guard reader.read(history, at: time, into: &earlier) else { return nil }
                return policy.scorer.score(earlier).probability
            }, levels: draft.profile.levels)
    }

    /// Returns the features of a user; nil outside the model's population.
    func features(of profile: borrowing Profile, at time: Timestamp) -> FeatureVector? {
        var vector = FeatureVector(count: policy.plan.featureCount)
        return reader.read(profile.history, at: time, into: &vector) ? vector : nil
    }

    /// Returns true if an offer's trigger comes true, and leaves what it found in the evidence.
    private func comesTrue(
        _ place: Int, _ consideration: Consideration, _ evidence: inout ConditionEvidence,
        _ draft: inout StepDraft
    ) -> Bool {
        evidence.findings = []
        let offer = policy.offers[place]
        guard let instant = consideration.instant, let trigger = offer.trigger else { return true }
        let (holds, comesTrue) = evidence.state(trigger, at: instant)
        guard trigger.isLevel else { return comesTrue }
        let held = draft.profile.levels.contains(offer.triggerKey)
        if holds != held { draft.emit(.level(key: offer.triggerKey, isOn: holds)) }
        return comesTrue || holds && !held
    }

    private func setLevels(_ evidence: inout ConditionEvidence, _ draft: inout StepDraft) {
        for change in evidence.changedLevels { draft.emit(.level(key: change.key, isOn: change.isOn)) }
        evidence.changedLevels = []
    }

    /// Returns an offer with every rule that excludes it.
    private func candidate(
        _ place: Int, _ findings: [LeafFinding], _ consideration: Consideration,
        _ evidence: inout ConditionEvidence, rules: CapRules, common: [Exclusion], _ draft: inout StepDraft
    ) -> StepReceipt.Candidate {
        let (offer, compiled) = (policy.policy.offers[place], policy.offers[place])
        if let cause = draft.context.silence {
            return StepReceipt.Candidate(offer: place, exclusions: [.silence(cause)], findings: findings)
        }
        if draft.profile.isOverflowing {
            let exclusion = Exclusion.overflow(limit: Profile.historyLimit)
            return StepReceipt.Candidate(offer: place, exclusions: [exclusion], findings: findings)
        }
        let isOutside = compiled.needsModel && evidence.vector == nil
        if isOutside, policy.policy.version == 1 {
            return StepReceipt.Candidate(offer: place, exclusions: [.population], findings: findings)
        }
        var exclusions: [Exclusion] = isOutside ? [.population] : []
        if let exclusion = placementExclusion(offer, consideration) { exclusions.append(exclusion) }
        evidence.findings = findings
        if !evidence.holds(compiled.condition) { exclusions.append(.condition) }
        if let purpose = missingConsent(for: place, draft.profile) {
            exclusions.append(.consent(purpose: purpose))
        }
        if draft.profile.ledger.deliveries.contains(where: {
            $0.offerKey == compiled.key && $0.handOut == nil
        }) {
            exclusions.append(.waiting)
        }
        if !compiled.isService { exclusions += common }
        exclusions += rules.exclusions(
            of: offer, draft.profile.memory(of: compiled.key), backoff: policy.policy.backoff,
            waitingFor: compiled.key)
        if let quiet = quietInterval(of: place, draft) {
            if exclusions.isEmpty, !offer.isInApp { hold(compiled, until: quiet.upperBound, &draft) }
            exclusions.append(.quietHours(until: quiet.upperBound))
        }
        return StepReceipt.Candidate(offer: place, exclusions: exclusions, findings: evidence.findings)
    }

    private func placementExclusion(_ offer: Policy.Offer, _ consideration: Consideration) -> Exclusion? {
        guard let needed = offer.placements else { return nil }
        let asked = consideration.placement
        let isAsked = asked.map { asked in needed.contains { $0.isVerbatim(asked) } } ?? false
        return isAsked ? nil : .placement(asked: asked, needed: needed)
    }

    /// Puts a decision off until quiet hours end.
    private func hold(_ offer: CompiledOffer, until end: Timestamp, _ draft: inout StepDraft) {
        let timer = PendingTimer(
            offerKey: offer.key, kind: .held, start: draft.context.now, deadline: end, due: end)
        if draft.profile.timer(of: offer.key, .held) != timer { draft.emit(.arm(timer)) }
    }

    // MARK: The choice

    /// Chooses among the eligible offers, reserves the one, and leaves a receipt.
    private func finish(
        _ consideration: Consideration, _ candidates: [StepReceipt.Candidate], _ evidence: ConditionEvidence,
        _ draft: inout StepDraft
    ) {
        var (candidates, evidence) = (candidates, evidence)
        let isFirst = noteEligible(candidates, &draft)
        let vector = isFirst ? evidence.vector ?? usableFeatures(draft) : evidence.vector
        let chosen = choose(among: &candidates)
        let isHeldOut = chosen != nil && policy.isHeldOut(draft.profile)
        var receipt = StepReceipt(
            sequence: 0, asOf: evidence.asOf, cause: consideration.cause, candidates: candidates,
            outcome: outcome(chosen, isHeldOut: isHeldOut, evidence, draft))
        receipt.score = evidence.score.map {
            StepReceipt.Score(logOdds: $0.logOdds, probability: $0.probability)
        }
        if let vector, isFirst { receipt.bins = policy.bins.numbers(of: vector) }
        if let vector = evidence.vector, chosen != nil || consideration.usesModel {
            receipt.reasons = policy.scorer.leadingTopics(vector, count: Self.reasonCount)
        }
        if let chosen { reserve(chosen, isHeldOut: isHeldOut, consideration, &draft) }
        draft.emit(receipt)
        evidence.findings = []
    }

    private func usableFeatures(_ draft: StepDraft) -> FeatureVector? {
        let allows = draft.profile.consent.allows(ConsentStatements.profile, under: policy.policy.consent)
        return allows ? features(of: draft.profile, at: asOf(draft)) : nil
    }

    private func outcome(
        _ chosen: Int?, isHeldOut: Bool, _ evidence: ConditionEvidence, _ draft: StepDraft
    ) -> StepReceipt.Outcome {
        if let chosen { return isHeldOut ? .withheld(chosen) : .offer(chosen) }
        if draft.context.silence != nil { return .silence(.stopped) }
        let isOutside = policy.policy.version == 1 && evidence.vector == nil
        return .silence(isOutside ? .population : .noCandidate)
    }

    /// Notes for which offers the user is eligible for the first time; true if there is one.
    private func noteEligible(_ candidates: [StepReceipt.Candidate], _ draft: inout StepDraft) -> Bool {
        var isFirst = false
        for candidate in candidates where candidate.exclusions.isEmpty {
            let key = policy.offers[candidate.offer].key
            guard draft.profile.memory(of: key).firstEligible == nil else { continue }
            draft.emit(.eligible(offerKey: key))
            isFirst = true
        }
        return isFirst
    }

    /// Returns the eligible offer with the highest gain, by priority and order among equals; the others are
    /// marked as outranked, and those without a gain as such.
    private func choose(among candidates: inout [StepReceipt.Candidate]) -> Int? {
        for index in candidates.indices where candidates[index].exclusions.isEmpty {
            if let net = policy.policy.offers[candidates[index].offer].net, net <= 0 {
                candidates[index].exclusions = [.net(net)]
            }
        }
        let open = candidates.indices.filter { candidates[$0].exclusions.isEmpty }
        let best = open.min { left, right in
            let (first, second) = (candidates[left].offer, candidates[right].offer)
            let (one, other) = (policy.policy.offers[first], policy.policy.offers[second])
            let (gain, otherGain) = (one.net ?? 0, other.net ?? 0)
            if gain != otherGain { return gain > otherGain }
            return (-one.priority, first) < (-other.priority, second)
        }
        guard let best else { return nil }
        let winner = policy.policy.offers[candidates[best].offer].id
        for index in open where index != best { candidates[index].exclusions = [.outranked(by: winner)] }
        return candidates[best].offer
    }

    /// Reserves an offer, and hands it out where the answer can hold it or another channel takes it.
    private func reserve(
        _ place: Int, isHeldOut: Bool, _ consideration: Consideration, _ draft: inout StepDraft
    ) {
        let (offer, compiled, context) = (policy.policy.offers[place], policy.offers[place], draft.context)
        let delivery = Delivery(
            record: context.record, epoch: context.epoch, receipt: draft.receipts.count,
            offer: OfferPlace(generation: context.generation, index: place), offerKey: compiled.key,
            reserved: context.now, validUntil: context.now + offer.validFor, handOut: nil,
            isWithheld: isHeldOut, isService: compiled.isService, isInApp: offer.isInApp)
        draft.emit(.reserve(delivery))
        if !offer.isInApp || consideration.isAnswered && draft.delivery == nil { handOut(delivery, &draft) }
    }
}
