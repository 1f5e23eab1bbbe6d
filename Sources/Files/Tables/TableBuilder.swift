import LimpetEvents
import LimpetParallel

/// A builder of the columns of a flat table from blocks of rows.
struct TableBuilder {
    private let file: String
    private var columns: [Column]
    private var lines: [Int32] = []

    /// A column whose values so far are in `codes` when it holds texts, else in `numbers`.
    struct Column {
        let name: String
        let place: Int
        let sample: ColumnSample?
        /// The column's index in the rows of blocks.
        let index: Int
        var numbers: [Double] = []
        var texts: TextDictionary?
        var codes: [UInt32] = []
    }

    init(_ plan: TablePlan) {
        file = plan.file
        columns = zip(plan.header, plan.roles).enumerated().compactMap { (place, column) -> Column? in
            let (name, role) = column
            return switch role {
            case .ignored, .id: nil
            case .number(let index), .written(let index), .undecided(let index):
                Column(name: name, place: place, sample: plan.samples[index], index: index)
            case .text(let index):
                Column(
                    name: name, place: place, sample: plan.samples[index], index: index,
                    texts: .beginningWithEmpty)
            }
        }
    }

    /// Reserves memory for the rows of a table of which the first rows are a known share.
    mutating func reserve(_ rows: Int, share: Double?) {
        guard lines.isEmpty, let share, share > 0, share < 1 else { return }
        // A tenth more, since rows differ in length.
        let total = min(Int(1.1 * Double(rows) / share), Self.reserveLimit)
        lines.reserveCapacity(total)
        for place in columns.indices { columns[place].reserve(total) }
    }

    /// The most rows for which memory is reserved: the first rows may be unlike the others.
    private static let reserveLimit = 1 << 26

    /// Adds the rows of a block, each column on one thread.
    mutating func append(_ rows: BlockRows, threads: Int) {
        ConcurrentBlocks.forEach(&columns, threads: threads) { $0.append(rows) }
        lines.append(contentsOf: rows.lines.lazy.map { Int32(truncatingIfNeeded: $0) })
    }

    /// Returns the table.
    ///
    /// - Parameter plan: the plan after the last row, which has decided all columns.
    func finish(_ plan: TablePlan) -> FlatTable {
        let columns = columns.map { column in
            FlatTable.Column(
                name: column.name, place: column.place, sample: column.sample,
                notation: plan.notations[column.place],
                values: column.texts.map { .texts(dictionary: $0.texts, codes: column.codes) }
                    ?? .numbers(column.numbers))
        }
        return FlatTable(file: file, columns: columns, lines: lines)
    }
}

extension TableBuilder.Column {
    fileprivate mutating func reserve(_ count: Int) {
        if texts == nil { numbers.reserveCapacity(count) } else { codes.reserveCapacity(count) }
    }

    fileprivate mutating func append(_ rows: BlockRows) {
        let first = index * rows.columnStride
        let values = rows.numbers[first..<first + rows.count]
        guard let block = rows.texts[index] else {
            numbers.append(contentsOf: values)
            return
        }
        // The rows so far have no value when the column has just been decided.
        if texts == nil { codes = Array(repeating: 0, count: numbers.count) }
        var all = texts.take() ?? .beginningWithEmpty
        numbers = []
        // Codes are numbered by the rows, since a bad row may have added a text to the block.
        let unknown = UInt32.max
        var known = [UInt32](repeating: unknown, count: block.dictionary.count)
        for value in values {
            let code = Int(value)
            if known[code] == unknown { known[code] = all.code(of: block.dictionary.list, code) }
            codes.append(known[code])
        }
        texts = all
    }
}
