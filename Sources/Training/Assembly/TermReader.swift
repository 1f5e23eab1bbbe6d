import LimpetLinearAlgebra
import LimpetScoring

/// A term with the columns that it reads, which tells its contribution to some rows at a time.
struct TermReader: Sendable {
    private enum Source {
        case table([Double], ColumnBins)
        case grid(Term.Grid, rows: ColumnBins, columns: ColumnBins)
        case line(Term.Line, [Double])
        case curve(Term.Curve, [Double])
    }

    private let source: Source
    private let missing: Double

    init(_ term: Term, _ data: TrainingData) {
        missing = term.missing
        func numbers() -> [Double] {
            guard case .numbers(let numbers) = data.columns[term.input] else {
                preconditionFailure("a line does not fit a category")
            }
            return numbers
        }
        switch term.shape {
        case .line(let line): source = .line(line, numbers())
        case .curve(let curve): source = .curve(curve, numbers())
        case .grid(let grid):
            source = .grid(
                grid, rows: ColumnBins(data.columns[term.input], by: grid.rows),
                columns: ColumnBins(data.columns[grid.second], by: grid.columns))
        case .steps, .levels:
            guard let table = term.shapeFunction else { preconditionFailure("steps and levels have bins") }
            source = .table(table.values, ColumnBins(data.columns[term.input], by: table.axis))
        }
    }

    /// Adds the contributions to consecutive rows, or to those of a list.
    func add(_ range: Range<Int>, of rows: [Int]?, to sums: inout [Double]) {
        var target = sums.mutableSpan
        switch source {
        case .table(let values, let column):
            let bins = column.bins(range, of: rows)
            let (values, places) = (values.span, bins.span)
            for place in places.indices { target[place] += values[Int(places[place])] }
        case .grid(let grid, let rowBins, let columnBins):
            let (left, right) = (rowBins.bins(range, of: rows), columnBins.bins(range, of: rows))
            for place in left.indices { target[place] += grid[Int(left[place]), Int(right[place])] }
        case .line(let line, let numbers):
            for (place, index) in range.enumerated() {
                let x = numbers[rows.map { $0[index] } ?? index]
                target[place] += x.isNaN ? missing : line.offset + line.coefficient * line.transform(x)
            }
        case .curve(let curve, let numbers):
            for (place, index) in range.enumerated() {
                let x = numbers[rows.map { $0[index] } ?? index]
                target[place] += x.isNaN ? missing : curve(x)
            }
        }
    }
}
