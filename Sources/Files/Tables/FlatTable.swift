public import LimpetEvents

/// A table with one row per user (or per user and moment), as columns.
public struct FlatTable: Sendable {
    /// The file's name.
    public let file: String
    /// The columns, in the order of the file.
    public let columns: [Column]
    /// The line of each row, for messages.
    public let lines: [Int32]

    /// The number of rows.
    public var count: Int { lines.count }

    /// One column.
    public struct Column: Sendable {
        /// The name in the header.
        public let name: String
        /// What it holds.
        public internal(set) var values: Values
    }

    /// The values of a column.
    public enum Values: Sendable {
        /// Numbers; NaN is missing.
        case numbers([Double])
        /// Texts, coded; code 0 is missing.
        case texts(dictionary: [String], codes: [UInt32])
    }

    /// A column by name.
    ///
    /// - Throws: `InputError` that lists the columns there are.
    public func column(_ name: String, flag: String) throws(InputError) -> Column {
        if let column = columns.first(where: { $0.name == name }) { return column }
        throw InputError(
            InputPlace(file: file, line: 1, field: name),
            "there is no such column; \(flag) must be one of \(columns.map(\.name).joined(separator: ", "))")
    }
}

extension FlatTable.Column {
    /// Each row's text, `""` for missing; numbers as they are best written.
    public var texts: [String] {
        switch values {
        case .texts(let dictionary, let codes): codes.map { dictionary[Int($0)] }
        case .numbers(let numbers): numbers.map { $0.isNaN ? "" : $0.description }
        }
    }
}
