import LimpetDocuments
import LimpetNumerics
public import LimpetEvents

/// The counts and times of one event name.
public struct EventProfile: Hashable, Sendable {
    /// The name of the event.
    public let name: String
    /// The number of rows.
    public let rows: Int
    /// The number of users who have the event.
    public let users: Int
    /// The time of the first row.
    public let first: Timestamp
    /// The time of the last row.
    public let last: Timestamp

    static func all(of log: EventLog) -> [EventProfile] {
        let count = log.eventNames.count
        var rows = [Int](repeating: 0, count: count)
        var users = rows
        var lastUser = [Int](repeating: -1, count: count)
        var first = [Int64](repeating: .max, count: count)
        var last = [Int64](repeating: .min, count: count)
        for user in log.users.indices {
            for row in log.rows(ofUser: user) {
                let event = Int(log.events[row])
                rows[event] += 1
                if lastUser[event] != user {
                    lastUser[event] = user
                    users[event] += 1
                }
                first[event] = min(first[event], log.times[row])
                last[event] = max(last[event], log.times[row])
            }
        }
        return (0..<count).filter { rows[$0] > 0 }.map {
            EventProfile(
                name: log.eventNames[$0], rows: rows[$0], users: users[$0],
                first: Timestamp(milliseconds: first[$0]), last: Timestamp(milliseconds: last[$0]))
        }.sorted { ($1.rows, $0.name) < ($0.rows, $1.name) }
    }
}

/// The values of one property.
public struct PropertyProfile: Hashable, Sendable {
    /// The name of the property.
    public let name: String
    /// The number of rows with a value.
    public let rows: Int
    /// The number of different values.
    public let values: Int
    /// The type that the values appear to have.
    public let content: Content
    /// The events with the property, the most frequent first, with the share of their rows that have it.
    public let events: [EventShare]
    /// Example values: the least and the greatest of numbers, the most frequent of others.
    public let examples: [String]

    /// The types that values can appear to have.
    public enum Content: String, Sendable {
        /// Decimal numbers.
        case amounts
        /// At most 1,000 texts that repeat.
        case category
        /// Nearly as many different texts as rows.
        case ids
        /// Many different texts.
        case texts
    }

    /// An event, and the share of its rows that have the property.
    public struct EventShare: Hashable, Sendable {
        /// The event's name.
        public let name: String
        /// The share, from 0 to 1.
        public let share: Double
    }

    static func all(of log: EventLog) -> [PropertyProfile] {
        var rowsOfEvent = [Int](repeating: 0, count: log.eventNames.count)
        for event in log.events { rowsOfEvent[Int(event)] += 1 }
        return log.texts.keys.sortedByBytes().compactMap { name in
            log.texts[name].map { profile(name, $0, log, rowsOfEvent) }
        }
    }

    private static func profile(
        _ name: String, _ column: TextColumn, _ log: EventLog, _ rowsOfEvent: [Int]
    ) -> PropertyProfile {
        var rowsOfCode = [Int](repeating: 0, count: column.dictionary.count)
        var present = [Int](repeating: 0, count: log.eventNames.count)
        for row in 0..<log.count {
            let code = Int(column.codes[row])
            rowsOfCode[code] += 1
            if code > 0 { present[Int(log.events[row])] += 1 }
        }
        let used = rowsOfCode.indices.dropFirst().filter { rowsOfCode[$0] > 0 }
        let rows = used.reduce(0) { $0 + rowsOfCode[$1] }
        let numbers = used.compactMap {
            ExactDecimal(column.dictionary[$0]) == nil ? nil : Double(column.dictionary[$0])
        }
        let content: Content =
            numbers.count == used.count && !used.isEmpty
            ? .amounts
            : used.count > 100 && used.count * 10 > rows * 9
                ? .ids : used.count <= 1_000 ? .category : .texts
        let examples: [String]
        if content == .amounts, let least = numbers.min(), let most = numbers.max() {
            examples = [least.description, most.description]
        } else {
            examples = used.sorted {
                (rowsOfCode[$1], column.dictionary[$0]) < (rowsOfCode[$0], column.dictionary[$1])
            }
            .prefix(3).map { column.dictionary[$0] }
        }
        let shares = present.indices.filter { present[$0] > 0 }.sorted { present[$0] > present[$1] }
            .map {
                EventShare(name: log.eventNames[$0], share: Double(present[$0]) / Double(rowsOfEvent[$0]))
            }
        return PropertyProfile(
            name: name, rows: rows, values: used.count, content: content, events: shares, examples: examples)
    }
}
