import LimpetDocuments
import LimpetEvents
import LimpetNumerics

/// The choice of the columns of a columnar log that are read, as texts or as amounts.
struct LogColumnChoice {
    /// A text column to keep, with its index in a block; nil when the file has no such property.
    struct Text {
        var name: String
        var column: Int?
        var dictionary: [String]
    }

    /// A column to read as amounts of `decimals` decimals, with its index in a block and its dictionary of
    /// texts.
    struct Amount {
        var name: String
        var column: Int?
        var decimals: Int
        var dictionary: [String]

        /// The amounts of the file that are rounded to these decimals.
        var rounded: RoundedAmounts {
            var rounded = RoundedAmounts()
            for text in dictionary {
                if let amount = ExactDecimal(text) { rounded.note(amount, in: decimals, text) }
            }
            return rounded
        }
    }

    let texts: [Text]
    let amounts: [Amount]
    let keepsArrivals: Bool
    private let keepsReceipts: Bool
    private let unpacked: Set<Int>

    init(_ footer: LogFooter, amounts: VerbatimDictionary<Int>, texts: VerbatimSet?, keepsArrivals: Bool) {
        let columns = footer.columns
        let place = { (name: String) in
            columns.firstIndex { $0.name.isVerbatim(name) }
                ?? footer.aliases[name].flatMap { property in
                    columns.firstIndex { $0.name.isVerbatim(property) }
                }
        }
        let names = texts.map { $0.sorted() } ?? columns.map(\.name)
        self.texts = names.map { name in
            let column = place(name)
            return Text(
                name: name, column: column.map { $0 + ColumnarLogFormat.fixedColumns },
                dictionary: column.map { columns[$0].dictionary } ?? [""])
        }
        self.amounts = amounts.sortedByKey.map { name, decimals in
            let column = place(name)
            return Amount(
                name: name, column: column.map { $0 + ColumnarLogFormat.fixedColumns }, decimals: decimals,
                dictionary: column.map { columns[$0].dictionary } ?? [""])
        }
        self.keepsArrivals = keepsArrivals
        keepsReceipts = footer.namesReceipts
        unpacked = Set(self.texts.compactMap(\.column) + self.amounts.compactMap(\.column))
    }

    /// Returns true when a column must be unpacked.
    func wants(_ column: Int) -> Bool {
        switch column {
        case ColumnarLogFormat.arrival: keepsArrivals
        case ColumnarLogFormat.delay: keepsReceipts
        case ..<ColumnarLogFormat.fixedColumns: true
        default: unpacked.contains(column)
        }
    }
}
