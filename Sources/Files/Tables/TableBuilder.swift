import LimpetEvents

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
        var numbers: [Double] = []
        var texts: TextCodes?
        var codes: [UInt32] = []
    }

    init(_ plan: TablePlan) {
        file = plan.file
        columns = zip(plan.header, plan.roles).enumerated().compactMap { (place, column) -> Column? in
            let (name, role) = column
            return switch role {
            case .ignored, .id: nil
            case .number(let index), .undecided(let index):
                Column(name: name, place: place, sample: plan.samples[index])
            case .text(let index):
                Column(name: name, place: place, sample: plan.samples[index], texts: TextCodes())
            }
        }
    }

    /// Adds the rows of a block.
    mutating func append(_ block: ColumnBlock) {
        for (place, values) in block.columns.enumerated() { columns[place].append(values) }
        lines += block.lines
    }

    func finish() -> FlatTable {
        let columns = columns.map { column in
            FlatTable.Column(
                name: column.name, place: column.place, sample: column.sample,
                values: column.texts.map { .texts(dictionary: $0.texts, codes: column.codes) }
                    ?? .numbers(column.numbers))
        }
        return FlatTable(file: file, columns: columns, lines: lines)
    }
}

extension TableBuilder.Column {
    fileprivate mutating func append(_ values: ColumnBlock.Values) {
        switch values {
        case .numbers(let numbers): self.numbers += numbers
        case .texts(let dictionary, let codes):
            // The rows so far have no value when the column has just been decided.
            if texts == nil { self.codes = Array(repeating: 0, count: numbers.count) }
            var global = texts.take() ?? TextCodes()
            numbers = []
            // Codes are numbered by the rows, since a bad row may have added a text to the dictionary.
            var codeOfLocal = [UInt32?](repeating: nil, count: dictionary.count)
            self.codes.reserveCapacity(self.codes.count + codes.count)
            for local in codes {
                let code = codeOfLocal[Int(local)] ?? global.code(dictionary[Int(local)])
                codeOfLocal[Int(local)] = code
                self.codes.append(code)
            }
            texts = global
        }
    }
}

/// The rows of a block by column.
struct ColumnBlock: Sendable {
    /// The values of a column.
    enum Values: Sendable {
        case numbers([Double])
        /// Texts, as codes of the block's dictionary.
        case texts(dictionary: [String], codes: [UInt32])
    }

    var columns: [Values]
    var lines: [Int32]

    /// Returns the columns of rows.
    static func columns(of rows: BlockRows) -> ColumnBlock {
        let width = rows.texts.count
        let columns = (0..<width).map { place in
            let numbers = (0..<rows.count).map { rows.numbers[$0 * width + place] }
            return rows.texts[place].map {
                Values.texts(dictionary: $0.texts, codes: numbers.map { UInt32($0) })
            } ?? .numbers(numbers)
        }
        return ColumnBlock(columns: columns, lines: rows.lines.map { Int32(truncatingIfNeeded: $0) })
    }
}
