import LimpetScoring

extension AdditiveFit {
    /// Returns the same function with every pair purified: the main effect of either input moves into that
    /// input's own step function or table of levels, on the edges of both, and constants move into the
    /// intercept.
    ///
    /// An input without such a term gets one. Terms that take up a main effect lose their standard errors,
    /// since those of the main effect are unknown; with bags, purify each bag and compute the spread
    /// afterwards.
    ///
    /// - Parameters:
    ///   - data: the rows that give the joint distribution of the inputs.
    ///   - weights: by row, finite and not negative; nil for ones.
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

    /// Adds a shape function to an input's own step function or table of levels.
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
    /// Returns the training weight of each cell, `[rows][columns]` of the grid.
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
