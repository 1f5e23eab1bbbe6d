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
        /// The keys of the dictionary, for all parts of the log.
        var keys: DictionaryKeys
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

        /// The texts of the file that are no amounts.
        var others: OtherTexts {
            var others = OtherTexts()
            for text in dictionary.dropFirst() { others.note(text, isAmount: units(text) != nil) }
            return others
        }

        /// Returns the units of each text; those of the few that are no amounts are missing.
        ///
        /// - Throws: `EventRowError` when more are none.
        func units() throws(EventRowError) -> [Int64] {
            let others = others
            if let text = others.example, !others.areFew {
                throw .notAnAmount(property: name, text: text, decimals: decimals)
            }
            return [NumberColumn.missing] + dictionary.dropFirst().map { units($0) ?? NumberColumn.missing }
        }

        private func units(_ text: String) -> Int64? { ExactDecimal(text)?.units(decimals: decimals) }
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
            let dictionary = column.map { columns[$0].dictionary } ?? [""]
            return Text(
                name: name, column: column.map { $0 + ColumnarLogFormat.fixedColumns },
                dictionary: dictionary, keys: DictionaryKeys(dictionary))
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
