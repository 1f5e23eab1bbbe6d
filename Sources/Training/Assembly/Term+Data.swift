package import LimpetDocuments
import LimpetEvents
package import LimpetScoring

extension Term.Axis {
    /// Returns the bin of each row of a column.
    package func bins(of column: TrainingData.Column) -> [Int] {
        switch (self, column) {
        case (.numbers, .numbers(let numbers)):
            return numbers.map { bin(of: $0) }
        case (.levels, .levels(let names, let codes)):
            let known = binOfLevel
            let states = names.map { known[VerbatimText($0)] ?? other }
            return codes.map { code in
                code < 0 ? missing : Int(code) < states.count ? states[Int(code)] : other
            }
        default:
            preconditionFailure("an axis does not fit its column")
        }
    }
}

extension Term {
    /// Returns the term's contribution to each row of training data.
    func contributions(of data: TrainingData) -> [Double] {
        switch shape {
        case .line(let line):
            guard case .numbers(let numbers) = data.columns[input] else {
                preconditionFailure("a line does not fit a category")
            }
            return numbers.map { $0.isNaN ? missing : line.offset + line.coefficient * line.transform($0) }
        case .curve(let curve):
            guard case .numbers(let numbers) = data.columns[input] else {
                preconditionFailure("a curve does not fit a category")
            }
            return numbers.map { $0.isNaN ? missing : curve($0) }
        case .grid(let grid):
            let rows = grid.rows.bins(of: data.columns[input])
            let columns = grid.columns.bins(of: data.columns[grid.second])
            return zip(rows, columns).map { grid[$0, $1] }
        case .steps, .levels:
            guard let table = shapeFunction else { preconditionFailure("steps and levels have states") }
            return table.axis.bins(of: data.columns[input]).map { table.values[$0] }
        }
    }

    /// Returns the term with 0 for bins that no row has: a missing value where none is missing, a level
    /// without rows, an unknown level where all are known. Nothing was learnt about them. Steps between
    /// values that rows have stay.
    func silencingUnseenStates(in data: TrainingData) -> Term {
        var term = self
        switch shape {
        case .line, .curve, .steps:
            if case .numbers(let numbers) = data.columns[input], !numbers.contains(where: \.isNaN) {
                term.missing = 0
            }
        case .levels(var levels):
            let isSeen = Self.seen(by: .levels(names: levels.names), data.columns[input])
            if !isSeen[levels.names.count + 1] { term.missing = 0 }
            if !isSeen[levels.names.count] { levels.other = 0 }
            for level in levels.names.indices where !isSeen[level] { levels.values[level] = 0 }
            term.shape = .levels(levels)
        case .grid(var grid):
            let rows = Self.seen(by: grid.rows, data.columns[input])
            let columns = Self.seen(by: grid.columns, data.columns[grid.second])
            for (row, isRowSeen) in rows.enumerated() {
                for (column, isColumnSeen) in columns.enumerated() where !(isRowSeen && isColumnSeen) {
                    grid[row, column] = 0
                }
            }
            term.shape = .grid(grid)
        }
        return term
    }

    /// Returns true for each bin that rows have; bins between values that rows have count as seen.
    private static func seen(by axis: Axis, _ column: TrainingData.Column) -> [Bool] {
        var seen = [Bool](repeating: false, count: axis.binCount)
        for state in axis.bins(of: column) { seen[state] = true }
        if case .numbers(let edges) = axis {
            for bin in 0...edges.count { seen[bin] = true }
        }
        return seen
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
