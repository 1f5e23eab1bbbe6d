import LimpetDocuments
import LimpetNumerics
package import LimpetEvents
import LimpetParallel

/// The content of a log before a snapshot time: the events, the users of each, and their properties. A log
/// may come in parts of whole users, whose codes of events and texts are those of the whole log.
package struct LogContents: Sendable {
    /// A property of one event.
    struct Property {
        var event: String
        var name: String
        /// The decimals of the amounts; nil when the values are texts.
        var decimals: Int?
        var levels: Int
        var users: Int
        /// True when it is the user's, and adds up to nothing.
        var isAttribute: Bool
    }

    private let end: Int64
    private var eventNames: [String] = []
    private var usersOfEvent: [Int] = []
    /// The time of the earliest event; that of the end where there is none.
    private var first: Int64
    /// The properties by name, in the order of their bytes.
    private var columns: [PropertyTally] = []

    /// Makes the content of no event.
    package init(before end: Timestamp) {
        (self.end, first) = (end.milliseconds, end.milliseconds)
    }

    init(_ log: EventLog, before end: Timestamp) {
        self.init(before: end)
        add(log)
    }

    /// Adds the events of users who were not in an earlier part.
    package mutating func add(_ log: EventLog, threads: Int = 1) {
        if eventNames.isEmpty {
            eventNames = log.eventNames
            usersOfEvent = eventNames.map { _ in 0 }
            // Properties of the device and the page are available to features, but not proposed.
            columns = log.texts.keys.sortedByBytes().filter { !$0.begins(with: "context.") }
                .map { PropertyTally($0, events: log.eventNames.count) }
        }
        var lastUser = [Int](repeating: -1, count: eventNames.count)
        for user in log.users.indices {
            for row in log.rows(ofUser: user) where log.times[row] < end {
                first = min(first, log.times[row])
                let event = Int(log.events[row])
                guard lastUser[event] != user else { continue }
                lastUser[event] = user
                usersOfEvent[event] += 1
            }
        }
        let end = end
        ConcurrentBlocks.forEach(&columns, threads: threads) { $0.add(log, before: end) }
    }

    var spanDays: Double { TimeSpan(milliseconds: end - first).days }

    /// Returns the events of at least `minimumUsers` users, those of the most users first.
    func widespread(minimumUsers: Int) -> [String] {
        eventNames.indices.filter { usersOfEvent[$0] >= minimumUsers }
            .sorted {
                usersOfEvent[$0] != usersOfEvent[$1]
                    ? usersOfEvent[$0] > usersOfEvent[$1] : eventNames[$0] < eventNames[$1]
            }
            .map { eventNames[$0] }
    }

    /// Returns the properties that the given events carry for at least `minimumUsers` users, by event and
    /// name.
    ///
    /// Properties with a single value, and texts that rarely repeat, are not informative and are left out.
    func properties(among events: [String], minimumUsers: Int) -> [Property] {
        // The type of a column is that of all its texts, whichever event carries them.
        let types = columns.map { Self.decimals($0.texts) }
        var found: [Property] = []
        for event in events {
            guard let code = eventNames.firstIndex(verbatim: event) else { continue }
            for (column, decimals) in zip(columns, types) {
                guard let property = Self.property(column, ofEvent: code, name: event, decimals: decimals)
                else { continue }
                let isTelling = property.decimals != nil || property.levels * 2 <= property.users
                if property.users >= minimumUsers, property.levels > 1, isTelling { found.append(property) }
            }
        }
        return found
    }

    private static func property(
        _ column: PropertyTally, ofEvent code: Int, name: String, decimals: Int?
    ) -> Property? {
        let carried = column.events[code]
        guard carried.rows > 0 else { return nil }
        // Whole numbers that rarely repeat are identifiers, e.g. invoice numbers, and not amounts.
        let isIdentifier =
            decimals == 0 && carried.levels > 100 && carried.levels * 2 > carried.rows
            && !name.isVerbatim(Event.attributesName)
        guard !isIdentifier else { return nil }
        // Numbers that name things are counted and told apart, and never added up.
        let isName = decimals == 0 && IdentifierName.isOne(column.name)
        return Property(
            event: name, name: column.name, decimals: isName ? nil : decimals, levels: carried.levels,
            users: carried.users, isAttribute: carried.isAttribute && column.name != "value")
    }

    /// Returns the decimals of a column of amounts; nil when its texts are not amounts, since a column has
    /// one type.
    ///
    /// Up to 5 % of other texts among the amounts are taken for errors, which reading the column as amounts
    /// reports.
    private static func decimals(_ texts: [String]) -> Int? {
        let amounts = texts.compactMap { ExactDecimal($0) }
        let places = min(amounts.map(\.decimalsNeeded).max() ?? 0, 6)
        let fitting = amounts.count { $0.units(decimals: places) != nil }
        let faults = texts.count - fitting
        return faults == 0 || faults * 20 <= fitting ? places : nil
    }
}
