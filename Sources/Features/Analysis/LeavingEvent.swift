import LimpetDocuments
public import LimpetEvents

/// An event by whose name users leave, such as `cancelled`, and after which nothing follows, or next to
/// nothing: what others send to those who have left still comes in.
public struct LeavingEvent: Hashable, Sendable {
    /// The event's name.
    public let name: String
    /// The number of users who have it.
    public let users: Int
    /// The share of them who have no other event more than a day after their last one of it.
    public let lastShare: Double
    /// The events of these users a day after it, as a share of those a day before it.
    public let activityShare: Double

    /// The parts of names that say that somebody leaves.
    private static let words = [
        "churn", "cancel", "unsubscri", "deactivat", "withdr", "terminat", "unregister", "deregister",
        "closed account", "account closed", "close account", "account close", "left ", "quit ", "resign",
        "delete account", "account deleted", "deleted account", "offboard",
    ]
    /// The fewest users of such an event.
    private static let leastUsers = 20
    /// The smallest share of users whose last event it is. Orders are cancelled by people who stay.
    private static let leastShare = 0.8
    /// The largest share of their activity that remains to users who have left.
    private static let mostActivity = 0.1
    /// The share of an event's rate from which on it goes on.
    private static let goingOn = 0.5

    /// Makes an event.
    public init(name: String, users: Int, lastShare: Double, activityShare: Double) {
        (self.name, self.users) = (name, users)
        (self.lastShare, self.activityShare) = (lastShare, activityShare)
    }

    /// True where nothing follows for most users.
    public var isLast: Bool { lastShare >= Self.leastShare }

    /// The users of an event, with what they did before and after their last one of it.
    private struct Tally {
        var (users, last) = (0, 0)
        /// The other events before and after, by code.
        var before: [Int]
        var after: [Int]
        var (daysBefore, daysAfter) = (0.0, 0.0)

        init(events: Int) {
            before = [Int](repeating: 0, count: events)
            after = before
        }

        mutating func add(_ log: EventLog, _ rows: Range<Int>, at row: Int, until end: Int64) {
            let time = log.times[row]
            users += 1
            for earlier in rows.lowerBound..<row { before[Int(log.events[earlier])] += 1 }
            var isLast = true
            for later in rows where log.times[later] > time + TimeSpan.day.milliseconds {
                after[Int(log.events[later])] += 1
                isLast = false
            }
            last += isLast ? 1 : 0
            daysBefore += TimeSpan(milliseconds: time - log.times[rows.lowerBound]).days
            daysAfter += max(0, TimeSpan(milliseconds: end - time).days - 1)
        }

        /// The events a day after, as a share of those before; infinite where either is unknown. Events that
        /// go on as before are sent to users, and do not count, where most events end.
        var activityShare: Double {
            let total = before.reduce(0, +)
            guard total > 0, daysBefore > 0, daysAfter > 0 else {
                return after.contains { $0 > 0 } ? .infinity : 0
            }
            let own = before.indices.filter { event in
                let goesOn =
                    Double(after[event]) / daysAfter > LeavingEvent.goingOn * Double(before[event])
                    / daysBefore
                return before[event] > 0 && !goesOn
            }
            let counted = 2 * own.reduce(0) { $0 + before[$1] } >= total ? own : Array(before.indices)
            let (earlier, later) = (
                counted.reduce(0) { $0 + before[$1] }, counted.reduce(0) { $0 + after[$1] }
            )
            return (Double(later) / daysAfter) / (Double(earlier) / daysBefore)
        }
    }

    /// Returns the leaving events of a log, those of the most users first.
    public static func all(in log: EventLog) -> [LeavingEvent] {
        let candidates = log.eventNames.indices.filter { says(log.eventNames[$0]) }
        guard !candidates.isEmpty, let end = log.span?.last.milliseconds else { return [] }
        var tallies: [Int: Tally] = [:]
        for user in log.users.indices {
            let rows = log.rows(ofUser: user)
            for event in candidates {
                guard let row = rows.last(where: { Int(log.events[$0]) == event }) else { continue }
                tallies[event, default: Tally(events: log.eventNames.count)].add(
                    log, rows, at: row, until: end)
            }
        }
        return candidates.compactMap { event -> LeavingEvent? in
            guard let tally = tallies[event], tally.users >= leastUsers else { return nil }
            let found = LeavingEvent(
                name: log.eventNames[event], users: tally.users,
                lastShare: Double(tally.last) / Double(tally.users), activityShare: tally.activityShare)
            return found.isLast || found.activityShare <= mostActivity ? found : nil
        }.sorted { ($1.users, $0.name) < ($0.users, $1.name) }
    }

    /// Returns true when a name has one of the words, as words are parted by case, underscores or spaces.
    private static func says(_ name: String) -> Bool {
        var parted = ""
        for character in name {
            if character.isUppercase, parted.last?.isLowercase == true { parted += " " }
            parted += character.isLetter ? character.lowercased() : " "
        }
        let padded = " " + parted.split(separator: " ").joined(separator: " ") + " "
        return words.contains { padded.contains(" " + $0) }
    }
}
