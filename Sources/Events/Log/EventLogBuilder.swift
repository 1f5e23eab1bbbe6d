public import LimpetDocuments
import LimpetNumerics

/// A collector of rows in the order of their arrival, which sorts them into an ``EventLog``.
///
///     var builder = EventLogBuilder(numberColumns: [Event.valueProperty: 2])
///     try builder.append(event)
///     let log = builder.finish()
public struct EventLogBuilder: Sendable {
    var users = TextColumnBuilder(hasEmpty: false)
    var eventNames = TextDictionary()
    /// The columns that every row has.
    var rows = EventRowColumns()
    // Names and columns are parallel arrays: appending through a dictionary would copy the columns.
    let numberNames: [String]
    var numbers: [NumberColumn]
    var textNames: [String]
    var texts: [TextColumnBuilder]
    var textIndex: VerbatimDictionary<Int>
    private var amounts: [Int64]
    var messages = MessageTable()
    /// True when rows whose message id occurred before are kept, since the caller finds them.
    package var keepsRepeats = false
    var duplicateCount = 0
    /// The other names of properties in the files so far.
    var aliases: VerbatimDictionary<String> = [:]

    /// The largest number of different event names in a log.
    public static let eventNameLimit = Int(UInt16.max)

    /// The largest number of text columns that rows may add.
    public static let textColumnLimit = 1_000

    /// Makes an empty builder.
    ///
    /// - Parameters:
    ///   - numberColumns: the properties to keep as amounts, each with its number of decimals.
    ///   - textColumns: the properties to keep as texts.
    public init(numberColumns: VerbatimDictionary<Int> = [:], textColumns: VerbatimSet = []) {
        numberNames = numberColumns.keys.sortedByBytes()
        numbers = numberColumns.sortedByKey.map { NumberColumn(decimals: $0.value, units: []) }
        textNames = textColumns.sorted()
        texts = textNames.map { _ in TextColumnBuilder(hasEmpty: true) }
        textIndex = VerbatimDictionary(zip(textNames, textNames.indices))
        amounts = numberNames.map { _ in NumberColumn.missing }
    }

    /// The number of rows so far.
    public var count: Int { rows.times.count }

    /// Adds a row.
    ///
    /// A row whose message id occurred before is counted and left out. A property without a column is ignored
    /// unless `addingColumns` is set.
    ///
    /// - Throws: ``EventRowError`` when a limit of names is exceeded or a number column does not hold a
    ///   number.
    public mutating func append(
        _ event: Event, resolution: TimeResolution = .millisecond, addingColumns: Bool = false
    ) throws(EventRowError) {
        for (index, name) in numberNames.enumerated() {
            amounts[index] = try event.units(of: name, decimals: numbers[index].decimals)
        }
        if addingColumns { try addColumns(for: event) }
        let code = try eventCode(event.name)
        if let id = event.messageID, !id.isEmpty, isRepeated(MessageKey(id)) {
            duplicateCount += 1
            return
        }
        users.append(event.user, atRow: count)
        rows.append(
            time: event.time.milliseconds, event: code, offset: event.zoneOffsetMinutes.map { Int16($0) },
            received: event.received?.milliseconds, resolution: resolution)
        for index in numbers.indices {
            numbers[index].units.append(amounts[index])
            guard let text = event.properties[numberNames[index]], let amount = ExactDecimal(text) else {
                continue
            }
            numbers[index].rounded.note(amount, in: numbers[index].decimals, text)
        }
        // Only the columns that the row fills grow; the others are filled up by their next row or at the end.
        for (name, text) in event.properties where !text.isEmpty {
            if let index = textIndex[name] { texts[index].append(text, atRow: count - 1) }
        }
    }

    /// Returns true, once the key of a message id is there, when an earlier row has it too.
    mutating func isRepeated(_ message: MessageKey) -> Bool {
        !keepsRepeats && !messages.insert(message)
    }

    private mutating func addColumns(for event: Event) throws(EventRowError) {
        for (name, text) in event.properties where !text.isEmpty && textIndex[name] == nil {
            guard textNames.count < Self.textColumnLimit else {
                throw .tooManyProperties(limit: Self.textColumnLimit)
            }
            addColumn(name)
        }
    }

    mutating func addColumn(_ name: String) {
        textIndex[name] = textNames.count
        textNames.append(name)
        texts.append(TextColumnBuilder(hasEmpty: true))
    }

    private mutating func eventCode(_ name: String) throws(EventRowError) -> UInt16 {
        if let code = eventNames.find(name) { return UInt16(code) }
        guard eventNames.count < Self.eventNameLimit else {
            throw .tooManyEventNames(limit: Self.eventNameLimit)
        }
        return UInt16(eventNames.code(of: name))
    }

    /// Removes the rows since the last run and returns them as a sorted log with their order of arrival.
    ///
    /// The builder keeps its dictionaries, so that codes mean the same in all runs.
    package mutating func takeRun(threads: Int = 1) -> EventLog {
        sorted(keepsMessageIDs: false, keepsArrivals: true, threads: threads)
    }

