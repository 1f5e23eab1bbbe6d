public import LimpetEvents
import LimpetFeatures

/// Reservations: how they are handed out, and how they are taken back.
extension Stepper {
    /// Hands out the oldest delivery that waits and still may go; those that may not are taken back.
    func handOutWaiting(_ draft: inout StepDraft) {
        for delivery in draft.profile.ledger.waiting where delivery.isInApp {
            guard draft.delivery == nil else { return }
            if let reason = refusal(of: delivery, draft) {
                release(delivery, reason, &draft)
            } else {
                handOut(delivery, &draft)
            }
        }
    }

    /// Takes back what waits for a user who no longer consents to it.
    func releaseRefused(_ draft: inout StepDraft) {
        for delivery in draft.profile.ledger.waiting {
            guard let place = policy.place(of: delivery.offerKey) else { continue }
            if missingConsent(for: place, draft.profile) != nil { release(delivery, .consent, &draft) }
        }
    }

    /// Returns the reason for which a delivery may no longer go; nil where it may.
    private func refusal(of delivery: Delivery, _ draft: StepDraft) -> Effect.Release? {
        if draft.context.silence != nil { return .silence }
        if delivery.validUntil <= draft.context.now { return .expired }
        guard let place = policy.place(of: delivery.offerKey) else { return .expired }
        if missingConsent(for: place, draft.profile) != nil { return .consent }
        if quietInterval(of: place, draft) != nil { return .quietHours }
        if !delivery.isService, !capRules(draft).exclusions(without: delivery.record).isEmpty { return .caps }
        return nil
    }

    /// Returns the deliveries that were handed out to a user and may be shown still: what a repeated input is
    /// answered with.
    public func valid(_ profile: Profile, at now: Timestamp) -> [Delivery] {
        profile.ledger.deliveries.filter { delivery in
            guard delivery.handOut != nil, !delivery.isWithheld, delivery.validUntil > now,
                let place = policy.place(of: delivery.offerKey)
            else { return false }
            return missingConsent(for: place, profile) == nil
        }
    }

    func handOut(_ delivery: Delivery, _ draft: inout StepDraft) {
        let rules = capRules(draft)
        let handOut = Delivery.HandOut(time: draft.context.now, session: rules.session, day: rules.today)
        draft.emit(.handOut(record: delivery.record, handOut))
        var delivery = delivery
        delivery.handOut = handOut
        // The hand-out to a user in the holdout is simulated, and nothing else is handed out instead.
        draft.delivery = delivery
    }

    func release(_ delivery: Delivery, _ reason: Effect.Release, _ draft: inout StepDraft) {
        draft.emit(.release(record: delivery.record, reason))
        draft.emit(
            StepReceipt(
                sequence: 0, asOf: draft.context.now,
                cause: .delivery(delivery.receiptID),
                outcome: .released(reason)))
    }

    func capRules(_ draft: StepDraft) -> CapRules {
        let asOf = asOf(draft)
        let gap = policy.policy.caps.sessionGap.milliseconds
        return CapRules(
            caps: policy.policy.caps, account: draft.profile.ledger, now: draft.context.now,
            zone: zone(draft.profile),
            session: watched(draft).sessionStart(at: asOf.milliseconds, gap: gap).map {
                Timestamp(milliseconds: $0)
            })
    }

    func zone(_ profile: Profile) -> TimeZoneRules {
        profile.clock.rules(usual: policy.plan.zone, named: policy.zone)
    }

    /// Returns the as-of time: now, or the first time after the latest event.
    func asOf(_ draft: StepDraft) -> Timestamp {
        let next = draft.profile.history.lastTime.map { $0 + TimeSpan(milliseconds: 1) }
        return max(draft.context.now, next ?? draft.context.now)
    }

    /// Returns the quiet interval in which it is now for an offer; nil for none.
    func quietInterval(of place: Int, _ draft: StepDraft) -> Range<Timestamp>? {
        let period: CivilPeriod?
        switch policy.policy.offers[place].quietHours {
        case .usual: period = policy.policy.quietHours
        case .none: period = nil
        case .own(let own): period = own
        }
        return period?.interval(containing: draft.context.now, in: zone(draft.profile))
    }

    /// Returns the first purpose to which the user does not consent and which an offer needs; nil where there
    /// is none.
    func missingConsent(for place: Int, _ profile: Profile) -> String? {
        let (offer, rule) = (policy.policy.offers[place], policy.policy.consent)
        var purposes = [ConsentStatements.personalise]
        if policy.offers[place].needsModel { purposes.append(ConsentStatements.profile) }
        if !offer.isInApp { purposes.append(ConsentStatements.messages(by: offer.channel)) }
        return purposes.first { !profile.consent.allows($0, under: rule) }
    }
}
