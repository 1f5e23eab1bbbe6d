import LimpetScoring

extension AdditiveFit {
    /// Returns the mean of fits to bags of rows, with standard errors of its steps and levels: the standard
    /// deviation of each value over the bags, divisor `n − 1`, which is the bootstrap's estimate for one fit
    /// (B. Efron, 1979).
    ///
    /// - Parameter fits: centred on the same rows, and purified if they have pairs, so that a constant that
    ///   one bag holds in another term does not count as spread. A bag without a term adds 0 there.
    package static func bagged(_ fits: [AdditiveFit]) -> AdditiveFit {
        var mean = blend(fits.map { ($0, 1 / Double(fits.count)) })
        guard fits.count > 1 else { return mean }
        let tables = fits.map { fit in fit.joiningTerms().tableOfInput }
        for (index, term) in mean.terms.enumerated() {
            guard let table = term.shapeFunction else { continue }
            var squares = [Double](repeating: 0, count: table.values.count)
            for bag in tables {
                for (state, value) in table.values(of: bag[term.input]).enumerated() {
                    squares[state] += (value - table.values[state]) * (value - table.values[state])
                }
            }
            mean.terms[index] = term.withStandardErrors(
                squares.map { ($0 / Double(fits.count - 1)).squareRoot() })
        }
        return mean
    }

    private var tableOfInput: [Int: ShapeFunction] {
        var tables: [Int: ShapeFunction] = [:]
        for term in terms { tables[term.input] = term.shapeFunction ?? tables[term.input] }
        return tables
    }
}

extension ShapeFunction {
    /// Returns the values of a coarser function of the same input in this function's bins; 0 where there is
    /// none.
    fileprivate func values(of coarser: ShapeFunction?) -> [Double] {
        guard let coarser else { return [Double](repeating: 0, count: values.count) }
        return AxisUnion(axis, coarser.axis).right.map { coarser.values[$0] }
    }
}

extension Term {
    /// Returns the term with standard errors.
    ///
    /// - Parameter errors: by bin; a term has none for missing values and for other levels.
    fileprivate func withStandardErrors(_ errors: [Double]) -> Term {
        var term = self
        switch shape {
        case .steps(var steps):
            steps.standardErrors = Array(errors.prefix(steps.values.count))
            term.shape = .steps(steps)
        case .levels(var levels):
            levels.standardErrors = Array(errors.prefix(levels.values.count))
            term.shape = .levels(levels)
        case .line, .curve, .grid: break
        }
        return term
    }
}
