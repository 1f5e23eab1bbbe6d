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
        /// Few users return after a silence of this length, or of any longer one.
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
        let systemEvents = systemEvents + [Event.attributesName]
        let system = EventPattern(names: systemEvents)
        let isMeant = log.eventNames.map { name in
            events.isAny ? systemEvents.isEmpty || !system.matches(name) : events.matches(name)
        }
        let first = log.span?.first.milliseconds ?? 0
        let start = Self.wholeStart(log, until: end.milliseconds)
        wholeFrom = start > first ? Timestamp(milliseconds: start) : nil
        var tallies = Self.lengths.map { Tally(length: TimeSpan.days($0).milliseconds) }
        var (gaps, times): ([Int64], [Int64]) = ([], [])
        var users = 0
        for user in log.users.indices {
            times.removeAll(keepingCapacity: true)
            for row in log.rows(ofUser: user) where isMeant[Int(log.events[row])] {
                if log.times[row] < end.milliseconds { times.append(log.times[row]) }
            }
            guard let last = times.last else { continue }
            users += 1
            for place in times.indices.dropLast() {
                let gap = times[place + 1] - times[place]
                gaps.append(gap)
                Self.add(gap, after: times[place], isOver: true, from: start, until: end, to: &tallies)
            }
            let silence = end.milliseconds - last
            Self.add(silence, after: last, isOver: false, from: start, until: end, to: &tallies)
            for place in tallies.indices where silence >= tallies[place].length {
                tallies[place].silentUsers += 1
            }
        }
        medianGapDays = gaps.isEmpty ? nil : TimeSpan(milliseconds: Self.middle(of: gaps)).days
        rows = tallies.map { $0.row(users: users) }
    }

    /// Adds a silence that began from `start` on to the lengths that it reached, of which the log covers
    /// twice the length by `end`. Lengths ascend, and most silences are shorter than all of them.
    @inline(__always)
    private static func add(
        _ silence: Int64, after begin: Int64, isOver: Bool, from start: Int64, until end: Timestamp,
        to tallies: inout [Tally]
    ) {
        guard begin >= start else { return }
        for place in tallies.indices {
            let length = tallies[place].length
            guard silence >= length, begin + 2 * length <= end.milliseconds else { return }
            tallies[place].count += 1
            if isOver, silence < 2 * length { tallies[place].returned += 1 }
        }
    }

    /// Returns the number in the middle of the ascending order, the later one of two, of numbers that are not
    /// negative: digit by digit, each found by counting those that agree in all digits before it.
    private static func middle(of numbers: [Int64]) -> Int64 {
        var (some, place) = (numbers, numbers.count / 2)
        for shift: Int64 in [48, 32, 16, 0] {
            var counts = [Int](repeating: 0, count: 1 << 16)
            for number in some { counts[Int(number >> shift & 0xffff)] += 1 }
            var digit = 0
            while place >= counts[digit] {
                place -= counts[digit]
                digit += 1
            }
            if counts[digit] < some.count { some.removeAll { Int($0 >> shift & 0xffff) != digit } }
        }
        return some[0]
    }

    /// Returns the shortest silence from which on, at it and at each longer one, at most `share` of the users
    /// return within the same length again, among the rows with enough silences. A single short length may
    /// promise that by accident: those who buy each week do not come back between the first day and the
    /// second.
    public func verdict(returnShare share: Double = 0.2) -> Verdict {
        let telling = rows.filter(\.isTelling)
        guard let longest = telling.last else { return .tooLittle }
        let gone = telling.reversed().prefix { $0.returnShare ?? 1 <= share }.last
        return gone.map { .goneAfter($0.silence) } ?? .comesBack(upTo: longest.silence)
    }

    /// Returns the length of a ``Verdict/goneAfter(_:)``; nil for any other verdict.
    public func suggestion(returnShare share: Double = 0.2) -> TimeSpan? {
        if case .goneAfter(let silence) = verdict(returnShare: share) { silence } else { nil }
    }

    /// Returns the start of the first week with at least a tenth of the events of a usual week, the one that
    /// contains the median event.
    private static func wholeStart(_ log: EventLog, until end: Int64) -> Int64 {
        guard let first = log.span?.first.milliseconds, first < end else { return end }
        let week = TimeSpan.days(7).milliseconds
        var counts: [Int] = []
        for time in log.times where time < end {
            let place = Int((time - first) / week)
            while counts.count <= place { counts.append(0) }
            counts[place] += 1
        }
        let half = counts.reduce(0, +) / 2
        var reached = 0
        let usual = counts.first { count in
            reached += count
            return reached > half
        }
        let start = counts.firstIndex { $0 > 0 && $0 * 10 >= usual ?? 0 }
        return first + Int64(start ?? 0) * week
    }
}

/// A counter of the silences of one length.
private struct Tally {
    let length: Int64
    var count = 0
    var returned = 0
    var silentUsers = 0

    init(length: Int64) { self.length = length }

    func row(users: Int) -> SilenceProfile.Row {
        SilenceProfile.Row(
            silence: TimeSpan(milliseconds: length), count: count, returned: returned,
            silentShare: users == 0 ? 0 : Double(silentUsers) / Double(users))
    }
}
