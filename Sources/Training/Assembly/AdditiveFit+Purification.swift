import LimpetScoring

extension AdditiveFit {
    /// The same function with every pair purified: what one input of it says alone moves into that input's own
    /// step function or table of levels, on the edges of both, and constants move into the intercept.
    ///
    /// An input without such a term gets one. Standard errors of the terms that take something up go, since those
    /// of what came in are not known; with bags, purify each bag and take the spread afterwards.
    ///
    /// - Parameters:
    ///   - data: the rows whose joint distribution counts.
    ///   - weights: by row, finite and not negative; nil for 1 each.
    package func purified(on data: TrainingData, weights: [Double]? = nil) -> AdditiveFit {
        var fit = AdditiveFit(intercept: intercept, terms: terms.filter { !$0.isPair })
        var pairs: [Term] = []
        for term in terms {
            guard case .grid(var grid) = term.shape else { continue }
            let purification = Purification(
                values: grid.values, weights: term.cellWeights(grid, data: data, weights: weights),
                rows: grid.rows.binCount, columns: grid.columns.binCount)
            fit.intercept += purification.mean
            fit.add(ShapeFunction(axis: grid.rows, values: purification.rows), to: term.input)
            fit.add(ShapeFunction(axis: grid.columns, values: purification.columns), to: grid.second)
            grid.values = purification.interaction
            pairs.append(Term(input: term.input, grid: grid, importance: term.importance))
        }
        fit.terms += pairs
        return fit
    }

    /// Adds a table to an input's own term of states.
    private mutating func add(_ table: ShapeFunction, to input: Int) {
        guard table.values.contains(where: { $0 != 0 }) else { return }
        let added = Term(input: input, table: table)
        for index in terms.indices where terms[index].input == input {
            guard let sum = terms[index].merged(with: added) else { continue }
            terms[index] = sum
            return
        }
        terms.append(added)
    }
}

extension Term {
    /// The training weight of each cell, row after row.
    fileprivate func cellWeights(_ grid: Grid, data: TrainingData, weights: [Double]?) -> [Double] {
        let rows = grid.rows.bins(of: data.columns[input])
        let columns = grid.columns.bins(of: data.columns[grid.second])
        var cells = [Double](repeating: 0, count: grid.values.count)
        for row in rows.indices {
            cells[rows[row] * grid.columns.binCount + columns[row]] += weights?[row] ?? 1
        }
        return cells
    }
}
