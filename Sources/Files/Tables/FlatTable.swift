import LimpetDocuments
public import LimpetEvents

/// A table with one row per user, or per user and snapshot time, stored by column.
public struct FlatTable: Sendable {
    /// The name of the file.
    public let file: String
    /// The columns, in the order of the file.
    public let columns: [Column]
    /// The line of each row, for error messages.
    public let lines: [Int32]

    /// The number of rows.
    public var count: Int { lines.count }

    /// One column.
    public struct Column: Sendable {
        /// The name in the header.
        public let name: String
        /// The index of the column in the header.
        public let place: Int
        /// The first values, where they decided the column's type.
        package let sample: ColumnSample?
        /// The notation in which numbers are written, where these are no plain decimals.
        public internal(set) var notation: Notation?
        /// The values.
        public internal(set) var values: Values
    }

    /// The values of a column.
    public enum Values: Sendable {
        /// Numbers; NaN is missing.
        case numbers([Double])
        /// Texts, as codes of a dictionary; code 0 is missing.
        case texts(dictionary: [String], codes: [UInt32])
    }

    /// Returns a column by name.
    ///
    /// - Throws: `InputError` that lists the existing columns.
    public func column(_ name: String, flag: String) throws(InputError) -> Column {
        if let column = columns.first(where: { $0.name.isVerbatim(name) }) {
            return column
        }
        throw InputError(
            InputPlace(file: file, line: 1, field: name),
            "there is no such column; \(flag) must be one of \(columns.map(\.name).joined(separator: ", "))")
    }
}

extension FlatTable.Column {
    /// The different texts, with the code of each row's; code 0 is missing. Numbers are texts in their
    /// shortest form.
    package var coded: (texts: [String], codes: [UInt32]) {
        switch values {
        case .texts(let dictionary, let codes): return (dictionary, codes)
        case .numbers:
            var dictionary = TextDictionary.beginningWithEmpty
            let codes = texts.map { dictionary.code(of: $0) }
            return (dictionary.texts, codes)
        }
    }

    /// The text of each row, `""` for missing; numbers in their shortest form.
    public var texts: [String] {
        switch values {
        case .texts(let dictionary, let codes): codes.map { dictionary[Int($0)] }
        case .numbers(let numbers): numbers.map { $0.isNaN ? "" : $0.description }
        }
    }
}
