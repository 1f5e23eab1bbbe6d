/// Collects rows in the order of their arrival and sorts them into an ``EventLog``.
public struct EventLogBuilder: EventSink, Sendable {
    private var userCodes: [VerbatimText: UInt32] = [:]
    private var userNames: [String] = []
    private var eventCodes: [VerbatimText: UInt16] = [:]
    private var eventNames: [String] = []
    private var users: [UInt32] = []
    private var times: [Int64] = []
    private var events: [UInt16] = []
    private var zoneOffsets: [Int16] = []
    private var namesZones = false
    /// Empty until the first row says when it came in.
    private var received: [Int64] = []
    private var namesReceipts = false
    // Columns stand in lists beside their names: appending through a dictionary would copy them.
    private let numberNames: [String]
    private var numbers: [NumberColumn]
    private var textNames: [String]
    private var texts: [TextColumnBuilder]
    private var textIndex: [String: Int]
    private var amounts: [Int64]
    private var resolution = TimeResolution.day
    private var messageIDs: Set<VerbatimText> = []
    private var duplicateCount = 0

    /// The most different event names that a log may have.
    public static let eventNameLimit = Int(UInt16.max)

    /// The most text columns that rows may add.
    public static let textColumnLimit = 1_000

    /// Makes an empty builder that keeps the columns asked for.
    public init(numberColumns: [String: Int] = [:], textColumns: Set<String> = []) {
        numberNames = numberColumns.keys.sorted()
        numbers = numberColumns.sorted { $0.key < $1.key }.map { NumberColumn(decimals: $0.value, units: []) }
        textNames = textColumns.sorted()
        texts = textNames.map { _ in TextColumnBuilder() }
        textIndex = Dictionary(uniqueKeysWithValues: zip(textNames, textNames.indices))
        amounts = numberNames.map { _ in NumberColumn.missing }
    }

    /// The number of rows so far.
    public var count: Int { times.count }

    /// Adds a row. A row whose message id came before is counted and left out; a text column that was not asked for
    /// is ignored unless `addingColumns` is set.
    ///
    /// - Throws: ``EventRowError`` when there are too many event names or a number column holds no number.
    public mutating func append(
        _ event: Event, resolution: TimeResolution = .millisecond, addingColumns: Bool = false
    ) throws(EventRowError) {
        try readAmounts(of: event)
        if addingColumns { try addColumns(for: event) }
        let code = try eventCode(event.name)
        if let id = event.messageID, !messageIDs.insert(VerbatimText(id)).inserted {
            duplicateCount += 1
            return
        }
        users.append(userCode(event.user))
        times.append(event.time.milliseconds)
        events.append(code)
        zoneOffsets.append(event.zoneOffsetMinutes.map { Int16($0) } ?? EventLog.noZoneOffset)
        namesZones = namesZones || event.zoneOffsetMinutes != nil
        if event.received != nil, !namesReceipts {
            namesReceipts = true
            received = times.dropLast()
        }
        if namesReceipts { received.append((event.received ?? event.time).milliseconds) }
        self.resolution = min(self.resolution, resolution)
        for index in numbers.indices { numbers[index].units.append(amounts[index]) }
        appendTexts(of: event)
    }

    private mutating func readAmounts(of event: Event) throws(EventRowError) {
        for (index, name) in numberNames.enumerated() {
            guard let text = event.properties[name], !text.isEmpty else {
                amounts[index] = NumberColumn.missing
                continue
            }
            let decimals = numbers[index].decimals
            guard let units = ExactDecimal(text)?.units(decimals: decimals) else {
                throw .notAnAmount(property: name, text: text, decimals: decimals)
            }
            amounts[index] = units
        }
    }

    private mutating func addColumns(for event: Event) throws(EventRowError) {
        for (name, text) in event.properties where !text.isEmpty && textIndex[name] == nil {
            guard textNames.count < Self.textColumnLimit else {
                throw .tooManyProperties(limit: Self.textColumnLimit)
            }
            textIndex[name] = textNames.count
            textNames.append(name)
            texts.append(TextColumnBuilder())
        }
    }

    /// Only the columns that the row fills grow; the others catch up when they are next filled or finished.
    private mutating func appendTexts(of event: Event) {
        for (name, text) in event.properties where !text.isEmpty {
            if let index = textIndex[name] { texts[index].append(text, atRow: times.count - 1) }
        }
    }

    private mutating func userCode(_ user: String) -> UInt32 {
        if let code = userCodes[VerbatimText(user)] { return code }
        let code = UInt32(userNames.count)
        userCodes[VerbatimText(user)] = code
        userNames.append(user)
        return code
    }

    private mutating func eventCode(_ name: String) throws(EventRowError) -> UInt16 {
        if let code = eventCodes[VerbatimText(name)] { return code }
        guard eventNames.count < Self.eventNameLimit else {
            throw .tooManyEventNames(limit: Self.eventNameLimit)
        }
        let code = UInt16(eventNames.count)
        eventCodes[VerbatimText(name)] = code
        eventNames.append(name)
        return code
    }

    /// The rows since the last run, sorted, with the order of their arrival; they leave the builder, which keeps
    /// its dictionaries, so that codes mean the same in all runs.
    package mutating func takeRun() -> EventLog {
        let builder = self
        let run = builder.finish(keepsArrivals: true)
        userCodes.removeAll()
        userNames.removeAll()
        users.removeAll()
        times.removeAll()
        events.removeAll()
        zoneOffsets.removeAll()
        received.removeAll()
        for index in numbers.indices { numbers[index].units.removeAll() }
        for index in texts.indices { texts[index].codes.removeAll() }
        return run
    }

