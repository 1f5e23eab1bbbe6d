import LimpetEvents

extension FeatureEvaluator {
    /// Returns the value of a kind that depends on the times between events and since them.
    func spacing(_ series: borrowing TimeSeries, from start: Int64?, to now: Int64) -> Double {
        let range = series.range(from: start, to: now)
        if kind == .recency {
            guard range.count >= nth else { return .nan }
            return Double(now - series.times[range.upperBound - nth]) / Self.millisecondsPerDay
        }
        guard let lastIndex = range.last else { return .nan }
        let (first, last) = (series.times[range.lowerBound], series.times[lastIndex])
        if kind == .tenure { return Double(now - first) / Self.millisecondsPerDay }
        let gaps = range.count - 1
        guard gaps > 0 else { return .nan }
        switch kind {
        case .meanGap:
            return Double(last - first) / (Double(gaps) * Self.millisecondsPerDay)
        case .shortestGap:
            return Double(Self.gaps(series, range).reduce(Int64.max, min)) / Self.millisecondsPerDay
        case .longestGap:
            return Double(Self.gaps(series, range).reduce(0, max)) / Self.millisecondsPerDay
        case .gapDeviation:
            guard gaps > 1 else { return .nan }
            let spread = Spread(Self.gaps(series, range), count: gaps, sum: Int128(last - first))
            return spread.deviation / Self.millisecondsPerDay
        default:
            guard last > first else { return .nan }
            return Double(wide: Int128(now - last) * Int128(gaps)) / Double(last - first)
        }
    }

    private static func gaps(
        _ series: borrowing TimeSeries, _ range: Range<Int>
    ) -> some Sequence<Int64> {
        let times = series.times
        return range.dropFirst().lazy.map { times[$0] - times[$0 - 1] }
    }
}

extension PrefixAggregates {
    @inline(__always)
    func spacing(
        _ formula: SlicePlan.WindowFeature.Formula, _ series: Int, _ start: Int, _ end: Int, _ now: Int64
    ) -> Double {
        let events = count(series, fromAggregate: start, to: end)
        guard events > 0 else { return .nan }
        let last = rows[end &+ layout.lastTime(series)]
        if formula == .recency { return Double(now - last) / FeatureEvaluator.millisecondsPerDay }
        let first = rows[start &+ layout.nextTime(series)]
        if formula == .tenure { return Double(now - first) / FeatureEvaluator.millisecondsPerDay }
        let gaps = events - 1
        guard gaps > 0 else { return .nan }
        if formula == .meanGap {
            return Double(last - first) / (Double(gaps) * FeatureEvaluator.millisecondsPerDay)
        }
        guard last > first else { return .nan }
        return Double(wide: Int128(now - last) * Int128(gaps)) / Double(last - first)
    }
}
