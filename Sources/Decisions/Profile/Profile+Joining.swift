import LimpetEvents
import LimpetFeatures

extension Profile {
    /// Takes in the profile of the same user under another id; this one's number stays.
    ///
    /// Events go by their times; the account is the union, so that the user gets nothing while a cap is
    /// exceeded; cooldowns are the latest, dismissals the larger count, consent the newest explicit
    /// statement; of two timers of one offer the earlier stays, which ``Stepper`` then checks against the
    /// joined history.
    mutating func join(_ other: Profile) {
        if let theirs = other.firstDecision, firstDecision.map({ theirs < $0 }) ?? true {
            (firstDecision, holdoutID) = (theirs, other.holdoutID)
        }
        for id in other.ids where !ids.contains(id) { ids.append(id) }
        history = history.merging(other.history)
        overflow += other.overflow
        ledger.join(other.ledger)
        for memory in other.offers { changeMemory(of: memory.key) { $0.join(memory) } }
        for timer in other.timers {
            if let own = timers.first(where: { timer.replaces($0) }), own.due <= timer.due { continue }
            timers.removeAll { timer.replaces($0) }
            timers.append(timer)
        }
        levels = Set(levels + other.levels).sorted()
        consent.join(other.consent)
        messages.join(other.messages)
        clock.join(other.clock)
        isCrossed = isCrossed || other.isCrossed
        decisionCount += other.decisionCount
        lastNow = max(lastNow, other.lastNow)
    }
}
