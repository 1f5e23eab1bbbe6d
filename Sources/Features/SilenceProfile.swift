public import LimpetEvents

/// How often users come back after each length of silence: what one looks at to choose a definition of churn.
public struct SilenceProfile: Sendable {
    /// One length of silence.
    public struct Row: Hashable, Sendable {
        /// How long the user had been silent.
        public var silence: TimeSpan
        /// Silences that grew that long, and could then be watched for as long again.
        public var count: Int
        /// Those that ended within as long again.
        public var returned: Int
        /// The share of users of the log whose last event before the end is at least that old.
        public var silentShare: Double

        /// The share that came back; nil when there was no such silence.
        public var returnShare: Double? { count > 0 ? Double(returned) / Double(count) : nil }
    }

    /// The rows, by length of silence.
    public let rows: [Row]
    /// The median gap between two consecutive events of a user, in days; nil when nobody came twice.
    public let medianGapDays: Double?

    private static let lengths: [Int64] = [1, 2, 3, 5, 7, 10, 14, 21, 28, 30, 45, 60, 90, 120, 180, 270, 365]

    /// Looks at the silences between the events meant that occur before `end`.
    public init(_ log: EventLog, events: EventPattern, systemEvents: [String], until end: Timestamp) {
        let system = EventPattern(names: systemEvents)
        let isMeant = log.eventNames.map { name in
            events.isAny ? systemEvents.isEmpty || !system.matches(name) : events.matches(name)
        }
        let lengths = Self.lengths.map { TimeSpan.days($0).milliseconds }
        var counts = [Int](repeating: 0, count: lengths.count)
        var returned = counts
        var silent = counts
        var gaps: [Int64] = []
        var users = 0
        for user in log.users.indices {
            let times = log.rows(ofUser: user).filter { isMeant[Int(log.events[$0])] }.map { log.times[$0] }
                .filter { $0 < end.milliseconds }
            guard let last = times.last else { continue }
            users += 1
            for (index, length) in lengths.enumerated() {
                for (start, next) in zip(times, times.dropFirst() + [Int64.max]) {
                    let reached = next == .max ? end.milliseconds - start : next - start
                    guard reached >= length, start + 2 * length <= end.milliseconds else { continue }
                    counts[index] += 1
                    if next != .max, next - start < 2 * length { returned[index] += 1 }
                }
                if end.milliseconds - last >= length { silent[index] += 1 }
            }
            gaps += zip(times, times.dropFirst()).map { $1 - $0 }
        }
        gaps.sort()
        medianGapDays = gaps.isEmpty ? nil : TimeSpan(milliseconds: gaps[gaps.count / 2]).days
        rows = lengths.indices.map { index in
            Row(
                silence: TimeSpan(milliseconds: lengths[index]), count: counts[index],
                returned: returned[index],
                silentShare: users == 0 ? 0 : Double(silent[index]) / Double(users))
        }
    }

    /// The shortest silence after which at most `share` of the users come back within as long again.
    public func suggestion(returnShare share: Double = 0.2) -> TimeSpan? {
        rows.first { $0.count >= 50 && $0.returnShare ?? 1 <= share }?.silence
    }
}