    /// What a run of the rows so far takes: the rows as they came, sorted, and the ids of their users.
    package var rowBytes: Int {
        let row = 16 + 4 * texts.count + 8 * numbers.count
        return times.count * (2 * row + 16) + userNames.count * 120
    }

    /// What all rows so far have in common, of those that were taken too.
    package var summary: EventLogSummary {
        EventLogSummary(
            eventNames: eventNames,
            texts: zip(textNames, texts).map { ($0, $1.dictionary) }.sorted {
                $0.0.utf8.lexicographicallyPrecedes($1.0.utf8)
            },
            resolution: resolution, duplicateCount: duplicateCount, namesZones: namesZones,
            namesReceipts: namesReceipts, hasMessageIDs: !messageIDs.isEmpty)
    }

    /// The rows sorted by user id, time and arrival.
    ///
    /// - Parameters:
    ///   - keepsMessageIDs: whether the log knows the message ids of its rows.
    ///   - keepsArrivals: whether it knows the order in which they arrived.
    public consuming func finish(keepsMessageIDs: Bool = false, keepsArrivals: Bool = false) -> EventLog {
        let userOrder = userNames.indices.sorted {
            userNames[$0].utf8.lexicographicallyPrecedes(userNames[$1].utf8)
        }
        let order = rowOrder(userOrder: userOrder)
        var starts = [0]
        starts.reserveCapacity(userOrder.count + 1)
        var counts = [Int](repeating: 0, count: userNames.count)
        for user in users { counts[Int(user)] += 1 }
        for user in userOrder { starts.append(starts[starts.count - 1] + counts[user]) }
        return EventLog(
            users: userOrder.map { userNames[$0] },
            userStarts: starts,
            times: order.map { times[$0] },
            events: order.map { events[$0] },
            eventNames: eventNames,
            zoneOffsets: namesZones ? order.map { zoneOffsets[$0] } : nil,
            received: namesReceipts ? order.map { received[$0] } : nil,
            numbers: Dictionary(
                uniqueKeysWithValues: zip(numberNames, numbers).map { name, column in
                    let units = order.map { column.units[$0] }
                    return (name, NumberColumn(decimals: column.decimals, units: units))
                }),
            texts: Dictionary(
                uniqueKeysWithValues: zip(textNames, texts).map { ($0, $1.finish(order: order)) }),
            resolution: times.isEmpty ? .millisecond : resolution,
            duplicateCount: duplicateCount, messageIDs: keepsMessageIDs ? messageIDs : [],
            arrivals: keepsArrivals ? order.map { UInt32($0) } : nil)
    }

    /// Row indices by user rank, then time, then arrival: a counting sort by user, then a sort within each.
    private func rowOrder(userOrder: [Int]) -> [Int] {
        var rank = [Int](repeating: 0, count: userNames.count)
        for (position, user) in userOrder.enumerated() { rank[user] = position }
        var next = [Int](repeating: 0, count: userNames.count + 1)
        for user in users { next[rank[Int(user)] + 1] += 1 }
        for index in 1..<max(next.count, 1) { next[index] += next[index - 1] }
        let starts = next
        var order = [Int](repeating: 0, count: users.count)
        for row in users.indices {
            let place = rank[Int(users[row])]
            order[next[place]] = row
            next[place] += 1
        }
        for user in userNames.indices {
            let range = starts[user]..<starts[user + 1]
            let isSorted = zip(range, range.dropFirst()).allSatisfy { times[order[$0]] <= times[order[$1]] }
            guard !isSorted else { continue }
            order[range].sort { (times[$0], $0) < (times[$1], $1) }
        }
        return order
    }
}

/// Why a row cannot be part of a log.
public enum EventRowError: Error, Equatable, CustomStringConvertible {
    /// More different event names than a log may have.
    case tooManyEventNames(limit: Int)
    /// More different properties than a log may have when all are kept.
    case tooManyProperties(limit: Int)
    /// A property that is summed does not hold a decimal number of the stated size.
    case notAnAmount(property: String, text: String, decimals: Int)

    /// What is wrong, and what was expected.
    public var description: String {
        switch self {
        case .tooManyEventNames(let limit):
            "more than \(limit) different event names; is the event column the right one?"
        case .tooManyProperties(let limit):
            "more than \(limit) different properties; name those to keep in a feature set"
        case .notAnAmount(let property, let text, let decimals):
            "\(property) is \(text.quoted), expected a decimal number below 2^53 units of 10^-\(decimals)"
        }
    }
}

/// What the rows of a builder have in common.
package struct EventLogSummary: Sendable {
    package var eventNames: [String]
    /// The text columns in the order of their names' UTF-8 bytes, each with its texts.
    package var texts: [(name: String, dictionary: [String])]
    package var resolution: TimeResolution
    package var duplicateCount: Int
    package var namesZones: Bool
    package var namesReceipts: Bool
    package var hasMessageIDs: Bool
}

private struct TextColumnBuilder: Sendable {
    var codeOfText: [VerbatimText: UInt32] = [VerbatimText(""): 0]
    var dictionary = [""]
    var codes: [UInt32] = []

    mutating func append(_ text: String, atRow row: Int) {
        while codes.count < row { codes.append(0) }
        if let code = codeOfText[VerbatimText(text)] {
            codes.append(code)
            return
        }
        let code = UInt32(dictionary.count)
        codeOfText[VerbatimText(text)] = code
        dictionary.append(text)
        codes.append(code)
    }

    func finish(order: [Int]) -> TextColumn {
        TextColumn(dictionary: dictionary, codes: order.map { $0 < codes.count ? codes[$0] : 0 })
    }
}
