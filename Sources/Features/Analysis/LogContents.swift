import LimpetDocuments
import LimpetNumerics
import LimpetEvents

/// The content of a log before a snapshot time: the events, the users of each, and their properties.
struct LogContents {
    /// A property of one event.
    struct Property {
        var event: String
        var name: String
        /// The decimals of the amounts; nil when the values are texts.
        var decimals: Int?
        var levels: Int
        var users: Int
    }

    let spanDays: Double
    private let log: EventLog
    private let rows: [Int]
    private let userOfRow: [Int32]
    private let usersOfEvent: [Int]

    init(_ log: EventLog, before end: Timestamp) {
        self.log = log
        var rows: [Int] = []
        var userOfRow: [Int32] = []
        var lastUser = [Int32](repeating: -1, count: log.eventNames.count)
        var users = [Int](repeating: 0, count: log.eventNames.count)
        var first = end.milliseconds
        for user in log.users.indices {
            for row in log.rows(ofUser: user) where log.times[row] < end.milliseconds {
                rows.append(row)
                userOfRow.append(Int32(user))
                first = min(first, log.times[row])
                let event = Int(log.events[row])
                if lastUser[event] != Int32(user) {
                    lastUser[event] = Int32(user)
                    users[event] += 1
                }
            }
        }
        self.rows = rows
        self.userOfRow = userOfRow
        usersOfEvent = users
        spanDays = TimeSpan(milliseconds: end.milliseconds - first).days
    }

    /// Returns the events of at least `minimumUsers` users, those of the most users first.
    func widespread(minimumUsers: Int) -> [String] {
        log.eventNames.indices.filter { usersOfEvent[$0] >= minimumUsers }
            .sorted {
                usersOfEvent[$0] != usersOfEvent[$1]
                    ? usersOfEvent[$0] > usersOfEvent[$1] : log.eventNames[$0] < log.eventNames[$1]
            }
            .map { log.eventNames[$0] }
    }

    /// Returns the properties that the given events carry for at least `minimumUsers` users, by event and
    /// name.
    ///
    /// Properties with a single value, and texts that rarely repeat, are not informative and are left out.
    func properties(among events: [String], minimumUsers: Int) -> [Property] {
        // Properties of the device and the page are available to features, but not proposed.
        let columns = log.texts.keys.sortedByBytes().filter { !$0.begins(with: "context.") }
        var found: [Property] = []
        for event in events {
            guard let code = log.eventNames.firstIndex(verbatim: event) else { continue }
            for column in columns {
                guard let property = property(column, ofEvent: code, name: event) else { continue }
                let isTelling = property.decimals != nil || property.levels * 2 <= property.users
                if property.users >= minimumUsers, property.levels > 1, isTelling { found.append(property) }
            }
        }
        return found
    }

    private func property(_ column: String, ofEvent code: Int, name: String) -> Property? {
        guard let texts = log.texts[column] else { return nil }
        var isUsed = [Bool](repeating: false, count: texts.dictionary.count)
        var isUsedByAny = isUsed
        var users = 0
        var carriers = 0
        var lastUser: Int32 = -1
        for (place, row) in rows.enumerated() {
            let text = Int(texts.codes[row])
            guard text != 0 else { continue }
            isUsedByAny[text] = true
            guard Int(log.events[row]) == code else { continue }
            carriers += 1
            isUsed[text] = true
            if userOfRow[place] != lastUser {
                lastUser = userOfRow[place]
                users += 1
            }
        }
        let used = isUsed.indices.filter { isUsed[$0] }
        guard !used.isEmpty else { return nil }
        let decimals = decimals(isUsedByAny.indices.filter { isUsedByAny[$0] }.map { texts.dictionary[$0] })
        // Whole numbers that rarely repeat are identifiers, e.g. invoice numbers, and not amounts.
        let isIdentifier = decimals == 0 && used.count > 100 && used.count * 2 > carriers
        guard !isIdentifier else { return nil }
        return Property(
            event: name, name: column, decimals: decimals, levels: used.count, users: users)
    }

    /// Returns the decimals of a column of amounts; nil when its texts are not amounts, since a column has
    /// one type.
    ///
    /// Up to 5 % of other texts among the amounts are taken for errors, which reading the column as amounts
    /// reports.
    private func decimals(_ texts: [String]) -> Int? {
        let amounts = texts.compactMap { ExactDecimal($0) }
        let places = min(amounts.map(\.decimalsNeeded).max() ?? 0, 6)
        let fitting = amounts.count { $0.units(decimals: places) != nil }
        let faults = texts.count - fitting
        return faults == 0 || faults * 20 <= fitting ? places : nil
    }
}
