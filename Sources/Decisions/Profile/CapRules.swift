import LimpetEvents

/// The caps of a policy, applied to one user's account at one time.
struct CapRules {
    let caps: Caps
    let account: AttentionAccount
    /// The clock's time, from which spacing, days and cooldowns are measured.
    let now: Timestamp
    /// The user's zone as it is known now.
    let zone: TimeZoneRules
    /// The start of the session that is active, or of the silence after the last one.
    let session: Timestamp?

    /// The deliveries that count, but for one that is about to be handed out itself.
    private func counted(without record: UInt64?) -> [Delivery] {
        account.deliveries.filter { !$0.isService && $0.record != record }
    }

    /// The civil day of ``now``.
    var today: Int64 { zone.dayNumber(at: now) }

    /// Returns the rules that exclude every offer that caps count.
    func exclusions(without record: UInt64? = nil) -> [Exclusion] {
        let counted = counted(without: record)
        var exclusions: [Exclusion] = []
        if let last = counted.map(\.countedAt).max() {
            let elapsed = TimeSpan(milliseconds: now.milliseconds - last.milliseconds)
            if elapsed < caps.spacing { exclusions.append(.spacing(elapsed: elapsed, needed: caps.spacing)) }
        }
        let inSession = counted.count(where: isInSession)
        if inSession >= caps.perSession {
            exclusions.append(.perSession(shown: inSession, limit: caps.perSession))
        }
        let inDay = counted.count(where: isInDay)
        if inDay >= caps.perDay {
            exclusions.append(.perDay(shown: inDay, limit: caps.perDay, day: caps.day))
        }
        return exclusions
    }

    /// Returns true if a delivery counts for the current session: one that waits, one whose stored session it
    /// is, and one whose instant lies within it. So late events buy no other session.
    private func isInSession(_ delivery: Delivery) -> Bool {
        guard let handOut = delivery.handOut, let session else { return true }
        return handOut.session == session || handOut.time >= session
    }

    /// Returns true if a delivery counts for today: one that waits, one whose stored day it is, and one whose
    /// instant lies within today in the zone as it is known now. So flying buys no other day.
    private func isInDay(_ delivery: Delivery) -> Bool {
        guard let handOut = delivery.handOut else { return true }
        switch caps.day {
        case .civil: return handOut.day == today || zone.dayNumber(at: handOut.time) == today
        case .rolling: return now.milliseconds - handOut.time.milliseconds < TimeSpan.day.milliseconds
        }
    }

    /// Returns the rules that exclude an offer by the user's past with it.
    func exclusions(of offer: Policy.Offer, _ memory: OfferMemory, backoff: Backoff, waitingFor key: UInt64)
        -> [Exclusion]
    {
        var exclusions: [Exclusion] = []
        if let needed = offer.cooldown {
            let waiting = account.deliveries.lazy.filter { $0.offerKey == key && $0.handOut == nil }
            if let last = ([memory.lastHandOut].compactMap { $0 } + waiting.map(\.reserved)).max() {
                let elapsed = TimeSpan(milliseconds: now.milliseconds - last.milliseconds)
                if elapsed < needed { exclusions.append(.cooldown(elapsed: elapsed, needed: needed)) }
            }
        }
        if let last = memory.lastDismissal, memory.dismissals > 0 {
            guard let wait = backoff.wait(after: memory.dismissals) else {
                return exclusions + [.hidden(dismissals: memory.dismissals)]
            }
            let elapsed = TimeSpan(milliseconds: now.milliseconds - last.milliseconds)
            if elapsed < wait {
                exclusions.append(.backoff(dismissals: memory.dismissals, elapsed: elapsed, needed: wait))
            }
        }
        return exclusions
    }
}
