public import LimpetDocuments
import LimpetNumerics

/// An event log in memory: columns sorted by user id, within a user by time, and within equal times by
/// arrival.
///
/// Texts are dictionary-coded; a row takes 14 bytes and 4 to 8 more for each requested column.
public struct EventLog: Sendable {
    /// The users' ids in ascending order of their UTF-8 bytes.
    public let users: [String]
    /// The first row of each user, and the row count at the end: `[users + 1]`.
    public let userStarts: [Int]
    /// Each row's time in milliseconds since 1970.
    public let times: [Int64]
    /// Each row's event, as an index into ``eventNames``.
    public let events: [UInt16]
    /// The names of the events.
    public let eventNames: [String]
    /// Each row's offset in minutes east of UTC, ``noZoneOffset`` where unknown; nil when no row gives one.
    public let zoneOffsets: [Int16]?
    /// Each row's time of receipt in milliseconds since 1970, the event's own time where the row gives none;
    /// nil when no row gives one.
    public let received: [Int64]?
    /// The columns of numbers by name.
    public internal(set) var numbers: VerbatimDictionary<NumberColumn>
    /// The columns of texts by name.
    public internal(set) var texts: VerbatimDictionary<TextColumn>
    /// The precision of the log's times: the finest of its rows.
    public let resolution: TimeResolution
    /// The number of rows left out because their message id had occurred before.
    public let duplicateCount: Int
    /// The keys of the rows' message ids; empty unless the builder was told to keep them.
    package internal(set) var messages: MessageKeys
    /// Each row's position in the order of arrival; nil unless the builder was told to keep it.
    package internal(set) var arrivals: [UInt32]?
    /// The names that columns of a role had in their file, with the property that they were read as: `price`
    /// for ``Event/valueProperty``, or `action` for ``Event/nameProperty``.
    public internal(set) var aliases: VerbatimDictionary<String> = [:]

    /// The value of ``zoneOffsets`` that stands for "unknown".
    @inlinable public static var noZoneOffset: Int16 { .min }

    /// The number of rows.
    public var count: Int { times.count }

    /// Returns the rows of one user.
    @inlinable
    public func rows(ofUser user: Int) -> Range<Int> {
        userStarts[user]..<userStarts[user + 1]
    }

    /// The times of the first and the last event; nil for an empty log.
    public var span: (first: Timestamp, last: Timestamp)? {
        guard !times.isEmpty else { return nil }
        var (first, last) = (Int64.max, Int64.min)
        for user in users.indices where userStarts[user] < userStarts[user + 1] {
            first = min(first, times[userStarts[user]])
            last = max(last, times[userStarts[user + 1] - 1])
        }
        return (Timestamp(milliseconds: first), Timestamp(milliseconds: last))
    }

    /// Returns the log with the amounts of a property that were rounded when they were read, and with its
    /// texts that are no amounts.
    package func with(rounded: RoundedAmounts, others: OtherTexts, of property: String) -> EventLog {
        var log = self
        log.numbers[property]?.rounded = rounded
        log.numbers[property]?.others = others
        return log
    }

    /// Returns the log with the keys of its rows' message ids.
    package func with(messages: MessageKeys) -> EventLog {
        var log = self
        log.messages = messages
        return log
    }

    /// Returns the index of a user's id; nil when the log does not have it.
    public func index(ofUser user: String) -> Int? {
        let index = users.partitioningIndex { !$0.utf8.lexicographicallyPrecedes(user.utf8) }
        return index < users.count && users[index].utf8.elementsEqual(user.utf8) ? index : nil
    }
}

/// A column of amounts, in whole units of `10^−decimals`.
public struct NumberColumn: Sendable {
    /// The number of decimals of one unit.
    public let decimals: Int
    /// Each row's amount in units; ``missing`` where there is none.
    public internal(set) var units: [Int64]
    /// The amounts that were rounded to these decimals.
    package internal(set) var rounded: RoundedAmounts
    /// The texts that are no amounts, and count as missing.
    package internal(set) var others = OtherTexts()

    /// Makes a column of amounts.
    package init(decimals: Int, units: [Int64], rounded: RoundedAmounts = RoundedAmounts()) {
        self.decimals = decimals
        self.units = units
        self.rounded = rounded
    }

    /// The value of ``units`` that stands for "no value".
    @inlinable public static var missing: Int64 { .min }
}

/// A dictionary-coded column of texts.
public struct TextColumn: Sendable {
    /// The distinct texts; the first, with code 0, stands for "no value".
    public let dictionary: [String]
    /// Each row's code, an index into ``dictionary``.
    public internal(set) var codes: [UInt32]
    /// The keys of the dictionary's texts.
    package let keys: DictionaryKeys

    /// Makes a column of codes, each an index into `dictionary`, whose first text is empty.
    ///
    /// - Parameter keys: those of another column with this dictionary; nil to make them anew.
    package init(dictionary: [String], codes: [UInt32], keys: DictionaryKeys? = nil) {
        self.dictionary = dictionary
        self.codes = codes
        self.keys = keys ?? DictionaryKeys(dictionary)
    }
}

extension EventLog {
    /// Makes a log of all columns, which are already sorted by user, time and arrival.
    package init(
        sorted users: [String], userStarts: [Int], times: [Int64], events: [UInt16], eventNames: [String],
        zoneOffsets: [Int16]?, received: [Int64]?, numbers: VerbatimDictionary<NumberColumn>,
        texts: VerbatimDictionary<TextColumn>, resolution: TimeResolution, duplicateCount: Int,
        arrivals: [UInt32]?,
        aliases: VerbatimDictionary<String> = [:]
    ) {
        self.init(
            users: users, userStarts: userStarts, times: times, events: events, eventNames: eventNames,
            zoneOffsets: zoneOffsets, received: received, numbers: numbers, texts: texts,
            resolution: resolution, duplicateCount: duplicateCount, messages: MessageKeys([]),
            arrivals: arrivals, aliases: aliases)
    }

    /// Makes a log of times, events and numbers, which are already sorted by user, time and arrival.
    package init(
        users: [String], userStarts: [Int], times: [Int64], events: [UInt16], eventNames: [String],
        numbers: VerbatimDictionary<NumberColumn>
    ) {
        self.init(
            users: users, userStarts: userStarts, times: times, events: events, eventNames: eventNames,
            zoneOffsets: nil, received: nil, numbers: numbers, texts: [:], resolution: .millisecond,
            duplicateCount: 0,
            messages: MessageKeys([]))
    }

    /// Returns the log with the given text columns read as amounts, each with its number of decimals.
    ///
    /// - Throws: ``EventRowError/notAnAmount(property:text:decimals:)`` for the first text that is not a
    ///   number.
    public func readingAmounts(_ decimals: VerbatimDictionary<Int>) throws(EventRowError) -> EventLog {
        var numbers = numbers
        for (name, places) in decimals where numbers[name]?.decimals != places {
            guard let column = texts(of: name) else { continue }
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
            resolution: resolution, duplicateCount: duplicateCount, messages: messages,
            arrivals: arrivals, aliases: aliases)
    }
}
