import LimpetEvents

/// The caps and cooldowns of a policy, held against one user's ledger at one moment.
struct AttentionRules {
    let caps: Caps
    let ledger: AttentionLedger
    /// The clock's time; spacing, days and cooldowns are measured by it.
    let now: Timestamp
    /// The civil day of ``now`` in the user's zone.
    let day: Int64
    /// From which moment on exposures belong to the running session, or to the silence after the last one.
    let sessionStart: Timestamp?

    /// The rules that forbid every offer.
    var exclusions: [Exclusion] {
        var exclusions: [Exclusion] = []
        if let last = ledger.lastShow() {
            let elapsed = TimeSpan(milliseconds: now.milliseconds - last.milliseconds)
            if elapsed < caps.spacing { exclusions.append(.spacing(elapsed: elapsed, needed: caps.spacing)) }
        }
        let inSession = ledger.count(sinceAsOf: sessionStart)
        if inSession >= caps.perSession {
            exclusions.append(.perSession(shown: inSession, limit: caps.perSession))
        }
        let today = caps.day == .civil ? ledger.count(onDay: day) : ledger.count(after: now - .day)
        if today >= caps.perDay {
            exclusions.append(.perDay(shown: today, limit: caps.perDay, day: caps.day))
        }
        return exclusions
    }

    /// The rule that forbids one offer because of its own last show.
    func cooldown(of offer: Policy.Offer) -> Exclusion? {
        guard let needed = offer.cooldown, let last = ledger.lastShow(of: offer.id) else { return nil }
        let elapsed = TimeSpan(milliseconds: now.milliseconds - last.milliseconds)
        return elapsed < needed ? .cooldown(elapsed: elapsed, needed: needed) : nil
    }
}
