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
        let before = (rows: count, duplicates: duplicateCount)
        let refused = addColumns(of: block)
        var problems: [(row: Int, error: EventRowError)] = []
        var isKept = [Bool](repeating: false, count: block.count)
        var known = [Int](repeating: -1, count: block.names.count)
        for (row, content) in block.rows.enumerated() {
            if refused.contains(where: { block.texts[$0].codes[row] != 0 }) {
                problems.append((row, .tooManyProperties(limit: Self.textColumnLimit)))
                continue
            }
            let name = Int(content.name)
            if known[name] < 0 { known[name] = eventCode(block.names.list, name) }
            guard known[name] >= 0 else {
                problems.append((row, .tooManyEventNames(limit: Self.eventNameLimit)))
                continue
            }
            if content.message != 0, isRepeated(block.messages[Int(content.message)]) {
                duplicateCount += 1
                continue
            }
            isKept[row] = true
            events.append(UInt16(known[name]))
        }
        let keepsAll = problems.isEmpty && duplicateCount == before.duplicates
        appendTimes(of: block, keeping: keepsAll ? nil : isKept)
        appendAmounts(of: block, keeping: keepsAll ? nil : isKept)
        appendTexts(of: block, atRow: before.rows, keeping: keepsAll ? nil : isKept, threads: threads)
        return problems
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

    private mutating func appendTimes(of block: EventBlock, keeping isKept: [Bool]?) {
        for (place, row) in block.rows.enumerated() where isKept?[place] ?? true {
            append(
                time: row.time, offset: row.zoneOffset == EventLog.noZoneOffset ? nil : row.zoneOffset,
                received: row.received == EventBlock.unsaid ? nil : row.received, resolution: row.resolution)
        }
    }

    private mutating func appendAmounts(of block: EventBlock, keeping isKept: [Bool]?) {
        for index in numbers.indices {
            let column = block.amounts.first {
                $0.name.isVerbatim(numberNames[index]) && $0.decimals == numbers[index].decimals
            }
            if let column { numbers[index].rounded.add(column.rounded) }
            for row in 0..<block.count where isKept?[row] ?? true {
                numbers[index].units.append(column?.units[row] ?? NumberColumn.missing)
            }
        }
    }

    /// Adds the users and the texts, each column on one thread.
    private mutating func appendTexts(
        of block: EventBlock, atRow row: Int, keeping isKept: [Bool]?, threads: Int
    ) {
        for (place, name) in block.properties.enumerated() {
            if let index = textIndex[name] {
                texts[index].incoming = (block.texts[place].dictionary.list, block.texts[place].codes)
            }
        }
        // The column of users, the largest, is started first.
        var columns = [users] + texts
        (users, texts) = (TextColumnBuilder(hasEmpty: false), [])
        columns[0].incoming = (block.users, block.rows.map(\.user))
        ConcurrentBlocks.forEach(&columns, threads: threads) {
            $0.takeIncoming(atRow: row, keeping: isKept)
        }
        users = columns[0]
        texts = Array(columns.dropFirst())
    }
}
