package import LimpetScoring

extension Term {
    /// Returns the term times a factor, with its standard errors.
    package func scaled(by factor: Double) -> Term {
        var term = self
        term.missing *= factor
        term.importance *= factor.magnitude
        switch shape {
        case .line(var line):
            line.coefficient *= factor
            line.offset *= factor
            line.standardError = line.standardError.map { $0 * factor.magnitude }
            term.shape = .line(line)
        case .curve(let curve): term.shape = .curve(curve.scaled(by: factor))
        case .steps(var steps):
            steps.values = steps.values.map { $0 * factor }
            steps.standardErrors = steps.standardErrors?.map { $0 * factor.magnitude }
            term.shape = .steps(steps)
        case .levels(var levels):
            levels.values = levels.values.map { $0 * factor }
            levels.other *= factor
            levels.standardErrors = levels.standardErrors?.map { $0 * factor.magnitude }
            term.shape = .levels(levels)
        case .grid(var grid):
            grid.values = grid.values.map { $0 * factor }
            term.shape = .grid(grid)
        }
        return term
    }

    /// Returns the two terms as one, where one shape can hold their sum: two lines or curves of one
    /// transform, two step functions or two tables of levels of one input, two grids of the same two inputs;
    /// nil for others. The sum has no standard errors, since the covariance of the two is unknown, and no
    /// importance yet.
    package func merged(with other: Term) -> Term? {
        if case .line(let line) = shape, case .line(let added) = other.shape {
            guard input == other.input, line.transform == added.transform else { return nil }
            let sum = Line(
                transform: line.transform, coefficient: line.coefficient + added.coefficient,
                offset: line.offset + added.offset)
            return Term(input: input, shape: .line(sum), missing: missing + other.missing)
        }
        if case .grid(let grid) = shape, case .grid(let added) = other.shape {
            guard Set(inputs) == Set(other.inputs) else { return nil }
            let aligned = input == other.input ? added : added.transposed(input: other.input)
            return Term(input: input, grid: grid + aligned)
        }
        if let curve = mergedCurve(with: other) { return curve }
        guard input == other.input, let table = shapeFunction, let added = other.shapeFunction else {
            return nil
        }
        return Term(input: input, table: table + added)
    }
}

extension Term.Grid {
    /// Returns the sum of two grids of the same inputs in the same order, on the common refinement of their
    /// axes.
    static func + (left: Term.Grid, right: Term.Grid) -> Term.Grid {
        let rows = AxisUnion(left.rows, right.rows)
        let columns = AxisUnion(left.columns, right.columns)
        var values: [Double] = []
        values.reserveCapacity(rows.axis.binCount * columns.axis.binCount)
        for (leftRow, rightRow) in zip(rows.left, rows.right) {
            for (leftColumn, rightColumn) in zip(columns.left, columns.right) {
                values.append(left[leftRow, leftColumn] + right[rightRow, rightColumn])
            }
        }
        return Term.Grid(second: left.second, rows: rows.axis, columns: columns.axis, values: values)
    }
}
