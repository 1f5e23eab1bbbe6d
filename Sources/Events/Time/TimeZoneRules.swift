/// The past and future offsets from UTC of one time zone.
///
/// Made from a compiled zone file (TZif, RFC 8536); times after the last listed transition follow the file's
/// POSIX rule. The embeddable modules do not import Foundation, whose small variant has no time zones.
public struct TimeZoneRules: Hashable, Sendable {
    /// The zone's name in the tz database, e.g. `Europe/Amsterdam`.
    public let name: String
    let transitions: [Int64]
    let offsets: [Int32]
    let firstOffset: Int32
    let rule: PosixTimeZone?

    /// Coordinated universal time.
    public static let utc = TimeZoneRules(
        name: "UTC", transitions: [], offsets: [], firstOffset: 0, rule: nil)

    /// Returns a zone whose clocks never change, some minutes east of UTC.
    public static func fixed(offsetMinutes: Int) -> TimeZoneRules {
        TimeZoneRules(
            name: "", transitions: [], offsets: [], firstOffset: Int32(clamping: offsetMinutes * 60),
            rule: nil)
    }

    init(name: String, transitions: [Int64], offsets: [Int32], firstOffset: Int32, rule: PosixTimeZone?) {
        self.name = name
        self.transitions = transitions
        self.offsets = offsets
        self.firstOffset = firstOffset
        self.rule = rule
    }

    /// Returns the seconds to add to UTC for local time at `time`.
    public func offsetSeconds(at time: Timestamp) -> Int {
        let second = time.milliseconds.flooredQuotient(by: 1_000)
        guard let last = transitions.last else {
            return rule.map { $0.offsetSeconds(at: second) } ?? Int(firstOffset)
        }
        if second >= last, let rule { return rule.offsetSeconds(at: second) }
        let index = transitions.partitioningIndex { $0 > second }
        return Int(index == 0 ? firstOffset : offsets[index - 1])
    }

    /// Returns the number of the civil day of `time` in this zone, counted from 1970-01-01.
    public func dayNumber(at time: Timestamp) -> Int64 {
        (time.milliseconds + Int64(offsetSeconds(at: time)) * 1_000)
            .flooredQuotient(by: TimeSpan.day.milliseconds)
    }

    /// Returns the time of a local wall-clock reading, given as milliseconds since 1970 as if the wall clock
    /// were UTC.
    ///
    /// A reading that the clocks skip is moved on by the length of the gap; of one that occurs twice, the
    /// first is meant.
    public func timestamp(ofLocal milliseconds: Int64) -> Timestamp {
        let day = TimeSpan.day.milliseconds
        let before = Int64(offsetSeconds(at: Timestamp(milliseconds: milliseconds - day))) * 1_000
        let after = Int64(offsetSeconds(at: Timestamp(milliseconds: milliseconds + day))) * 1_000
        for offset in [before, after] {
            let candidate = Timestamp(milliseconds: milliseconds - offset)
            if Int64(offsetSeconds(at: candidate)) * 1_000 == offset { return candidate }
        }
        return Timestamp(milliseconds: milliseconds - before)
    }
}

extension Array {
    /// Returns the index of the first element for which `isAfter` holds, in an array where all such elements
    /// come last.
    @inlinable
    package func partitioningIndex(where isAfter: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
