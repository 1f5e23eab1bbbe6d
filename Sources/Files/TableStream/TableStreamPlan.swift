import LimpetEvents

/// What is wanted of each column of a table, once its header is known.
public struct TableStreamPlan: Sendable {
    /// What a column is read for.
    enum Role: Hashable, Sendable {
        /// Nothing.
        case ignored
        /// A number, at a place of the row.
        case number(place: Int)
        /// A text, at a place of the row.
        case text(place: Int)
        /// The row's id.
        case id
    }

    let file: String
    let header: [String]
    let roles: [Role]
    let delimiter: Delimiter
    let missing: Set<String>
    /// The length of a row.
    let width: Int
    /// The number that stands for a text at a place.
    let code: @Sendable (_ place: Int, _ text: String) -> Double
    /// What a member of an object is read for; nil for rows of fields.
    var roleOfName: [String: Role]?

    var hasIDs: Bool { roles.contains(.id) }
}

/// Rows of a table, parsed.
public struct TableStreamRows: Sendable {
    /// The inputs, row after row.
    public internal(set) var numbers: [Double] = []
    /// The rows' ids; empty where no column was named.
    public internal(set) var ids: [String] = []
    /// The line of each row.
    public internal(set) var lines: [Int] = []
    /// Rows that could not be read, with their text.
    var rejected: [(error: InputError, text: String)] = []

    /// The number of rows.
    public var count: Int { lines.count }
}
