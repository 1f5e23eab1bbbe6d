import LimpetEvents

/// The caps and cooldowns of a policy, applied to one user's ledger at one time.
struct AttentionRules {
    let caps: Caps
    let ledger: AttentionLedger
    /// The clock's time, from which spacing, days and cooldowns are measured.
    let now: Timestamp
    /// The civil day of ``now`` in the user's zone.
    let day: Int64
    /// The as-of time from which on exposures belong to the current session, or to the silence after the last
    /// one.
    let sessionStart: Timestamp?

    /// The rules that exclude every offer.
    var exclusions: [Exclusion] {
        var exclusions: [Exclusion] = []
        if let last = ledger.lastExposure() {
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

    /// Returns the rule that excludes one offer because of its own last exposure.
    func cooldown(of offer: Policy.Offer) -> Exclusion? {
        guard let needed = offer.cooldown, let last = ledger.lastExposure(of: offer.id) else { return nil }
        let elapsed = TimeSpan(milliseconds: now.milliseconds - last.milliseconds)
        return elapsed < needed ? .cooldown(elapsed: elapsed, needed: needed) : nil
    }
}
