public import LimpetEvents

/// What a label by silence would give: of the users with an event in the horizon before a month's start, the share
/// without any in the horizon behind it.
public struct SilenceLabel: Hashable, Sendable {
    /// The horizon in days.
    public let days: Int
    /// The months whose horizon is over at both ends of the log.
    public let months: [Month]

    /// One month's start.
    public struct Month: Hashable, Sendable {
        /// The snapshot time.
        public let start: Timestamp
        /// Users who were active before.
        public let users: Int
        /// Those of them who fell silent.
        public let silent: Int
    }

    /// The horizons that are tried.
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
            let start = zone.moment(ofLocal: next.dayNumber * TimeSpan.day.milliseconds)
            guard start <= last else { return starts }
            starts.append(start)
            date = next
        }
    }

    private static func count(_ log: EventLog, at time: Int64, horizon: Int64) -> Month {
        var (users, silent) = (0, 0)
        for user in log.users.indices {
            let rows = log.rows(ofUser: user)
            // The last event before the snapshot time, and the first from it on.
            let next = log.times[rows].partitioningPoint { $0 >= time }
            guard next > rows.lowerBound, log.times[next - 1] >= time - horizon else { continue }
            users += 1
            if next == rows.upperBound || log.times[next] >= time + horizon { silent += 1 }
        }
        return Month(start: Timestamp(milliseconds: time), users: users, silent: silent)
    }
}

extension ArraySlice<Int64> {
    /// The first place whose element meets a condition that all later ones meet too.
    fileprivate func partitioningPoint(_ condition: (Int64) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
