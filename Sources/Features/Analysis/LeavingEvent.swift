import LimpetDocuments
public import LimpetEvents

/// An event by whose name users leave, such as `cancelled`, and which is the last of most of them.
public struct LeavingEvent: Hashable, Sendable {
    /// The event's name.
    public let name: String
    /// The number of users who have it.
    public let users: Int
    /// The share of them who have no other event more than a day after their last one of it.
    public let lastShare: Double

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

    /// Makes an event.
    public init(name: String, users: Int, lastShare: Double) {
        (self.name, self.users, self.lastShare) = (name, users, lastShare)
    }

    /// Returns the leaving events of a log, those of the most users first.
    public static func all(in log: EventLog) -> [LeavingEvent] {
        let candidates = log.eventNames.indices.filter { says(log.eventNames[$0]) }
        guard !candidates.isEmpty else { return [] }
        var (users, last) = ([Int: Int](), [Int: Int]())
        for user in log.users.indices {
            let rows = log.rows(ofUser: user)
            guard let end = rows.last else { continue }
            for event in candidates {
                guard let row = rows.last(where: { Int(log.events[$0]) == event }) else { continue }
                users[event, default: 0] += 1
                let isLast = log.times[end] - log.times[row] <= TimeSpan.day.milliseconds
                if isLast { last[event, default: 0] += 1 }
            }
        }
        return candidates.compactMap { event -> LeavingEvent? in
            guard let count = users[event], count >= leastUsers else { return nil }
            let share = Double(last[event] ?? 0) / Double(count)
            return share >= leastShare
                ? LeavingEvent(name: log.eventNames[event], users: count, lastShare: share) : nil
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
