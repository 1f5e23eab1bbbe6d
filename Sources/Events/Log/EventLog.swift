import LimpetNumerics

/// An event log in memory: columns, sorted by user id, within a user by time, and within equal times by arrival.
///
/// Text is coded by dictionaries; a row costs 14 bytes and 4 to 8 more for each column that was asked for.
public struct EventLog: Sendable {
    /// The users' ids in ascending order of their UTF-8 bytes.
    public let users: [String]
    /// Where each user's rows start; one entry more than there are users.
    public let userStarts: [Int]
    /// Milliseconds since 1970 of each row.
    public let times: [Int64]
    /// Each row's event, as an index into ``eventNames``.
    public let events: [UInt16]
    /// The names of the events.
    public let eventNames: [String]
    /// Minutes east of UTC of each row, ``noZoneOffset`` where unknown; nil when no row names a place.
    public let zoneOffsets: [Int16]?
    /// Milliseconds since 1970 at which each row came in, its own time where it does not say; nil when no row does.
    public let received: [Int64]?
    /// Columns of numbers by name.
    public let numbers: [String: NumberColumn]
    /// Columns of texts by name.
    public let texts: [String: TextColumn]
    /// How finely the log's times are written: the finest of its rows.
    public let resolution: TimeResolution
    /// Rows left out because their message id had come before.
    public let duplicateCount: Int
    /// The message ids of the rows, where the builder was asked to keep them.
    package let messageIDs: TextDictionary
    /// The place of each row in the order of arrival, where the builder was asked to keep it.
    package internal(set) var arrivals: [UInt32]?

    /// Stands for "no offset" in ``zoneOffsets``.
    @inlinable public static var noZoneOffset: Int16 { .min }

    /// The number of rows.
    public var count: Int { times.count }

    /// The rows of one user.
    @inlinable
    public func rows(ofUser user: Int) -> Range<Int> {
        userStarts[user]..<userStarts[user + 1]
    }

    /// The moments of the first and the last event; nil for an empty log.
    public var span: (first: Timestamp, last: Timestamp)? {
        guard let first = times.min(), let last = times.max() else { return nil }
        return (Timestamp(milliseconds: first), Timestamp(milliseconds: last))
    }

    /// The index of a user's id; nil when the log does not have it.
    public func index(ofUser user: String) -> Int? {
        let index = users.partitioningIndex { !$0.utf8.lexicographicallyPrecedes(user.utf8) }
        return index < users.count && users[index].utf8.elementsEqual(user.utf8) ? index : nil
    }
}

/// A column of amounts, in whole units of `10^−decimals`.
public struct NumberColumn: Sendable {
    /// How many decimals one unit stands for.
    public let decimals: Int
    /// The units of each row, ``missing`` where there is no value.
    public internal(set) var units: [Int64]

    /// A column of amounts.
    package init(decimals: Int, units: [Int64]) {
        self.decimals = decimals
        self.units = units
    }

    /// Stands for "no value".
    @inlinable public static var missing: Int64 { .min }
}

/// A column of texts, coded by a dictionary.
public struct TextColumn: Sendable {
    /// The distinct texts; the first, at code 0, stands for "no value".
    public internal(set) var dictionary: [String]
    /// Each row's code.
    public internal(set) var codes: [UInt32]

    /// A column of codes, each a place of `dictionary`, whose first text is empty.
    package init(dictionary: [String], codes: [UInt32]) {
        self.dictionary = dictionary
        self.codes = codes
    }
}

/// A property that a reader is asked to keep, and how to read it.
public enum ColumnRequest: Hashable, Sendable {
    /// As amounts with that many decimals.
    case number(decimals: Int)
    /// As text.
    case text
}

extension EventLog {
    /// A log of whole columns that are sorted already, by user, time and arrival.
    package init(
        sorted users: [String], userStarts: [Int], times: [Int64], events: [UInt16], eventNames: [String],
        zoneOffsets: [Int16]?, received: [Int64]?, numbers: [String: NumberColumn],
        texts: [String: TextColumn], resolution: TimeResolution, duplicateCount: Int, arrivals: [UInt32]?
    ) {
        self.init(
            users: users, userStarts: userStarts, times: times, events: events, eventNames: eventNames,
            zoneOffsets: zoneOffsets, received: received, numbers: numbers, texts: texts,
            resolution: resolution, duplicateCount: duplicateCount, messageIDs: TextDictionary(),
            arrivals: arrivals)
    }

    /// A log of columns that are sorted already, by user, time and arrival.
    package init(
        users: [String], userStarts: [Int], times: [Int64], events: [UInt16], eventNames: [String],
        numbers: [String: NumberColumn]
    ) {
        self.init(
            users: users, userStarts: userStarts, times: times, events: events, eventNames: eventNames,
            zoneOffsets: nil, received: nil, numbers: numbers, texts: [:], resolution: .millisecond,
            duplicateCount: 0,
            messageIDs: TextDictionary())
    }

    /// The log with these text columns read as amounts.
    ///
    /// - Throws: ``EventRowError/notAnAmount(property:text:decimals:)`` for the first text that is none.
    public func readingAmounts(_ decimals: [String: Int]) throws(EventRowError) -> EventLog {
        var numbers = numbers
        for (name, places) in decimals where numbers[name]?.decimals != places {
            guard let column = texts[name] else { continue }
            var units = [NumberColumn.missing]
            for text in column.dictionary.dropFirst() {
                guard let amount = ExactDecimal(text)?.units(decimals: places) else {
                    throw .notAnAmount(property: name, text: text, decimals: places)
                }
                units.append(amount)
            }
            numbers[name] = NumberColumn(decimals: places, units: column.codes.map { units[Int($0)] })
        }
        return EventLog(
            users: users, userStarts: userStarts, times: times, events: events, eventNames: eventNames,
            zoneOffsets: zoneOffsets, received: received, numbers: numbers, texts: texts,
            resolution: resolution, duplicateCount: duplicateCount, messageIDs: messageIDs,
            arrivals: arrivals)
    }
}
