import LimpetDocuments
import LimpetEvents

/// The rows of a columnar log that are read but not yet returned, since their last user may have more rows.
struct LogPartition {
    private let footer: LogFooter
    private let choice: LogColumnChoice
    private let units: [[Int64]]

    private var users: [String] = []
    private var userStarts = [0]
    private var times: [Int64] = []
    private var events: [UInt16] = []
    private var zoneOffsets: [Int16] = []
    private var received: [Int64] = []
    private var arrivals: [UInt32] = []
    private var texts: [[UInt32]]
    private var numbers: [[Int64]]
    private var usersSoFar = 0
    private var rowsSoFar = 0

    /// Makes an empty buffer and parses the texts of all columns of amounts.
    ///
    /// - Throws: `EventRowError` when more than a few texts of one are no amounts.
    init(_ footer: LogFooter, _ choice: LogColumnChoice) throws {
        self.footer = footer
        self.choice = choice
        units = try choice.amounts.map { amount throws in try amount.units() }
        texts = choice.texts.map { _ in [] }
        numbers = choice.amounts.map { _ in [] }
    }

    mutating func reserve(_ rows: Int) {
        let rows = rows + ColumnarLogFormat.blockRows
        times.reserveCapacity(rows)
        events.reserveCapacity(rows)
        for index in texts.indices { texts[index].reserveCapacity(rows) }
        for index in numbers.indices { numbers[index].reserveCapacity(rows) }
    }

    /// The number of rows of all users but the last, who may have more rows.
    var completeRows: Int { userStarts.count < 2 ? 0 : userStarts[userStarts.count - 2] }

    /// Adds a block, checked against the dictionaries and the order of rows.
    mutating func append(_ block: LogBlock, entry: LogFooter.Block) throws(ColumnarLogDamage) {
        let damage = { (problem: String) in ColumnarLogDamage.at(offset: entry.offset, problem) }
        guard block.columns.count == ColumnarLogFormat.fixedColumns + footer.columns.count else {
            throw damage(
                "\(block.columns.count) columns in a block, "
                    + "expected \(ColumnarLogFormat.fixedColumns + footer.columns.count)")
        }
        try appendUsers(of: block, damage)
        try appendTimes(of: block, damage)
        for code in block.columns[ColumnarLogFormat.event] {
            guard code >= 0, code < footer.eventNames.count else { throw damage("event \(code)") }
            events.append(UInt16(truncatingIfNeeded: code))
        }
        try appendZones(of: block, damage)
        try appendReceipts(of: block, damage)
        if choice.keepsArrivals {
            for place in block.columns[ColumnarLogFormat.arrival] {
                guard let place = UInt32(exactly: place) else { throw damage("place of arrival \(place)") }
                arrivals.append(place)
            }
        }
        try appendProperties(of: block, damage)
        rowsSoFar += block.count
    }

    private mutating func appendUsers(
        of block: LogBlock, _ damage: (String) -> ColumnarLogDamage
    ) throws(ColumnarLogDamage) {
        for (user, rows) in zip(block.users, block.userRows) {
            if let last = users.last, last.utf8.elementsEqual(user.utf8) {
                userStarts[userStarts.count - 1] += rows
                continue
            }
            if let last = users.last, !last.utf8.lexicographicallyPrecedes(user.utf8) {
                throw damage("user \(user.quoted) after \(last.quoted), expected ascending ids")
            }
            users.append(user)
            userStarts.append(userStarts[userStarts.count - 1] + rows)
            usersSoFar += 1
        }
    }

    private mutating func appendTimes(
        of block: LogBlock, _ damage: (String) -> ColumnarLogDamage
    ) throws(ColumnarLogDamage) {
        let first = times.count
        for time in block.columns[ColumnarLogFormat.time] {
            guard footer.span.contains(time) else {
                throw damage("time \(time) ms, the footer says \(footer.span)")
            }
            times.append(time)
        }
        // The rows of the block's first user may continue those of the block before.
        var start = first
        for (place, rows) in block.userRows.enumerated() {
            let continues =
                place == 0 && first > 0 && userStarts[userStarts.count - block.users.count - 1] < first
            let range = (continues ? start - 1 : start)..<start + rows
            for row in range.dropFirst() where times[row - 1] > times[row] {
                throw damage("the times of user \(block.users[place].quoted) do not ascend")
            }
            start += rows
        }
    }

