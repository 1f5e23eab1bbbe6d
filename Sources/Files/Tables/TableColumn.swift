public import LimpetEvents

/// A column of a table that a reader looks for by its name.
public struct TableColumn: Hashable, Sendable {
    /// The type of a column's values.
    public enum Content: Hashable, Sendable {
        /// Numbers; a value that is not a number makes its row a bad row.
        case numbers
        /// Texts, also where all values look like numbers, e.g. ids and codes.
        case texts
        /// Numbers or dates that are written in a notation; a value that is not makes its row a bad row.
        case written(Notation)
        /// Numbers, dates or texts, as the first rows decide.
        case inferred
        /// Nothing that is read; the column must exist.
        case ignored
    }

    /// The column's name in the header, or its member's name in JSON objects.
    public var name: String
    /// The type of the column's values.
    public var content: Content
    /// The words for what names the column, e.g. a flag, for the error when there is no such column.
    public var namedBy: String
    /// True when a table may lack the column.
    public var isOptional: Bool

    /// The words for a column that a model reads.
    public static let modelInputs = "the model's inputs"

    /// Makes a column.
    public init(
        _ name: String, _ content: Content, namedBy: String = TableColumn.modelInputs,
        isOptional: Bool = false
    ) {
        (self.name, self.content, self.namedBy, self.isOptional) = (name, content, namedBy, isOptional)
    }
}
