import LimpetDocuments
import LimpetEvents

/// A feature bound to the series that it reads: the definition of every kind, in integers up to the last
/// operations.
struct FeatureEvaluator: Sendable {
    let kind: FeatureKind
    let window: Int64?
    let against: Int64?
    let within: Int64
    let nth: Int
    let decay: DecayTable?
    /// The index of the feature's series, among those of the type that its kind reads.
    let series: Int
    /// The series of the kind's other events; for a share, that of all events without the conditions.
    let otherSeries: Int
    let stageSeries: [Int]
    /// The number `10^decimals` of units in one, for the property's amounts.
    let unitsPerOne: Double
    let distinctLimit: Int

    static var millisecondsPerDay: Double {
        @inline(__always) get { 86_400_000 }
    }

    init(_ feature: Feature, allocation: inout SeriesAllocation) {
        kind = feature.kind
        window = feature.window?.milliseconds
        against = feature.against?.milliseconds
        within = feature.within?.milliseconds ?? 0
        nth = feature.nth ?? 1
        decay = feature.halfLife.map { DecayTable(halfLife: $0.milliseconds) }
        distinctLimit = allocation.featureSet.distinctLimit
        let property = feature.property ?? ""
        let decimals = allocation.featureSet.decimals[property] ?? 0
        unitsPerOne = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
        let filter = EventFilter(events: feature.events, conditions: feature.conditions)
        series = Self.series(feature.kind, filter, property, &allocation)
        if feature.kind == .share {
            otherSeries = allocation.time(EventFilter(events: feature.events))
        } else {
            otherSeries =
                feature.other.map { allocation.time(EventFilter(events: $0, conditions: feature.conditions)) }
                ?? 0
        }
        stageSeries = feature.stages.map {
            allocation.time(EventFilter(events: $0, conditions: feature.conditions))
        }
    }

    private static func series(
        _ kind: FeatureKind, _ filter: EventFilter, _ property: String, _ allocation: inout SeriesAllocation
    ) -> Int {
        switch kind {
        case .activeDays, .streak, .longestStreak: allocation.day(filter)
        case .sessions, .funnelStage: 0
        case _ where kind.readsAmount: allocation.amount(property, of: filter)
        case _ where kind.readsText: allocation.category(property, of: filter)
        default: allocation.time(filter)
        }
    }

    var isCategorical: Bool { kind.isCategorical }

    func category(_ state: borrowing UserState, at now: Int64) -> TextKey {
        let categories = state.categories[series]
        let range = categories.times.range(from: window.map { now - $0 }, to: now)
        return range.last.map { TextKey(stored: categories.keys[$0]) } ?? .missing
    }

    func number(_ state: borrowing UserState, at now: Int64) -> Double {
        let start = window.map { now - $0 }
        switch kind {
        case .count, .decayedCount, .change, .difference, .trend, .ratio, .share, .countSince, .member:
            return counted(state, from: start, to: now)
        case .activeDays, .streak, .longestStreak:
            return Double(civilDays(state.days[series], from: start, to: now))
        case .sessions:
            return Double(state.sessions.starts.count(from: start, to: now))
        case .sum, .mean, .standardDeviation, .minimum, .maximum, .latest:
            return amount(state.amounts[series], from: start, to: now)
        case .distinct, .affinity, .entropy:
            return diversity(state.categories[series], from: start, to: now)
        case .recency, .tenure, .meanGap, .shortestGap, .longestGap, .gapDeviation, .overdue:
            return spacing(state.times[series], from: start, to: now)
        case .funnelStage, .chain, .unanswered, .repeats:
            return Double(sequence(state, from: start, to: now))
        case .lastCategory:
            return .nan
        }
    }
}
