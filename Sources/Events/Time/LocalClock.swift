/// A converter to a zone's local time that caches the offset, since events arrive in the order of time.
package struct LocalClock: Sendable {
    private let zone: TimeZoneRules
    /// The range of times, in milliseconds since 1970, for which ``offset`` is known to hold.
    package private(set) var validity: Range<Int64>
    /// The current offset from UTC in milliseconds, east positive.
    package private(set) var offset: Int64 = 0

    /// Makes a clock of a zone.
    package init(_ zone: TimeZoneRules) {
        self.zone = zone
        validity = 0..<0
    }

    /// Returns the local time at `time` as milliseconds since 1970, as if the local clock were UTC.
    package mutating func local(_ time: Int64) -> Int64 {
        if !validity.contains(time) { turn(to: time) }
        return time + offset
    }

    /// Looks up the offset at `time`, and the range for which it holds.
    package mutating func turn(to time: Int64) {
        offset = Int64(zone.offsetSeconds(at: Timestamp(milliseconds: time))) * 1_000
        validity = zone.validity(ofOffsetAt: time)
    }
}

extension TimeZoneRules {
    /// Returns a range of times around `time`, in milliseconds, that certainly have the same offset; it may
    /// be empty.
    func validity(ofOffsetAt time: Int64) -> Range<Int64> {
        let second = time.flooredQuotient(by: 1_000)
        let next = transitions.partitioningIndex { $0 > second }
        let isPastAll = next == transitions.count
        // Under a rule with daylight saving the offset is looked up each time.
        if isPastAll, let rule, rule.daylight != nil { return time..<time }
        let start = next == 0 ? Int64.min : transitions[next - 1] * 1_000
        return start..<(isPastAll ? Int64.max : transitions[next] * 1_000)
    }
}
