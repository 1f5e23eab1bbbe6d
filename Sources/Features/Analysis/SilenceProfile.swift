public import LimpetEvents

/// A table of how often users return after silences of each length, from which a definition of churn is
/// chosen.
public struct SilenceProfile: Sendable {
    /// The statistics of one length of silence.
    public struct Row: Hashable, Sendable {
        /// The length of the silence.
        public var silence: TimeSpan
        /// The number of silences of at least this length of which the log covers twice the length.
        public var count: Int
        /// The number of those that ended before twice the length.
        public var returned: Int
        /// The share of the users whose last event is at least this long before the end of the log.
        public var silentShare: Double

        /// The share of the silences that ended; nil when there are none.
        public var returnShare: Double? { count > 0 ? Double(returned) / Double(count) : nil }

        /// True when there are enough silences for a meaningful share.
        public var isTelling: Bool { count >= SilenceProfile.leastSilences }
    }

    /// A conclusion from the rows about churn defined as silence.
    public enum Verdict: Hashable, Sendable {
        /// Few users return after a silence of this length.
        case goneAfter(TimeSpan)
        /// Many users return after every length with enough silences; the longest of these lengths.
        case comesBack(upTo: TimeSpan)
        /// No length has enough silences.
        case tooLittle
    }

    /// The least number of silences for a row to count in a verdict.
    public static let leastSilences = 100

    /// The rows in ascending order of the length of silence.
    public let rows: [Row]
    /// The median gap between consecutive events of a user, in days; nil when no user has two events.
    public let medianGapDays: Double?
    /// The start of complete recording, before which silences do not count; nil when the log is complete from
    /// its first event on.
    ///
    /// Logs often start with a few old events, such as the sign-ups of users who were still active when
    /// recording began. Users who had left by then are not in the log, so that nearly all of these silences
    /// end with a return.
    public let wholeFrom: Timestamp?

    private static let lengths: [Int64] = [1, 2, 3, 5, 7, 10, 14, 21, 28, 30, 45, 60, 90, 120, 180, 270, 365]

    /// Makes the profile of the silences between the given events that occur before `end`.
    public init(_ log: EventLog, events: EventPattern, systemEvents: [String], until end: Timestamp) {
        let system = EventPattern(names: systemEvents)
        let isMeant = log.eventNames.map { name in
            events.isAny ? systemEvents.isEmpty || !system.matches(name) : events.matches(name)
        }
        let first = log.times.min() ?? 0
        let start = Self.wholeStart(log, until: end.milliseconds)
        wholeFrom = start > first ? Timestamp(milliseconds: start) : nil
        var tallies = Self.lengths.map { Tally(length: TimeSpan.days($0).milliseconds) }
        var gaps: [Int64] = []
        var users = 0
        for user in log.users.indices {
            let times = log.rows(ofUser: user).filter { isMeant[Int(log.events[$0])] }.map { log.times[$0] }
                .filter { $0 < end.milliseconds }
            guard !times.isEmpty else { continue }
            users += 1
            for index in tallies.indices { tallies[index].add(times, from: start, until: end.milliseconds) }
            gaps += zip(times, times.dropFirst()).map { $1 - $0 }
        }
        gaps.sort()
        medianGapDays = gaps.isEmpty ? nil : TimeSpan(milliseconds: gaps[gaps.count / 2]).days
        rows = tallies.map { $0.row(users: users) }
    }

    /// Returns the shortest silence after which at most `share` of the users return within the same length
    /// again, among the rows with enough silences.
    public func verdict(returnShare share: Double = 0.2) -> Verdict {
        let telling = rows.filter(\.isTelling)
        guard let longest = telling.last else { return .tooLittle }
        let gone = telling.first { $0.returnShare ?? 1 <= share }
        return gone.map { .goneAfter($0.silence) } ?? .comesBack(upTo: longest.silence)
    }

    /// Returns the length of a ``Verdict/goneAfter(_:)``; nil for any other verdict.
    public func suggestion(returnShare share: Double = 0.2) -> TimeSpan? {
        if case .goneAfter(let silence) = verdict(returnShare: share) { silence } else { nil }
    }

    /// Returns the start of the first week with at least a tenth of the events of a usual week, the one that
    /// contains the median event.
    private static func wholeStart(_ log: EventLog, until end: Int64) -> Int64 {
        guard let first = log.times.min(), first < end else { return end }
        let week = TimeSpan.days(7).milliseconds
        var counts: [Int64: Int] = [:]
        for time in log.times where time < end { counts[(time - first) / week, default: 0] += 1 }
        let weeks = counts.sorted { $0.key < $1.key }
        let half = weeks.reduce(0) { $0 + $1.value } / 2
        var reached = 0
        let usual = weeks.first { week in
            reached += week.value
            return reached > half
        }
        let start = weeks.first { $0.value * 10 >= usual?.value ?? 0 }
        return first + (start?.key ?? 0) * week
    }
}

/// A counter of the silences of one length.
private struct Tally {
    let length: Int64
    private var count = 0
    private var returned = 0
    private var silentUsers = 0

    init(length: Int64) { self.length = length }

    /// Adds a user's silences that began from `start` on and of which the log covers twice the length by
    /// `end`.
    mutating func add(_ times: [Int64], from start: Int64, until end: Int64) {
        for (begin, next) in zip(times, times.dropFirst() + [Int64.max]) {
            let reached = next == .max ? end - begin : next - begin
            guard begin >= start, reached >= length, begin + 2 * length <= end else { continue }
            count += 1
            if next != .max, next - begin < 2 * length { returned += 1 }
        }
        if let last = times.last, end - last >= length { silentUsers += 1 }
    }

    func row(users: Int) -> SilenceProfile.Row {
        SilenceProfile.Row(
            silence: TimeSpan(milliseconds: length), count: count, returned: returned,
            silentShare: users == 0 ? 0 : Double(silentUsers) / Double(users))
    }
}
