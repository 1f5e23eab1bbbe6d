package import LimpetDocuments
import LimpetEvents
package import LimpetScoring

extension Term.Axis {
    /// Returns the bin of each row of a column.
    package func bins(of column: TrainingData.Column) -> [Int] {
        ColumnBins(column, by: self).bins(0..<column.count, of: nil).map { Int($0) }
    }
}

extension Term {
    /// Returns the term's contribution to each row of training data.
    func contributions(of data: TrainingData) -> [Double] {
        var contributions = [Double](repeating: 0, count: data.count)
        TermReader(self, data).add(0..<data.count, of: nil, to: &contributions)
        return contributions
    }

    /// Returns the term with a constant added everywhere.
    func shifted(by shift: Double) -> Term {
        var term = self
        switch shape {
        case .line(var line):
            line.offset += shift
            term.shape = .line(line)
        case .curve(let curve): term.shape = .curve(curve.shifted(by: shift))
        case .steps(var steps):
            steps.values = steps.values.map { $0 + shift }
            term.shape = .steps(steps)
        case .levels(var levels):
            levels.values = levels.values.map { $0 + shift }
            levels.other += shift
            term.shape = .levels(levels)
        case .grid(var grid):
            grid.values = grid.values.map { $0 + shift }
            term.shape = .grid(grid)
            return term
        }
        term.missing += shift
        return term
    }
}
