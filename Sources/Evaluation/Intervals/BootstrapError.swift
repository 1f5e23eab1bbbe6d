/// An error of two models that cannot be compared row by row.
public enum BootstrapError: Error, Hashable, CustomStringConvertible {
    /// They have different numbers of rows.
    case differentCounts(first: Int, second: Int)
    /// The label, the user, the weight or the value of a row, counted from 0, is not the same for both.
    case differentRow(Int)

    static func check(_ first: Outcomes, _ second: Outcomes) throws(BootstrapError) {
        guard first.count == second.count else {
            throw .differentCounts(first: first.count, second: second.count)
        }
        for row in 0..<first.count {
            let isSame =
                first.labels[row] == second.labels[row] && first.users[row] == second.users[row]
                && first.weights?[row] ?? 1 == second.weights?[row] ?? 1
                && first.values?[row] == second.values?[row]
            guard isSame else { throw .differentRow(row) }
        }
    }

    /// A sentence that says what is wrong, for people.
    public var description: String {
        switch self {
        case .differentCounts(let first, let second):
            "two models are compared on the same rows, but one has \(first) and the other \(second)"
        case .differentRow(let row):
            "two models are compared on the same rows, but row \(row) has another "
                + "label, user, weight or value"
        }
    }
}
