public import LimpetDocuments
import LimpetNumerics

/// Consecutive rows of an event log in the order of their arrival, in columns with dictionaries of their own:
/// the content of one chunk of a file.
///
/// Threads parse blocks concurrently, and an ``EventSink`` takes the blocks in sequence.
public struct EventBlock: Sendable {
    /// A column of texts.
    package struct Texts: Sendable {
        /// The distinct texts, including those of rows that were rejected later.
        package var dictionary: TextDictionary
        /// Each row's text, as an index into ``dictionary``.
        package var codes: [UInt32] = []
    }

    /// A column of amounts, in whole units of `10^−decimals`.
    package struct Amounts: Sendable {
        package let name: String
        package let decimals: Int
        /// The units of each row, ``NumberColumn/missing`` where there is no value.
        package var units: [Int64] = []
        /// The amounts that were rounded, including those of rows that were rejected later.
        package var rounded = RoundedAmounts()
    }

    /// The fields that every row has.
    package struct Row: Sendable {
        /// The time of the event in milliseconds since 1970.
        package var time: Int64
        /// The time of receipt in milliseconds since 1970; ``unsaid`` when the row does not give one.
        package var received: Int64
        /// The user's index in ``users``.
        package var user: UInt32
        /// The event name's index in ``names``.
        package var name: UInt32
        /// The index of the message id's key in ``messages``; 0 when the row has none.
        package var message: UInt32
        /// Minutes east of UTC; ``EventLog/noZoneOffset`` when unknown.
        package var zoneOffset: Int16
        /// The precision in which the time is written.
        package var resolution: TimeResolution

        /// Makes a row from a parsed time and the indices of its user, event name and message id.
        package init(
            _ time: ParsedTime, received: Int64?, user: UInt32, name: UInt32, message: UInt32
        ) {
            self.time = time.timestamp.milliseconds
            self.received = received ?? EventBlock.unsaid
            (self.user, self.name, self.message) = (user, name, message)
            zoneOffset = time.zoneOffsetMinutes.map { Int16($0) } ?? EventLog.noZoneOffset
            resolution = time.resolution
        }
    }

    // Ids differ from row to row: the sink that takes the block looks each up once.
    package var users = TextList()
    /// The keys of the message ids of rows that have one; the first stands for "none".
    package var messages = [MessageKey.none]
    /// The keys of ``messages`` by group; nil until ``groupMessages()``.
    package private(set) var groups: MessageGroups?
    package var names = TextDictionary()
    package var rows: [Row] = []
    package var amounts: [Amounts]
    /// The names of the text columns, parallel to ``texts``; in each column, code 0 stands for "no text".
    package private(set) var properties: [String] = []
    package var texts: [Texts] = []
    private var places: VerbatimDictionary<Int> = [:]
    /// True when a property without a column adds one, here and in the log; otherwise its texts are left out.
    package let addsColumns: Bool
    /// The properties that add no column, since they are other names of one that has its column.
    private let aliases: VerbatimSet

    /// The value of ``Row/received`` that stands for "not given".
    package static let unsaid = Int64.min

    /// Makes an empty block with amount columns by name, each with its number of decimals, and text columns.
    package init(
        amounts: VerbatimDictionary<Int> = [:], texts: [String] = [], addsColumns: Bool = false,
        aliases: VerbatimSet = []
    ) {
        (self.addsColumns, self.aliases) = (addsColumns, aliases)
        self.amounts = amounts.sortedByKey.map { Amounts(name: $0.key, decimals: $0.value) }
        for name in texts { _ = addColumn(name) }
    }

    /// The number of rows.
    package var count: Int { rows.count }

    /// Adds a row.
    ///
    /// - Throws: ``EventRowError/notAnAmount(property:text:decimals:)``; nothing is added then.
    package mutating func append(_ event: Event, resolution: TimeResolution) throws(EventRowError) {
        var units: [Int64] = []
        for column in amounts { units.append(try event.units(of: column.name, decimals: column.decimals)) }
        for (index, value) in units.enumerated() {
            amounts[index].units.append(value)
            guard let text = event.properties[amounts[index].name], let amount = ExactDecimal(text) else {
                continue
            }
            amounts[index].rounded.note(amount, in: amounts[index].decimals, text)
        }
        let time = ParsedTime(
            timestamp: event.time, zoneOffsetMinutes: event.zoneOffsetMinutes, resolution: resolution)
        rows.append(
            Row(
                time, received: event.received?.milliseconds, user: users.append(event.user),
                name: names.code(of: event.name),
                message: event.messageID.map { $0.isEmpty ? 0 : add(MessageKey($0)) } ?? 0))
        appendTexts(of: event)
    }

    /// Adds the key of a message id, and returns its index in ``messages``.
    package mutating func add(_ message: MessageKey) -> UInt32 {
        messages.append(message)
        return UInt32(messages.count - 1)
    }

    /// Groups the message ids of all rows, which an ``EventSink`` would otherwise do when it takes the block.
    package mutating func groupMessages() { groups = MessageGroups(self) }

    private mutating func appendTexts(of event: Event) {
        for place in texts.indices { texts[place].codes.append(0) }
        for (name, text) in event.properties where !text.isEmpty {
            let isAdded = addsColumns && !aliases.contains(name)
            guard let place = places[name] ?? (isAdded ? addColumn(name) : nil) else { continue }
            texts[place].codes[count - 1] = texts[place].dictionary.code(of: text)
        }
    }

    private mutating func addColumn(_ name: String) -> Int {
        places[name] = properties.count
        properties.append(name)
        texts.append(
            Texts(dictionary: .beginningWithEmpty, codes: [UInt32](repeating: 0, count: count)))
        return texts.count - 1
    }
}

extension Event {
    /// Returns the units of a property that is an amount; ``NumberColumn/missing`` when the event does not
    /// have it.
    ///
    /// - Throws: ``EventRowError/notAnAmount(property:text:decimals:)``.
    func units(of property: String, decimals: Int) throws(EventRowError) -> Int64 {
        guard let text = properties[property], !text.isEmpty else { return NumberColumn.missing }
        guard let units = ExactDecimal(text)?.units(decimals: decimals) else {
            throw .notAnAmount(property: property, text: text, decimals: decimals)
        }
        return units
    }
}
