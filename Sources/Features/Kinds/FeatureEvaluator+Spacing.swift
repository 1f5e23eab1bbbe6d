import LimpetEvents

extension FeatureEvaluator {
    /// Kinds of the times between events, and from them to now.
    func spacing(_ track: borrowing TimeTrack, from start: Int64?, to now: Int64) -> Double {
        let range = track.range(from: start, to: now)
        if kind == .recency {
            guard range.count >= nth else { return .nan }
            return Double(now - track.times[range.upperBound - nth]) / Self.millisecondsPerDay
        }
        guard let lastIndex = range.last else { return .nan }
        let (first, last) = (track.times[range.lowerBound], track.times[lastIndex])
        if kind == .tenure { return Double(now - first) / Self.millisecondsPerDay }
        let gaps = range.count - 1
        guard gaps > 0 else { return .nan }
        switch kind {
        case .meanGap:
            return Double(last - first) / (Double(gaps) * Self.millisecondsPerDay)
        case .shortestGap:
            return Double(Self.gaps(track, range).reduce(Int64.max, min)) / Self.millisecondsPerDay
        case .longestGap:
            return Double(Self.gaps(track, range).reduce(0, max)) / Self.millisecondsPerDay
        case .gapDeviation:
            guard gaps > 1 else { return .nan }
            let spread = Spread(Self.gaps(track, range), count: gaps, sum: Int128(last - first))
            return spread.deviation / Self.millisecondsPerDay
        default:
            guard last > first else { return .nan }
            return Double(wide: Int128(now - last) * Int128(gaps)) / Double(last - first)
        }
    }

    private static func gaps(
        _ track: borrowing TimeTrack, _ range: Range<Int>
    ) -> some Sequence<Int64> {
        let times = track.times
        return range.dropFirst().lazy.map { times[$0] - times[$0 - 1] }
    }
}
