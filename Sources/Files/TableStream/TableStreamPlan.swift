import LimpetEvents

/// The role of each column of a table, made once its header is known.
public struct TableStreamPlan: Sendable {
    /// The role of a column.
    enum Role: Hashable, Sendable {
        /// A column that is not read.
        case ignored
        /// A number, with its index in a row.
        case number(place: Int)
        /// A text, with the index of its code in a row.
        case text(place: Int)
        /// The row's id.
        case id
    }

    let file: String
    let header: [String]
    let roles: [Role]
    let delimiter: Delimiter
    let missing: Set<String>
    /// The number of elements of a row.
    let width: Int
    /// A function that returns the number that stands for a text of a column.
    let code: @Sendable (_ place: Int, _ text: String) -> Double
    /// The role of each member of a JSON object; nil for rows of fields.
    var roleOfName: [String: Role]?

    var hasIDs: Bool { roles.contains(.id) }
}

/// Parsed rows of a table.
public struct TableStreamRows: Sendable {
    /// The values, flattened from `[rows][columns]`.
    public internal(set) var numbers: [Double] = []
    /// The rows' ids; empty where no column of ids was named.
    public internal(set) var ids: [String] = []
    /// The line of each row.
    public internal(set) var lines: [Int] = []
    /// The rows that could not be read, with their text.
    var rejected: [(error: InputError, text: String)] = []

    /// The number of rows.
    public var count: Int { lines.count }
}
