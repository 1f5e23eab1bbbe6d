/// A zone's clock that remembers the offset that it showed last, since events come in the order of time.
package struct LocalClock: Sendable {
    private let zone: TimeZoneRules
    /// The moments that are known to have the clock's offset.
    package private(set) var validity: Range<Int64>
    /// What the clock shows more than UTC, in milliseconds.
    package private(set) var offset: Int64 = 0

    /// A clock of a zone.
    package init(_ zone: TimeZoneRules) {
        self.zone = zone
        validity = 0..<0
    }

    /// The time on the clock, as milliseconds since 1970 on it.
    package mutating func local(_ time: Int64) -> Int64 {
        if !validity.contains(time) { turn(to: time) }
        return time + offset
    }

    /// Finds the offset at a moment, and how long it holds.
    package mutating func turn(to time: Int64) {
        offset = Int64(zone.offsetSeconds(at: Timestamp(milliseconds: time))) * 1_000
        validity = zone.validity(ofOffsetAt: time)
    }
}

extension TimeZoneRules {
    /// Moments around one, in milliseconds, that have the same offset for sure.
    func validity(ofOffsetAt time: Int64) -> Range<Int64> {
        let second = time.flooredQuotient(by: 1_000)
        let next = transitions.partitioningIndex { $0 > second }
        let isPastAll = next == transitions.count
        // A rule that changes the offset is asked each time.
        if isPastAll, let rule, rule.daylight != nil { return time..<time }
        let start = next == 0 ? Int64.min : transitions[next - 1] * 1_000
        return start..<(isPastAll ? Int64.max : transitions[next] * 1_000)
    }
}