    private mutating func appendZones(
        of block: LogBlock, _ damage: (String) -> ColumnarLogDamage
    ) throws(ColumnarLogDamage) {
        guard footer.namesZones else { return }
        for offset in block.columns[ColumnarLogFormat.zoneOffset] {
            guard abs(offset) <= 1_440 || offset == Int64(EventLog.noZoneOffset) else {
                throw damage("a zone of \(offset) minutes")
            }
            zoneOffsets.append(Int16(truncatingIfNeeded: offset))
        }
    }

    private mutating func appendReceipts(
        of block: LogBlock, _ damage: (String) -> ColumnarLogDamage
    ) throws(ColumnarLogDamage) {
        guard footer.namesReceipts else { return }
        for (time, delay) in zip(
            block.columns[ColumnarLogFormat.time], block.columns[ColumnarLogFormat.delay])
        {
            let (moment, isBeyond) = time.addingReportingOverflow(delay)
            guard !isBeyond, ColumnarLogFormat.years.contains(moment) else {
                throw damage("a row that came in \(delay) ms after its time")
            }
            received.append(moment)
        }
    }

    private mutating func appendProperties(
        of block: LogBlock, _ damage: (String) -> ColumnarLogDamage
    ) throws(ColumnarLogDamage) {
        for (index, text) in choice.texts.enumerated() {
            guard let column = text.column else {
                texts[index].append(contentsOf: repeatElement(0, count: block.count))
                continue
            }
            for code in block.columns[column] {
                guard code >= 0, code < text.dictionary.count else {
                    throw damage("text \(code) of \(text.name.quoted)")
                }
                texts[index].append(UInt32(truncatingIfNeeded: code))
            }
        }
        for (index, amount) in choice.amounts.enumerated() {
            guard let column = amount.column else {
                numbers[index].append(contentsOf: repeatElement(NumberColumn.missing, count: block.count))
                continue
            }
            for code in block.columns[column] {
                guard code >= 0, code < units[index].count else {
                    throw damage("text \(code) of \(amount.name.quoted)")
                }
                numbers[index].append(units[index][Int(code)])
            }
        }
    }

    /// Checks that the number of users in the footer is that of the blocks.
    func checkEnd() throws(ColumnarLogDamage) {
        guard usersSoFar == footer.users else {
            throw .at(offset: 0, "\(usersSoFar) users in the blocks, the footer says \(footer.users)")
        }
    }

    /// Removes and returns the rows of all users but the last; nil when there are none.
    mutating func takeComplete() throws(ColumnarLogDamage) -> EventLog? {
        let rows = completeRows
        guard rows > 0, let last = users.last else { return nil }
        let log = log(users: Array(users.dropLast()), starts: Array(userStarts.dropLast()), rows: rows)
        users = [last]
        userStarts = [0, times.count - rows]
        times.removeFirst(rows)
        events.removeFirst(rows)
        if footer.namesZones { zoneOffsets.removeFirst(rows) }
        if footer.namesReceipts { received.removeFirst(rows) }
        if choice.keepsArrivals { arrivals.removeFirst(rows) }
        for index in texts.indices { texts[index].removeFirst(rows) }
        for index in numbers.indices { numbers[index].removeFirst(rows) }
        return log
    }

    /// Returns all rows; nil when there are none.
    func takeAll() -> EventLog? {
        times.isEmpty ? nil : log(users: users, starts: userStarts, rows: times.count)
    }

    private func log(users: [String], starts: [Int], rows: Int) -> EventLog {
        // Whole arrays are passed on without a copy; only a part is copied.
        func part<Value>(_ values: [Value]) -> [Value] {
            rows == values.count ? values : Array(values[..<rows])
        }
        let log = EventLog(
            sorted: users, userStarts: starts, times: part(times), events: part(events),
            eventNames: footer.eventNames, zoneOffsets: footer.namesZones ? part(zoneOffsets) : nil,
            received: footer.namesReceipts ? part(received) : nil,
            numbers: VerbatimDictionary(
                zip(choice.amounts, numbers).map {
                    ($0.name, NumberColumn(decimals: $0.decimals, units: part($1)))
                }),
            texts: VerbatimDictionary(
                zip(choice.texts, texts).map {
                    ($0.name, TextColumn(dictionary: $0.dictionary, codes: part($1), keys: $0.keys))
                }),
            resolution: footer.resolution, duplicateCount: footer.duplicates,
            arrivals: choice.keepsArrivals ? part(arrivals) : nil)
        return footer.aliases.isEmpty ? log : log.with(aliases: footer.aliases)
    }
}
