import LimpetDocuments
import LimpetEvents

/// The lateness of rows: the time by which a row's own time lies before the latest time that arrived before
/// it.
///
/// Only the order of the rows in the files is known, not the time at which each arrived. A log that is sorted
/// by user instead of by time has no meaningful order of arrival; where more than a fifth of the rows would
/// be late, nothing is concluded.
public struct Lateness: Hashable, Sendable {
    /// The number of late rows.
    public let rows: Int
    /// The median lateness of the late rows, in milliseconds.
    public let half: Int64
    /// The 99th percentile of the lateness of the late rows.
    public let percentile99: Int64
    /// The maximum lateness.
    public let most: Int64
    /// True when the rows are mostly in the order of their times, so that the figures mean something.
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

/// A counter of repeated rows.
enum Repetitions {
    /// Returns the number of rows that equal an earlier one of the same user in time, name and all
    /// properties.
    static func count(in log: EventLog) -> Int {
        let columns = log.texts.keys.sortedByBytes().compactMap { log.texts[$0]?.codes }
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

/// A user who may not be a real customer.
public struct Suspect: Hashable, Sendable {
    /// The id of the user.
    public let user: String
    /// The number of the user's events.
    public let rows: Int
    /// The reason of the suspicion.
    public let reason: Reason

    /// The reasons of a suspicion.
    public enum Reason: String, Sendable {
        /// More than 100 times the 99th percentile of events per user.
        case robot
        /// An id that looks like that of a test.
        case test
    }

    static func all(of log: EventLog) -> [Suspect] {
        let counts = log.users.indices.map { log.rows(ofUser: $0).count }.sorted()
        // With few users, the second-largest count takes the place of the percentile.
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

    /// Returns true when the id has `test`, `tester`, `qa`, `demo` or `dummy` as a word, or is a mail address
    /// of a reserved domain.
    private static func looksLikeTest(_ id: String) -> Bool {
        let lower = id.lowercased()
        let words = lower.split { !$0.isLetter }
        return words.contains { ["test", "tester", "qa", "demo", "dummy"].contains($0) }
            || ["@example.com", "@example.org", "@test.com"].contains { lower.ends(with: $0) }
    }
}
