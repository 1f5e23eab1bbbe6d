import LimpetEvents

/// One feature, bound to its tracks: the definition of every kind, in integers up to the last operations.
struct FeatureEvaluator: Sendable {
    let kind: FeatureKind
    let window: Int64?
    let against: Int64?
    let within: Int64
    let nth: Int
    let decay: DecayTable?
    /// The feature's events, or what they carry.
    let track: Int
    /// The other events that the kind speaks of; for a share, all events without the conditions.
    let otherTrack: Int
    let stageTracks: [Int]
    /// 10^decimals of the property's amounts.
    let unitsPerOne: Double
    let distinctLimit: Int

    static var millisecondsPerDay: Double {
        @inline(__always) get { 86_400_000 }
    }

    init(_ feature: Feature, tracks: inout TrackAllocation) {
        kind = feature.kind
        window = feature.window?.milliseconds
        against = feature.against?.milliseconds
        within = feature.within?.milliseconds ?? 0
        nth = feature.nth ?? 1
        decay = feature.halfLife.map { DecayTable(halfLife: $0.milliseconds) }
        distinctLimit = tracks.featureSet.distinctLimit
        let property = feature.property ?? ""
        let decimals = tracks.featureSet.decimals[property] ?? 0
        unitsPerOne = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
        let filter = EventFilter(events: feature.events, conditions: feature.conditions)
        track = Self.track(feature.kind, filter, property, &tracks)
        if feature.kind == .share {
            otherTrack = tracks.time(EventFilter(events: feature.events))
        } else {
            otherTrack =
                feature.other.map { tracks.time(EventFilter(events: $0, conditions: feature.conditions)) }
                ?? 0
        }
        stageTracks = feature.stages.map {
            tracks.time(EventFilter(events: $0, conditions: feature.conditions))
        }
    }

    private static func track(
        _ kind: FeatureKind, _ filter: EventFilter, _ property: String, _ tracks: inout TrackAllocation
    ) -> Int {
        switch kind {
        case .activeDays, .streak, .longestStreak: tracks.day(filter)
        case .sessions, .funnelStage: 0
        case _ where kind.readsAmount: tracks.amount(property, of: filter)
        case _ where kind.readsText: tracks.category(property, of: filter)
        default: tracks.time(filter)
        }
    }

    var isCategorical: Bool { kind.isCategorical }

    func category(_ state: borrowing UserState, at now: Int64) -> TextKey {
        let categories = state.categories[track]
        let range = categories.times.range(from: window.map { now - $0 }, to: now)
        return range.last.map { TextKey(stored: categories.keys[$0]) } ?? .missing
    }

    func number(_ state: borrowing UserState, at now: Int64) -> Double {
        let start = window.map { now - $0 }
        switch kind {
        case .count, .decayedCount, .change, .difference, .trend, .ratio, .share, .countSince, .member:
            return counted(state, from: start, to: now)
        case .activeDays, .streak, .longestStreak:
            return Double(civilDays(state.days[track], from: start, to: now))
        case .sessions:
            return Double(state.sessions.starts.count(from: start, to: now))
        case .sum, .mean, .standardDeviation, .minimum, .maximum, .latest:
            return amount(state.amounts[track], from: start, to: now)
        case .distinct, .affinity, .entropy:
            return diversity(state.categories[track], from: start, to: now)
        case .recency, .tenure, .meanGap, .shortestGap, .longestGap, .gapDeviation, .overdue:
            return spacing(state.times[track], from: start, to: now)
        case .funnelStage, .chain, .unanswered, .repeats:
            return Double(sequence(state, from: start, to: now))
        case .lastCategory:
            return .nan
        }
    }
}
