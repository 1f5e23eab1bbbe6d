public import LimpetDocuments
public import LimpetEvents

/// A period of each civil day, from a time of day up to but without another; over midnight where the end
/// comes first.
public struct CivilPeriod: Hashable, Sendable {
    /// The start in minutes after midnight.
    public let start: Int
    /// The end in minutes after midnight, up to 1,440.
    public let end: Int

    private static let minutesOfDay = 1_440

    /// Creates a period; nil unless both are times of a day and differ.
    public init?(start: Int, end: Int) {
        guard (0..<Self.minutesOfDay).contains(start), (0...Self.minutesOfDay).contains(end), start != end,
            !(start == 0 && end == Self.minutesOfDay)
        else { return nil }
        (self.start, self.end) = (start, end)
    }

    /// Returns true if a reading of the local clock lies in the period.
    public func contains(minute: Int) -> Bool {
        start < end ? minute >= start && minute < end : minute >= start || minute < end
    }

    /// Returns true if a time lies in the period on the clocks of a zone.
    public func contains(_ time: Timestamp, in zone: TimeZoneRules) -> Bool {
        contains(minute: Self.minute(of: Self.local(time, in: zone)))
    }

    /// Returns the stretch of time, as the clocks of a zone show the period, in which a time lies; nil when
    /// it lies in none.
    ///
    /// No change of clocks shortens it: where they skip its end, it ends when they would have shown it; where
    /// they show its start twice, it starts with the first, and ends with the second showing of its end.
    public func interval(containing time: Timestamp, in zone: TimeZoneRules) -> Range<Timestamp>? {
        let length = TimeSpan.day.milliseconds
        let today = Self.local(time, in: zone).flooredQuotient(by: length)
        // A zone may skip a whole day, so that a period that starts two days ago by its name is still on.
        for day in today - 2...today {
            let midnight = day * length
            let first = zone.timestamp(ofLocal: midnight + Int64(start) * 60_000)
            let closing = midnight + Int64(end) * 60_000 + (end > start ? 0 : length)
            let last = latest(closing, in: zone)
            if first <= time, time < last { return first..<last }
        }
        return nil
    }

    /// Returns the last time at which the clocks show a reading, or are moved past it.
    private func latest(_ reading: Int64, in zone: TimeZoneRules) -> Timestamp {
        let first = zone.timestamp(ofLocal: reading)
        // Clocks are set back by at most a day; a second showing follows within it.
        let later = Int64(zone.offsetSeconds(at: first + .day)) * 1_000
        let second = Timestamp(milliseconds: reading - later)
        guard second > first, Int64(zone.offsetSeconds(at: second)) * 1_000 == later else { return first }
        return second
    }

    private static func local(_ time: Timestamp, in zone: TimeZoneRules) -> Int64 {
        time.milliseconds + Int64(zone.offsetSeconds(at: time)) * 1_000
    }

    private static func minute(of local: Int64) -> Int {
        let day = TimeSpan.day.milliseconds
        return Int((local - local.flooredQuotient(by: day) * day) / 60_000)
    }
}

extension CivilPeriod: LosslessStringConvertible {
    /// Parses a period such as `18:00-23:00` or `22:00-08:00`.
    public init?(_ description: String) {
        let parts = description.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let start = Self.minutes(parts[0]), let end = Self.minutes(parts[1]) else {
            return nil
        }
        self.init(start: start, end: end)
    }

    /// The period as text.
    public var description: String { "\(Self.text(start))-\(Self.text(end))" }

    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hours = Int(parts[0]),
            let minutes = Int(parts[1]), (0...24).contains(hours), (0..<60).contains(minutes)
        else { return nil }
        return hours * 60 + minutes
    }

    private static func text(_ minutes: Int) -> String {
        let (hours, rest) = (String(100 + minutes / 60).dropFirst(), String(100 + minutes % 60).dropFirst())
        return "\(hours):\(rest)"
    }
}

extension DocumentNode {
    /// Returns the period of the day that this value's text gives.
    func civilPeriod() throws(DocumentError) -> CivilPeriod {
        guard let text = value.text, let period = CivilPeriod(text) else {
            throw error("expected a period of the day such as 18:00-23:00 or 22:00-08:00")
        }
        return period
    }
}
