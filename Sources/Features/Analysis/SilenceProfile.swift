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

        /// Whether enough silences were seen to judge by their share.
        public var isTelling: Bool { count >= SilenceProfile.leastSilences }
    }

    /// What the rows say about churn as silence.
    public enum Verdict: Hashable, Sendable {
        /// After so long few come back.
        case goneAfter(TimeSpan)
        /// After every length that was seen often enough many come back; the longest such length.
        case comesBack(upTo: TimeSpan)
        /// No length of silence was seen often enough.
        case tooLittle
    }

    /// A row with fewer silences than this decides nothing.
    public static let leastSilences = 100

    /// The rows, by length of silence.
    public let rows: [Row]
    /// The median gap between two consecutive events of a user, in days; nil when nobody came twice.
    public let medianGapDays: Double?
    /// Silences that began earlier do not count; nil when the log is whole from its first event on.
    ///
    /// Logs often start with a few old events, such as the sign-ups of those users who were still there when
    /// recording began. Whoever had left by then is not in the log: of such silences nearly all end with a return.
    public let wholeFrom: Timestamp?

    private static let lengths: [Int64] = [1, 2, 3, 5, 7, 10, 14, 21, 28, 30, 45, 60, 90, 120, 180, 270, 365]

    /// Looks at the silences between the events meant that occur before `end`.
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

    /// What the rows with enough silences say: the shortest silence after which at most `share` of the users
    /// come back within as long again.
    public func verdict(returnShare share: Double = 0.2) -> Verdict {
        let telling = rows.filter(\.isTelling)
        guard let longest = telling.last else { return .tooLittle }
        let gone = telling.first { $0.returnShare ?? 1 <= share }
        return gone.map { .goneAfter($0.silence) } ?? .comesBack(upTo: longest.silence)
    }

    /// The length of a verdict that few come back; nil for any other.
    public func suggestion(returnShare share: Double = 0.2) -> TimeSpan? {
        if case .goneAfter(let silence) = verdict(returnShare: share) { silence } else { nil }
    }

    /// The start of the first week that has at least a tenth of the events of a usual one, the week in which
    /// half of the events are reached.
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

/// Counts the silences of one length.
private struct Tally {
    let length: Int64
    private var count = 0
    private var returned = 0
    private var silentUsers = 0

    init(length: Int64) { self.length = length }

    /// Adds a user's silences that began from `start` on and could be watched for twice the length by `end`.
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
