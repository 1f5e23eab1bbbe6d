public import LimpetEvents

/// The rate of a label by inactivity: of the users with an event in the horizon before the start of a month,
/// the share without any in the horizon after it.
public struct SilenceLabel: Hashable, Sendable {
    /// The horizon in days.
    public let days: Int
    /// The months whose horizons before and after lie within the log.
    public let months: [Month]

    /// The counts at the start of one month.
    public struct Month: Hashable, Sendable {
        /// The snapshot time.
        public let start: Timestamp
        /// The number of users who were active before.
        public let users: Int
        /// The number of them who had no event after it.
        public let silent: Int
    }

    /// The horizons in days.
    static let horizons = [7, 14, 30, 60, 90]

    static func all(of log: EventLog, zone: TimeZoneRules) -> [SilenceLabel] {
        guard let span = log.span else { return [] }
        let starts = monthStarts(span.first, span.last, zone)
        return horizons.compactMap { days in
            let horizon = TimeSpan.days(Int64(days))
            let months = starts.filter { $0 - horizon >= span.first && $0 + horizon <= span.last }
            guard !months.isEmpty else { return nil }
            return SilenceLabel(
                days: days,
                months: months.map { count(log, at: $0.milliseconds, horizon: horizon.milliseconds) })
        }
    }

    private static func monthStarts(
        _ first: Timestamp, _ last: Timestamp, _ zone: TimeZoneRules
    ) -> [Timestamp] {
        var starts: [Timestamp] = []
        var date = CivilDate(dayNumber: zone.dayNumber(at: first))
        while true {
            let (year, month) = date.month == 12 ? (date.year + 1, 1) : (date.year, date.month + 1)
            guard let next = CivilDate(year: year, month: month, day: 1) else { return starts }
            let start = zone.timestamp(ofLocal: next.dayNumber * TimeSpan.day.milliseconds)
            guard start <= last else { return starts }
            starts.append(start)
            date = next
        }
    }

    private static func count(_ log: EventLog, at time: Int64, horizon: Int64) -> Month {
        var (users, silent) = (0, 0)
        for user in log.users.indices {
            let rows = log.rows(ofUser: user)
            // The first event at or after the snapshot time; the one before it is the last event before that
            // time.
            let next = log.times[rows].partitioningPoint { $0 >= time }
            guard next > rows.lowerBound, log.times[next - 1] >= time - horizon else { continue }
            users += 1
            if next == rows.upperBound || log.times[next] >= time + horizon { silent += 1 }
        }
        return Month(start: Timestamp(milliseconds: time), users: users, silent: silent)
    }
}

extension ArraySlice<Int64> {
    /// Returns the first index whose element meets a condition that all later elements meet too.
    fileprivate func partitioningPoint(_ condition: (Int64) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
