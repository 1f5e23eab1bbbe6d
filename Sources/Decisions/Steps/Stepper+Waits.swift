import LimpetEvents
import LimpetFeatures

/// Waits for the absence of events: how events start and end them, and what happens at their end.
extension Stepper {
    /// Ends and starts waits by an event, whatever its age.
    func changeWaits(_ incoming: IncomingEvent, _ filters: [Int], _ draft: inout StepDraft) {
        guard !filters.isEmpty else { return }
        let isTrusted = !incoming.flags.contains(.corrected)
        for offer in policy.offers {
            guard let absence = offer.absence else { continue }
            if filters.contains(absence.no) { end(absence, of: offer, at: incoming.event.time, &draft) }
            if isTrusted, filters.contains(absence.after) {
                start(absence, of: offer, at: incoming.event.time, &draft)
            }
        }
    }

    private func end(
        _ absence: CompiledAbsence, of offer: CompiledOffer, at time: Timestamp, _ draft: inout StepDraft
    ) {
        if let timer = draft.profile.timer(of: offer.key, .absence) {
            // Events that started the wait came before this one: of equal times the arrival decides.
            if time >= timer.start, time <= timer.deadline {
                draft.emit(.disarm(offerKey: offer.key, .absence))
            }
        } else if let fired = draft.profile.memory(of: offer.key).lastFired, time > fired.lowerBound,
            time <= fired.upperBound
        {
            draft.emit(.lateCancel(offerKey: offer.key))
        }
    }

    private func start(
        _ absence: CompiledAbsence, of offer: CompiledOffer, at time: Timestamp, _ draft: inout StepDraft
    ) {
        let terms = absence.terms
        if let timer = draft.profile.timer(of: offer.key, .absence) {
            guard terms.restart == .last, time > timer.start else { return }
        }
        let deadline = time + terms.within
        guard deadline > draft.context.now else { return }
        let isEnded =
            watched(draft).first(
                absence.no, from: time.milliseconds + 1, before: deadline.milliseconds + 1) != nil
        guard !isEnded else { return }
        draft.emit(
            .arm(
                PendingTimer(
                    offerKey: offer.key, kind: .absence, start: time, deadline: deadline,
                    due: deadline + terms.grace)))
    }

    /// Does what is due: reservations that ran out, waits that ended, looks that were put off.
    func takeTick(_ draft: inout StepDraft) {
        let now = draft.context.now
        for delivery in draft.profile.ledger.waiting where delivery.validUntil <= now {
            release(delivery, .expired, &draft)
        }
        let due = draft.profile.timers.filter { $0.due <= now }
            .sorted { ($0.due, $0.offerKey, $0.kind.rawValue) < ($1.due, $1.offerKey, $1.kind.rawValue) }
        guard !due.isEmpty else { return }
        for timer in due { fire(timer, &draft) }
    }

    private func fire(_ timer: PendingTimer, _ draft: inout StepDraft) {
        draft.emit(.disarm(offerKey: timer.offerKey, timer.kind))
        // A policy without the offer has taken the place of the one that set the timer.
        guard let place = policy.place(of: timer.offerKey) else { return }
        let offer = policy.offers[place]
        let late = TimeSpan(milliseconds: draft.context.now.milliseconds - timer.due.milliseconds)
        switch timer.kind {
        case .absence:
            guard let absence = offer.absence else { return }
            draft.emit(.fired(offerKey: offer.key, start: timer.start, deadline: timer.deadline))
            guard late <= absence.terms.validFor else { return note(stale: place, timer.kind, &draft) }
            decide(Consideration(places: [place], timer: timer, instant: .absence), &draft)
        case .held:
            guard late <= policy.policy.offers[place].validFor else {
                return note(stale: place, timer.kind, &draft)
            }
            decide(Consideration(places: [place], timer: timer, instant: nil), &draft)
        case .check:
            check(place, &draft)
        }
    }

    private func check(_ place: Int, _ draft: inout StepDraft) {
        decide(
            Consideration(
                places: [place], cause: .timer(offer: place, .check), instant: .time, isAnswered: false),
            &draft)
        scheduleChecks(&draft)
    }

    /// Sets the time of the next look at conditions that the passing of time alone may fulfil.
    func scheduleChecks(_ draft: inout StepDraft) {
        let now = draft.context.now
        guard !draft.profile.consent.hasObjected, !draft.profile.isOverflowing else { return }
        guard let last = draft.profile.history.lastTime, last > now - Self.checkedSilence else { return }
        for place in policy.checkedOffers {
            let key = policy.offers[place].key
            guard draft.profile.timer(of: key, .check) == nil else { continue }
            let due = now + CompiledPolicy.checkInterval
            draft.emit(.arm(PendingTimer(offerKey: key, kind: .check, start: now, deadline: due, due: due)))
        }
    }

    /// The length of silence after which a user is no longer looked at without an event.
    private static let checkedSilence = TimeSpan.days(90)

    private func note(stale place: Int, _ kind: PendingTimer.Kind, _ draft: inout StepDraft) {
        draft.emit(
            StepReceipt(
                sequence: 0, asOf: draft.context.now, cause: .timer(offer: place, kind),
                outcome: .silence(.stale)))
    }
}
