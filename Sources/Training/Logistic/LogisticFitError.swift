/// An error of a logistic regression that has no solution, in terms of column names.
public enum LogisticFitError: Error, Hashable, CustomStringConvertible {
    /// Each of these columns is a linear combination of others.
    case collinear([Dependence])
    /// A linear combination of these columns separates the classes, completely or except for rows on the
    /// border.
    case separated(columns: [String], isComplete: Bool)
    /// The steps do not converge.
    case notConverged(iterations: Int, decrement: Double)
    /// The direction of a coefficient was set for an input that is not a number or does not exist.
    case noSuchNumber(String)
    /// A spline was requested for an input that is not a number or does not exist.
    case noNumberToBend(String)
    /// The direction of a coefficient was set for a spline, which has no single coefficient.
    case bentDirection(String)

    /// A column that is a linear combination of others.
    public struct Dependence: Hashable, Sendable {
        /// The column.
        public let column: String
        /// The columns that it is a combination of.
        public let others: [String]
    }

    /// The error and a remedy, in words.
    public var description: String {
        switch self {
        case .collinear(let dependences):
            dependences.map { "\($0.column) is a sum of \($0.others.joined(separator: ", "))" }
                .joined(separator: "; ") + ": leave one of them out, or give a penalty above 0 (--l2)"
        case .separated(let columns, let isComplete):
            "\(columns.joined(separator: ", ")) \(columns.count == 1 ? "separates" : "separate") the classes"
                + (isComplete ? "" : " but for rows on the border")
                + ", so no finite coefficient is best: is it known only after the label? Leave it out, "
                + "or give a penalty above 0 (--l2)"
        case .notConverged(let iterations, let decrement):
            "no convergence after \(iterations) steps (decrement \(decrement)): look for extreme values, "
                + "or give a penalty above 0 (--l2)"
        case .noSuchNumber(let name):
            "there is no number \(name) whose coefficient could keep a direction"
        case .noNumberToBend(let name):
            "there is no number \(name) that could enter as a spline"
        case .bentDirection(let name):
            "\(name) enters as a spline, which has no single coefficient that could keep a direction: "
                + "ask for one of the two, or use stumps with --rising or --falling"
        }
    }
}
