public import LimpetDocuments
import LimpetParallel

extension EventLogBuilder: EventSink {
    /// Adds the rows of a block, with the same result as adding them one by one.
    ///
    /// - Parameters:
    ///   - block: the rows.
    ///   - threads: the number of threads that work on columns at the same time.
    /// - Returns: the rows that were rejected and left out, in their order.
    public mutating func append(_ block: EventBlock, threads: Int) -> [(row: Int, error: EventRowError)] {
        let refused = addColumns(of: block)
        let (codes, problems) = names(of: block, refusing: refused)
        var isKept: [Bool]?
        if !problems.isEmpty {
            isKept = [Bool](repeating: true, count: block.count)
            for (row, _) in problems { isKept?[row] = false }
        }
        let repeated = repeatedRows(of: block, keeping: isKept, threads: threads)
        duplicateCount += repeated.count
        if !repeated.isEmpty {
            var kept = isKept ?? [Bool](repeating: true, count: block.count)
            for row in repeated { kept[Int(row)] = false }
            isKept = kept
        }
        append(block, codes: codes, keeping: isKept, threads: threads)
        return problems
    }

    /// Returns the code of each of the block's event names that a row has, and the rows that exceed a limit.
    ///
    /// - Parameter refused: the block's columns for which there is no room.
    private mutating func names(
        of block: EventBlock, refusing refused: [Int]
    ) -> (codes: [Int], problems: [(row: Int, error: EventRowError)]) {
        var problems: [(row: Int, error: EventRowError)] = []
        var codes = [Int](repeating: -1, count: block.names.count)
        var unknown = codes.count
        for row in block.rows.indices {
            if !refused.isEmpty, refused.contains(where: { block.texts[$0].codes[row] != 0 }) {
                problems.append((row, .tooManyProperties(limit: Self.textColumnLimit)))
                continue
            }
            let name = Int(block.rows[row].name)
            if codes[name] < 0 {
                codes[name] = eventCode(block.names.list, name)
                unknown -= codes[name] < 0 ? 0 : 1
            }
            if codes[name] < 0 { problems.append((row, .tooManyEventNames(limit: Self.eventNameLimit))) }
            // All names are known after few rows.
            if unknown == 0, refused.isEmpty { break }
        }
        return (codes, problems)
    }

    /// Adds the message ids of the rows that are kept so far, and returns the rows that repeat one.
    private mutating func repeatedRows(
        of block: EventBlock, keeping isKept: [Bool]?, threads: Int
    ) -> [UInt32] {
        guard !keepsRepeats, block.messages.count > 1 else { return [] }
        guard let isKept else {
            return messages.insert(block.groups ?? MessageGroups(block), threads: threads)
        }
        return block.rows.indices.filter { row in
            let message = Int(block.rows[row].message)
            return isKept[row] && message != 0 && !messages.insert(block.messages[message])
        }.map { UInt32($0) }
    }

    /// Takes the names that columns of a role have in a file. Where two files mean different properties by
    /// one name, it is no alias.
    public mutating func note(aliases others: VerbatimDictionary<String>) {
        for (name, property) in others {
            aliases[name] = aliases[name].map { $0 == property ? property : "" } ?? property
        }
    }

    /// The aliases that mean one property in all files.
    package var usedAliases: VerbatimDictionary<String> { aliases.filter { !$0.value.isEmpty } }

    /// Returns the code of an event's name, a new one when it is new; -1 when the limit of names is reached.
    private mutating func eventCode(_ names: TextList, _ name: Int) -> Int {
        if let code = eventNames.find(names, name) { return Int(code) }
        return eventNames.count < Self.eventNameLimit ? Int(eventNames.code(of: names, name)) : -1
    }

    /// Adds columns for the block's new properties, and returns the block's columns that exceed the limit.
    private mutating func addColumns(of block: EventBlock) -> [Int] {
        guard block.addsColumns else { return [] }
        var unknown: [(row: Int, name: String, place: Int)] = []
        for (place, name) in block.properties.enumerated() where textIndex[name] == nil {
            guard let row = block.texts[place].codes.firstIndex(where: { $0 != 0 }) else { continue }
            unknown.append((row, name, place))
        }
        var refused: [Int] = []
        // Columns are taken in the order in which rows first fill them, so that block bounds do not matter.
        for (_, name, place) in unknown.sorted(by: { ($0.row, $0.name) < ($1.row, $1.name) }) {
            if textNames.count < Self.textColumnLimit { addColumn(name) } else { refused.append(place) }
        }
        return refused
    }

    /// Adds the columns of the rows that are kept, each column on one thread.
    private mutating func append(_ block: EventBlock, codes: [Int], keeping isKept: [Bool]?, threads: Int) {
        let first = count
        for (place, name) in block.properties.enumerated() {
            guard let index = textIndex[name] else { continue }
            texts[index].incoming = (block.texts[place].dictionary.list, block.texts[place].codes)
        }
        users.incoming = (block.users, block.rows.map(\.user))
        // Columns are moved, for a second reference would have them copied. That of users, the largest, is
        // started first.
        var columns = [ColumnInProgress(texts: users), ColumnInProgress(rows: rows)]
        columns += zip(numberNames, numbers).map { ColumnInProgress(name: $0, numbers: $1) }
        columns += texts.map { ColumnInProgress(texts: $0) }
        (users, rows) = (TextColumnBuilder(hasEmpty: false), EventRowColumns())
        (numbers, texts) = ([], [])
        ConcurrentBlocks.forEach(&columns, threads: threads) {
            $0.append(block, codes: codes, atRow: first, keeping: isKept)
        }
        for column in columns.dropFirst(2) {
            if let column = column.numbers { numbers.append(column) }
            if let column = column.texts { texts.append(column) }
        }
        if let column = columns[0].texts { users = column }
        if let column = columns[1].rows { rows = column }
    }

    /// True unless all rows are kept: blocks come with their message ids grouped.
    public var findsRepeats: Bool { !keepsRepeats }

    /// Reserves memory for an expected number of rows, with those so far.
    public mutating func reserve(_ rows: Int) {
        self.rows.reserve(rows)
        users.codes.reserveCapacity(rows)
        for index in numbers.indices { numbers[index].units.reserveCapacity(rows) }
        for index in texts.indices { texts[index].codes.reserveCapacity(rows) }
    }
}

/// One of the columns of a builder, while the rows of a block are added: the one that is not nil.
private struct ColumnInProgress: Sendable {
    var rows: EventRowColumns?
    var name = ""
    var numbers: NumberColumn?
    var texts: TextColumnBuilder?

    mutating func append(_ block: EventBlock, codes: [Int], atRow row: Int, keeping isKept: [Bool]?) {
        rows?.append(block.rows, codes: codes, keeping: isKept)
        texts?.takeIncoming(atRow: row, keeping: isKept)
        guard let decimals = numbers?.decimals else { return }
        let column = block.amounts.first { $0.name.isVerbatim(name) && $0.decimals == decimals }
        if let column { numbers?.rounded.add(column.rounded) }
        guard let units = column?.units, isKept == nil else {
            for row in 0..<block.count where isKept?[row] ?? true {
                numbers?.units.append(column?.units[row] ?? NumberColumn.missing)
            }
            return
        }
        numbers?.units.append(contentsOf: units)
    }
}
