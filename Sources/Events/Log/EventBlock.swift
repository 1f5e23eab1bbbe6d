import LimpetNumerics

/// Rows of an event log in the order of their arrival, as columns with dictionaries of their own: what one stretch of
/// a file holds. Threads make blocks side by side, and an ``EventSink`` takes them one after the other.
public struct EventBlock: Sendable {
    /// A column of texts.
    package struct Texts: Sendable {
        /// The distinct texts, of rows that were given up too.
        package var dictionary: TextDictionary
        /// Each row's text.
        package var codes: [UInt32] = []
    }

    /// A column of amounts.
    package struct Amounts: Sendable {
        package let name: String
        package let decimals: Int
        /// The units of each row, ``NumberColumn/missing`` where there is no value.
        package var units: [Int64] = []
    }

    /// What every row has.
    package struct Row: Sendable {
        /// Milliseconds since 1970.
        package var time: Int64
        /// Milliseconds since 1970 at which the row came in, ``unsaid`` where it does not say.
        package var received: Int64
        /// The user's place in ``users``.
        package var user: UInt32
        /// The event's number in ``names``.
        package var name: UInt32
        /// The message id's place in ``messageIDs``; 0 where there is none.
        package var messageID: UInt32
        /// Minutes east of UTC, ``EventLog/noZoneOffset`` where unknown.
        package var zoneOffset: Int16
        /// How finely the time is written.
        package var resolution: TimeResolution

        /// A row of a user, an event and a message id.
        package init(
            _ time: ParsedTime, received: Int64?, user: UInt32, name: UInt32, messageID: UInt32
        ) {
            self.time = time.timestamp.milliseconds
            self.received = received ?? EventBlock.unsaid
            (self.user, self.name, self.messageID) = (user, name, messageID)
            zoneOffset = time.zoneOffsetMinutes.map { Int16($0) } ?? EventLog.noZoneOffset
            resolution = time.resolution
        }
    }

    // Ids differ from row to row: they are looked up once, by who takes the block.
    package var users = TextList()
    package var messageIDs = TextList.beginningWithEmpty
    package var names = TextDictionary()
    package var rows: [Row] = []
    package var amounts: [Amounts]
    /// The properties' names, and a column for each; number 0 stands for no text.
    package private(set) var properties: [String] = []
    package var texts: [Texts] = []
    private var places: [String: Int] = [:]
    /// Whether properties without a column get one, here and in the log; their texts are left out otherwise.
    package let addsColumns: Bool

    /// Stands for "not said" in ``Row/received``.
    package static let unsaid = Int64.min

    /// Makes an empty block with columns of amounts by name, each with its decimals, and of texts.
    package init(amounts: [String: Int] = [:], texts: [String] = [], addsColumns: Bool = false) {
        self.addsColumns = addsColumns
        self.amounts = amounts.sorted { $0.key < $1.key }.map { Amounts(name: $0.key, decimals: $0.value) }
        for name in texts { _ = addColumn(name) }
    }

    /// The number of rows.
    package var count: Int { rows.count }

    /// Adds a row.
    ///
    /// - Throws: ``EventRowError/notAnAmount(property:text:decimals:)``, with nothing added.
    package mutating func append(_ event: Event, resolution: TimeResolution) throws(EventRowError) {
        var units: [Int64] = []
        for column in amounts { units.append(try event.units(of: column.name, decimals: column.decimals)) }
        for (index, value) in units.enumerated() { amounts[index].units.append(value) }
        let time = ParsedTime(
            timestamp: event.time, zoneOffsetMinutes: event.zoneOffsetMinutes, resolution: resolution)
        rows.append(
            Row(
                time, received: event.received?.milliseconds, user: users.append(event.user),
                name: names.code(of: event.name),
                messageID: event.messageID.map { $0.isEmpty ? 0 : messageIDs.append($0) } ?? 0))
        appendTexts(of: event)
    }

    private mutating func appendTexts(of event: Event) {
        for place in texts.indices { texts[place].codes.append(0) }
        for (name, text) in event.properties where !text.isEmpty {
            guard let place = places[name] ?? (addsColumns ? addColumn(name) : nil) else { continue }
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
    /// The units of a property that is an amount, ``NumberColumn/missing`` where it has none.
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
