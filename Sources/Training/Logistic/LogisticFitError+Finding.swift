import LimpetLinearAlgebra

extension LogisticFitError {
    /// Makes the fit error of a solver's error, with column names in place of numbers.
    init(_ error: LogisticRegressionError, _ rows: LogisticRows, names: [String]) {
        switch error {
        case .notConverged(let iterations, let decrement):
            self = .notConverged(iterations: iterations, decrement: decrement)
        case .separated(let columns, let isComplete):
            self = .separated(columns: columns.map { names[$0] }, isComplete: isComplete)
        case .dependentColumn(let column):
            let found = Self.dependences(rows, names: names)
            self = .collinear(found.isEmpty ? [Dependence(column: names[column], others: [])] : found)
        }
    }

    /// Returns the columns that are linear combinations of others, the intercept included.
    static func dependences(_ rows: LogisticRows, names: [String]) -> [Dependence] {
        let gram = LogisticFitter.sum(rows.curvatures([Double](repeating: 0, count: rows.columns)))
        let factor = PivotedCholesky(gram, first: [0])
        return factor.dependent.map { column in
            let parts = factor.combination(of: column)
            let sizes = zip(parts, factor.independent).map { abs($0) * gram[$1, $1].squareRoot() }
            let least = 1e-6 * max(sizes.max() ?? 0, gram[column, column].squareRoot())
            let others = factor.independent.indices.filter { sizes[$0] > least }.map {
                factor.independent[$0]
            }
            return Dependence(column: names[column], others: others.sorted().map { names[$0] })
        }
    }
}
