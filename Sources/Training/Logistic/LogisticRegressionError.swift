/// An error of a logistic regression that has no solution. Columns are numbered as in the design matrix, the
/// intercept being 0.
public enum LogisticRegressionError: Error, Hashable, CustomStringConvertible {
    /// A column of the design matrix depends on the ones before it, and there is no penalty to make it
    /// unique.
    case dependentColumn(Int)
    /// The steps do not converge; without a penalty most often because columns separate the classes.
    case notConverged(iterations: Int, decrement: Double)
    /// A linear combination of these columns separates the classes, completely or except for rows on the
    /// border, so that no finite coefficients are best.
    case separated(columns: [Int], isComplete: Bool)

    /// The error and a remedy, in words.
    public var description: String {
        switch self {
        case .dependentColumn(let column):
            "column \(column) of the design depends on the ones before it; give a penalty above 0 (--l2)"
        case .notConverged(let iterations, let decrement):
            "no convergence after \(iterations) steps (decrement \(decrement)); a column may separate the "
                + "classes: give a penalty above 0 (--l2)"
        case .separated(let columns, let isComplete):
            "columns \(columns.map(String.init).joined(separator: ", ")) of the design separate the classes "
                + (isComplete ? "completely" : "but for rows on the border")
                + ": no finite coefficients are best; give a penalty above 0 (--l2)"
        }
    }
}
