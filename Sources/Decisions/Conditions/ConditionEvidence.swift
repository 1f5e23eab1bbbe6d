import LimpetEvents
import LimpetFeatures
import LimpetScoring

/// The evidence on which conditions are evaluated: one user's history before a time, read only as far as
/// they ask.
struct ConditionEvidence {
    let policy: CompiledPolicy
    let watch: WatchReader
    /// The as-of time; events at or after it are not seen.
    let asOf: Timestamp
    /// The clock's time, by which the local time of day goes.
    let now: Timestamp
    let zone: TimeZoneRules
    /// The features; nil where the user is not in the model's population.
    let vector: FeatureVector?
    let score: Scorer.Score?
    /// The probability a time ago.
    let earlierProbability: (_ before: Int64) -> Double?
    let levels: [UInt64]
    /// The changes of levels that the evaluation brought about.
    var changedLevels: [(key: UInt64, isOn: Bool)] = []
    /// The findings of the leaves, in the order of the file.
    var findings: [LeafFinding] = []

    private func isOn(_ key: UInt64) -> Bool { levels.contains(key) }

    mutating func setLevel(_ key: UInt64, _ isOn: Bool) {
        if isOn != self.isOn(key) { changedLevels.append((key, isOn)) }
    }

    /// Evaluates a condition, with all its parts whatever the results of the others.
    mutating func holds(_ condition: CompiledCondition) -> Bool {
        switch condition {
        case .all(let parts): return parts.reduce(true) { holds($1) && $0 }
        case .any(let parts): return parts.reduce(false) { holds($1) || $0 }
        case .not(let part): return !holds(part)
        default:
            let finding = finding(condition)
            findings.append(finding)
            return finding.holds
        }
    }

    private mutating func finding(_ condition: CompiledCondition) -> LeafFinding {
        switch condition {
        case .all, .any, .not: return LeafFinding(holds(condition), .none)
        case .score(let bounds):
            return LeafFinding(score.map { bounds.contains($0.probability) } ?? false, .score)
        case .threshold:
            let decision = policy.scorer.model.decision
            return LeafFinding(score.flatMap { decision?.isContacted($0.probability) } ?? false, .score)
        case .scoreLevel(let atLeast, let until, let key):
            guard let score else { return LeafFinding(false, .score) }
            let holds = score.probability >= (isOn(key) ? until : atLeast)
            setLevel(key, holds)
            return LeafFinding(holds, .score)
        case .scoreChange(let within, let bounds):
            guard let score, let earlier = earlierProbability(within) else {
                return LeafFinding(false, .none)
            }
            let change = score.probability - earlier
            return LeafFinding(bounds.contains(change), .number(change))
        case .number(let input, let bounds):
            let number = vector.map { $0.numbers[input] } ?? .nan
            return LeafFinding(bounds.contains(number), number.isNaN ? .none : .number(number))
        case .category(let input, let keys):
            return found(vector.map { $0.categories[input] }, among: keys)
        case .count, .elapsed, .dwell, .text: return historyFinding(condition)
        case .timeOfDay(let period): return LeafFinding(period.contains(now, in: zone), .none)
        case .weekday(let days):
            let day = Int(
                (zone.dayNumber(at: now) + 4) - (zone.dayNumber(at: now) + 4).flooredQuotient(by: 7) * 7)
            return LeafFinding(days.contains(day), .none)
        }
    }

    private func historyFinding(_ condition: CompiledCondition) -> LeafFinding {
        let end = asOf.milliseconds
        switch condition {
        case .count(let filter, let within, let since, let bounds):
            var start = within.map { end - $0 }
            if let since, let last = watch.latest(since, before: end) { start = max(start ?? .min, last + 1) }
            let count = watch.count(filter, from: start, before: end)
            return LeafFinding(bounds.contains(Double(count)), .count(count))
        case .elapsed(let filter, let bounds):
            guard let last = watch.latest(filter, before: end) else { return LeafFinding(false, .none) }
            let span = TimeSpan(milliseconds: end - last)
            return LeafFinding(bounds.contains(span), .count(Int(span.milliseconds)))
        case .dwell(let filter, let within, let bounds):
            let span = watch.dwell(
                filter, from: within.map { end - $0 }, before: end,
                limit: policy.policy.caps.sessionGap.milliseconds)
            return LeafFinding(bounds.contains(TimeSpan(milliseconds: span)), .count(Int(span)))
        case .text(let place, let within, let keys):
            return found(watch.text(place, from: within.map { end - $0 }, before: end), among: keys)
        default: return LeafFinding(false, .none)
        }
    }

    private func found(_ key: TextKey?, among keys: [TextKey]) -> LeafFinding {
        guard let key, !key.isMissing, let place = keys.firstIndex(of: key) else {
            return LeafFinding(false, .none)
        }
        return LeafFinding(true, .text(place))
    }

    // MARK: Triggers

    /// The event or instant at which a trigger may come true.
    enum Instant {
        /// An event at a time that passes some filters.
        case event(time: Int64, filters: [Int])
        /// The end of a wait of an offer.
        case absence
        /// Time has passed.
        case time
    }

    /// Evaluates a trigger: whether it holds, and whether it comes true with what has just happened.
    mutating func state(_ trigger: CompiledTrigger, at instant: Instant) -> (holds: Bool, comesTrue: Bool) {
        switch trigger {
        case .all(let parts):
            let states = states(parts, at: instant)
            let holds = states.allSatisfy(\.holds)
            return (holds, holds && states.contains(where: \.comesTrue))
        case .any(let parts):
            let states = states(parts, at: instant)
            return (states.contains(where: \.holds), states.contains(where: \.comesTrue))
        case .condition(let condition): return (holds(condition), false)
        case .absence:
            if case .absence = instant { return (true, true) }
            return (false, false)
        case .event(let filter, let count, let within, let since):
            guard case .event(let time, let filters) = instant, filters.contains(filter) else {
                return (false, false)
            }
            guard let count else { return (true, true) }
            var start = within.map { time - $0 }
            if let since, let last = watch.latest(since, before: time) {
                start = max(start ?? .min, last + 1)
            }
            let holds = count.contains(Double(watch.count(filter, from: start, before: time + 1)))
            return (holds, holds)
        }
    }

    private mutating func states(_ parts: [CompiledTrigger], at instant: Instant) -> [(
        holds: Bool, comesTrue: Bool
    )] {
        var states: [(holds: Bool, comesTrue: Bool)] = []
        for part in parts { states.append(state(part, at: instant)) }
        return states
    }
}
