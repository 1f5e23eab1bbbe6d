import LimpetEvents

/// One feature, bound to its tracks: the definition of every kind, in integers up to a last division.
struct FeatureEvaluator: Sendable {
    let kind: FeatureKind
    let window: Int64?
    let against: Int64?
    let track: Int
    let minusTrack: Int
    /// 10^decimals of the property's amounts.
    let unitsPerOne: Double
    let distinctLimit: Int

    private static let millisecondsPerDay = Double(TimeSpan.day.milliseconds)

    init(_ feature: Feature, tracks: inout TrackAllocation) {
        kind = feature.kind
        window = feature.window?.milliseconds
        against = feature.against?.milliseconds
        distinctLimit = tracks.featureSet.distinctLimit
        minusTrack = feature.minus.map { tracks.time($0) } ?? 0
        let property = feature.property ?? ""
        let decimals = tracks.featureSet.decimals[property] ?? 0
        unitsPerOne = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
        switch feature.kind {
        case .activeDays: track = tracks.day(feature.events)
        case .sum, .mean, .minimum, .maximum, .latest: track = tracks.amount(property, of: feature.events)
        case .distinct, .lastCategory: track = tracks.category(property, of: feature.events)
        case .sessions: track = 0
        default: track = tracks.time(feature.events)
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
        case .count:
            return Double(state.times[track].count(from: start, to: now))
        case .difference:
            return Double(
                state.times[track].count(from: start, to: now)
                    - state.times[minusTrack].count(from: start, to: now))
        case .activeDays:
            return Double(state.days[track].distinctDays(from: start, to: now))
        case .sessions:
            return Double(state.sessions.starts.count(from: start, to: now))
        case .sum, .mean, .minimum, .maximum, .latest:
            return amount(state.amounts[track], from: start, to: now)
        case .distinct:
            let categories = state.categories[track]
            let count = categories.distinctCount(categories.times.range(from: start, to: now))
            return count <= distinctLimit ? Double(count) : .nan
        case .trend:
            let longer = state.times[track].count(from: against.map { now - $0 }, to: now)
            guard longer > 0 else { return .nan }
            return Double(state.times[track].count(from: start, to: now)) / Double(longer)
        case .recency, .tenure, .meanGap, .longestGap, .overdue:
            return spacing(state.times[track], from: start, to: now)
        case .lastCategory:
            return .nan
        }
    }

    private func amount(_ amounts: borrowing AmountTrack, from start: Int64?, to now: Int64) -> Double {
        let range = amounts.times.range(from: start, to: now)
        if kind == .sum { return Double(amounts.sum(range)) / unitsPerOne }
        guard let last = range.last else { return .nan }
        switch kind {
        case .mean: return Double(amounts.sum(range)) / (Double(range.count) * unitsPerOne)
        case .minimum: return Double(range.reduce(Int64.max) { min($0, amounts.units[$1]) }) / unitsPerOne
        case .maximum: return Double(range.reduce(Int64.min) { max($0, amounts.units[$1]) }) / unitsPerOne
        default: return Double(amounts.units[last]) / unitsPerOne
        }
    }

    private func spacing(_ track: borrowing TimeTrack, from start: Int64?, to now: Int64) -> Double {
        let range = track.range(from: start, to: now)
        guard let lastIndex = range.last else { return .nan }
        let (first, last) = (track.times[range.lowerBound], track.times[lastIndex])
        if kind == .recency { return Double(now - last) / Self.millisecondsPerDay }
        if kind == .tenure { return Double(now - first) / Self.millisecondsPerDay }
        let gaps = range.count - 1
        guard gaps > 0 else { return .nan }
        switch kind {
        case .meanGap:
            return Double(last - first) / (Double(gaps) * Self.millisecondsPerDay)
        case .longestGap:
            let longest = range.dropFirst().reduce(Int64(0)) {
                max($0, track.times[$1] - track.times[$1 - 1])
            }
            return Double(longest) / Self.millisecondsPerDay
        default:
            guard last > first else { return .nan }
            return Double(Int128(now - last) * Int128(gaps)) / Double(last - first)
        }
    }
}
