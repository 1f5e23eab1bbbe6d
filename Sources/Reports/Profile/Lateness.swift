import LimpetEvents

/// How late rows came: a row is late by as much as its time lies before the latest time that had arrived before it.
///
/// Only the order of the rows in the files is known, not the snapshot time when each came. A log that is sorted by user, not by
/// time, has no order of arrival to speak of; where more than a fifth of the rows would be late, nothing is concluded.
public struct Lateness: Hashable, Sendable {
    /// The late rows.
    public let rows: Int
    /// How late half of the late rows are at most, in milliseconds.
    public let half: Int64
    /// How late 99 of 100 of them are at most.
    public let percentile99: Int64
    /// How late the latest is.
    public let most: Int64
    /// Whether the rows are in the order of their times at all, so that the figures mean something.
    public let isKnown: Bool

    init(_ log: EventLog) {
        var delays: [Int64] = []
        if let arrivals = log.arrivals {
            var times = [Int64](repeating: 0, count: log.count)
            for (row, place) in arrivals.enumerated() { times[Int(place)] = log.times[row] }
            var latest = Int64.min
            for time in times {
                if time < latest { delays.append(latest - time) } else { latest = time }
            }
        }
        rows = delays.count
        delays.sort()
        func point(_ share: Double) -> Int64 {
            delays.isEmpty ? 0 : delays[min(delays.count - 1, Int(share * Double(delays.count)))]
        }
        (half, percentile99, most) = (point(0.5), point(0.99), delays.last ?? 0)
        isKnown = log.arrivals != nil && delays.count * 5 <= log.count
    }
}

/// Rows that say the same as another.
enum Repetitions {
    /// How many rows equal an earlier one of the same user in time, name and all properties.
    static func count(in log: EventLog) -> Int {
        let columns = log.texts.keys.sorted().compactMap { log.texts[$0]?.codes }
        var count = 0
        for user in log.users.indices {
            let rows = log.rows(ofUser: user)
            var start = rows.lowerBound
            while start < rows.upperBound {
                var end = start + 1
                while end < rows.upperBound, log.times[end] == log.times[start] { end += 1 }
                if end - start > 1 { count += repeated(start..<end, log, columns) }
                start = end
            }
        }
        return count
    }

    private static func repeated(_ rows: Range<Int>, _ log: EventLog, _ columns: [[UInt32]]) -> Int {
        var seen: Set<[UInt32]> = []
        var count = 0
        for row in rows {
            let key = [UInt32(log.events[row])] + columns.map { $0[row] }
            if !seen.insert(key).inserted { count += 1 }
        }
        return count
    }
}

/// A user who may be no customer.
public struct Suspect: Hashable, Sendable {
    /// The id.
    public let user: String
    /// The user's events.
    public let rows: Int
    /// Why.
    public let reason: Reason

    /// Why a user stands out.
    public enum Reason: String, Sendable {
        /// More than 100 times the 99th percentile of events.
        case robot
        /// An id that looks like a test's.
        case test
    }

    static func all(of log: EventLog) -> [Suspect] {
        let counts = log.users.indices.map { log.rows(ofUser: $0).count }.sorted()
        // Of few users, the one below the most.
        let usual = counts.isEmpty ? 1 : counts[max(0, counts.count - 1) * 99 / 100]
        return log.users.indices.compactMap { user in
            let rows = log.rows(ofUser: user).count
            let id = log.users[user]
            if rows > 100 * max(1, usual) {
                return Suspect(user: id, rows: rows, reason: .robot)
            }
            return looksLikeTest(id) ? Suspect(user: id, rows: rows, reason: .test) : nil
        }.sorted { ($1.rows, $0.user) < ($0.rows, $1.user) }
    }

    /// `test`, `qa` or `demo` as a word of the id, or a mail address of a domain that nobody has.
    private static func looksLikeTest(_ id: String) -> Bool {
        let lower = id.lowercased()
        let words = lower.split { !$0.isLetter }
        return words.contains { ["test", "tester", "qa", "demo", "dummy"].contains($0) }
            || ["@example.com", "@example.org", "@test.com"].contains { lower.hasSuffix($0) }
    }
}