    /// The memory in bytes that ``takeRun(threads:)`` needs: the rows as they arrived, sorted, the keys that
    /// they are sorted by, and their users' ids.
    package var rowBytes: Int {
        let row = 16 + 4 * texts.count + 8 * numbers.count + (rows.namesReceipts ? 8 : 0)
        return count * (2 * row + 32) + users.dictionary.count * 120
    }

    /// The memory in bytes of the texts that rows have.
    package var dictionaryBytes: Int {
        eventNames.byteCount + texts.reduce(0) { $0 + $1.dictionary.byteCount }
    }

    /// The dictionaries and properties of all rows so far, including those removed by ``takeRun(threads:)``.
    package var summary: EventLogSummary {
        EventLogSummary(
            eventNames: eventNames.texts,
            texts: zip(textNames, texts).map { ($0, $1.dictionary.texts) }.sorted {
                $0.0.utf8.lexicographicallyPrecedes($1.0.utf8)
            },
            resolution: rows.resolution, duplicateCount: duplicateCount, namesZones: rows.namesZones,
            namesReceipts: rows.namesReceipts, aliases: usedAliases)
    }

    /// The names of the text columns in the order of their UTF-8 bytes.
    package var textColumns: [String] {
        textNames.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Returns the rows sorted by user id, time and arrival.
    ///
    /// - Parameters:
    ///   - keepsMessageIDs: whether the log keeps the message ids of its rows.
    ///   - keepsArrivals: whether the log keeps the order in which its rows arrived.
    ///   - threads: the number of threads that sort; the log does not depend on it.
    public consuming func finish(
        keepsMessageIDs: Bool = false, keepsArrivals: Bool = false, threads: Int = 1
    ) -> EventLog {
        let aliases = usedAliases
        if !keepsMessageIDs { messages = MessageTable() }
        let log = sorted(keepsMessageIDs: keepsMessageIDs, keepsArrivals: keepsArrivals, threads: threads)
        return aliases.isEmpty ? log : log.with(aliases: aliases)
    }

    /// Takes the rows out, a column at a time, so that none is in memory both ways for long.
    private mutating func sorted(keepsMessageIDs: Bool, keepsArrivals: Bool, threads: Int) -> EventLog {
        for index in texts.indices { texts[index].fill(to: count) }
        let resolution = count == 0 ? TimeResolution.millisecond : rows.resolution
        let order = EventOrder(
            users: users.codes, of: users.dictionary, times: rows.times, areAscending: rows.isAscending,
            threads: threads)
        let ids = order.users.map { users.dictionary.list.text(Int($0)) }
        users = TextColumnBuilder(hasEmpty: false)
        let events = order.sorted(rows.take(\.events))
        let zoneOffsets = rows.take(\.zoneOffsets)
        let received = rows.take(\.received)
        let texts = sortedTexts(order)
        return EventLog(
            users: ids, userStarts: order.starts, times: order.sorted(rows.takeTimes()),
            events: events, eventNames: eventNames.texts,
            zoneOffsets: rows.namesZones ? order.sorted(zoneOffsets) : nil,
            received: rows.namesReceipts ? order.sorted(received) : nil,
            numbers: sortedNumbers(order), texts: texts, resolution: resolution,
            duplicateCount: duplicateCount, messages: MessageKeys(keepsMessageIDs ? messages.keys : []),
            arrivals: keepsArrivals ? order.rows : nil)
    }

    private mutating func sortedNumbers(_ order: EventOrder) -> VerbatimDictionary<NumberColumn> {
        var columns: VerbatimDictionary<NumberColumn> = [:]
        for (place, name) in numberNames.enumerated() {
            let units = numbers[place].units
            numbers[place].units = []
            columns[name] = NumberColumn(
                decimals: numbers[place].decimals, units: order.sorted(units),
                rounded: numbers[place].rounded)
        }
        return columns
    }

    private mutating func sortedTexts(_ order: EventOrder) -> VerbatimDictionary<TextColumn> {
        var columns: VerbatimDictionary<TextColumn> = [:]
        for (place, name) in textNames.enumerated() {
            let codes = texts[place].codes
            texts[place].codes = []
            columns[name] = TextColumn(
                dictionary: texts[place].dictionary.texts, codes: order.sorted(codes))
        }
        return columns
    }
}

/// The dictionaries and properties that all rows of a builder share.
package struct EventLogSummary: Sendable {
    package var eventNames: [String]
    /// The text columns in the order of their names' UTF-8 bytes, each with its distinct texts.
    package var texts: [(name: String, dictionary: [String])]
    package var resolution: TimeResolution
    /// The rows left out because an earlier row had their message id.
    package var duplicateCount: Int
    package var namesZones: Bool
    package var namesReceipts: Bool
    /// The other names of properties.
    package var aliases: VerbatimDictionary<String>
}
