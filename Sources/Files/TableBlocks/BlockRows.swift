import LimpetEvents

/// Parsed rows of a block of a table.
public struct BlockRows: Sendable {
    /// The values, flattened from `[rows][columns]`.
    public internal(set) var numbers: [Double] = []
    /// The rows' ids; empty where no column of ids was named.
    public internal(set) var ids: [String] = []
    /// The line of each row.
    public internal(set) var lines: [Int] = []
    /// The texts of each column whose numbers are codes of this block; nil for other columns.
    var texts: [TextCodes?] = []
    /// The rows that could not be read, with their text.
    var rejected: [(error: InputError, text: String)] = []
    /// The error after which nothing of the block can be read, e.g. a quote that is never closed.
    var failure: InputError?
    /// The first values of columns that had none, in a row that is the first of `rest`.
    var undecided: (values: [(column: Int, text: String)], rest: TableBlock)?

    /// The number of rows.
    public var count: Int { lines.count }

    /// True when no row after those so far is to be read.
    var isEnded: Bool { failure != nil || undecided != nil }

    init(_ plan: TablePlan) {
        guard plan.code == nil else { return }
        texts = [TextCodes?](repeating: nil, count: plan.width)
        for case .text(let place) in plan.roles { texts[place] = TextCodes() }
    }

    /// Returns the number that stands for a text, "" for a missing one.
    mutating func code(_ text: String, _ place: Int, _ plan: TablePlan) -> Double {
        if let code = plan.code { return code(place, text) }
        return Double(texts[place]?.code(text) ?? 0)
    }
}
