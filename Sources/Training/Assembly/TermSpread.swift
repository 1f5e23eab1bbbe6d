import LimpetScoring

/// The mean and the variance of a term's contributions to rows, and the bins that no row has.
struct TermSpread: Sendable {
    private(set) var mean = 0.0
    private(set) var variance = 0.0
    /// Bins of the term, or of its rows and columns for a pair, that no row has; for lines and curves only
    /// missing values are told of.
    private(set) var unseen = Unseen()

    /// Bins that no row has.
    struct Unseen: Sendable {
        var first: Set<Int> = []
        var second: Set<Int> = []
        var missing = false
    }

    init(_ term: Term, _ data: TrainingData) {
        switch term.shape {
        case .line, .curve: readNumbers(term, data)
        case .grid(let grid):
            let rows = ColumnBins(data.columns[term.input], by: grid.rows)
            let columns = ColumnBins(data.columns[grid.second], by: grid.columns)
            var cells = [Double](repeating: 0, count: grid.values.count)
            var (rowCounts, columnCounts) = (Self.zeros(rows.binCount), Self.zeros(columns.binCount))
            for range in RowBlocks.ranges(data.count) {
                let (left, right) = (rows.bins(range, of: nil), columns.bins(range, of: nil))
                for (place, row) in range.enumerated() {
                    let (r, c) = (Int(left[place]), Int(right[place]))
                    cells[r * columns.binCount + c] += data.weights?[row] ?? 1
                    rowCounts[r] += 1
                    columnCounts[c] += 1
                }
            }
            summarise(grid.values, cells)
            unseen = Unseen(
                first: Self.unseen(grid.rows, rowCounts), second: Self.unseen(grid.columns, columnCounts))
        case .steps, .levels:
            guard let table = term.shapeFunction else { return }
            let column = ColumnBins(data.columns[term.input], by: table.axis)
            var (sums, counts) = (Self.zeros(column.binCount), Self.zeros(column.binCount))
            for range in RowBlocks.ranges(data.count) {
                let bins = column.bins(range, of: nil)
                for bin in bins { counts[Int(bin)] += 1 }
                guard let weights = data.weights else { continue }
                for (place, row) in range.enumerated() { sums[Int(bins[place])] += weights[row] }
            }
            summarise(table.values, data.weights == nil ? counts : sums)
            unseen.first = Self.unseen(table.axis, counts)
            unseen.missing = counts[table.axis.missing] == 0
        }
    }

    private static func zeros(_ count: Int) -> [Double] { [Double](repeating: 0, count: count) }

    private mutating func summarise(_ values: [Double], _ weights: [Double]) {
        let total = weights.reduce(0, +)
        guard total > 0 else { return }
        let centre = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
        mean = centre
        variance =
            zip(values, weights).reduce(0) { $0 + ($1.0 - centre) * ($1.0 - centre) * $1.1 } / total
    }

    private mutating func readNumbers(_ term: Term, _ data: TrainingData) {
        let reader = TermReader(term, data)
        var values = [Double](repeating: 0, count: data.count)
        reader.add(0..<data.count, of: nil, to: &values)
        summarise(values, data.weights ?? [Double](repeating: 1, count: data.count))
        guard case .numbers(let numbers) = data.columns[term.input] else { return }
        unseen.missing = !numbers.contains(where: \.isNaN)
    }

    /// Bins between values that rows have count as seen.
    private static func unseen(_ axis: Term.Axis, _ counts: [Double]) -> Set<Int> {
        switch axis {
        case .numbers: counts[axis.missing] == 0 ? [axis.missing] : []
        case .levels: Set(counts.indices.filter { counts[$0] == 0 })
        }
    }
}

extension Term {
    /// Returns the term with 0 for bins that no row has: a missing value where none is missing, a level
    /// without rows, an unknown level where all are known. Nothing was learnt about them. Steps between
    /// values that rows have stay.
    func silencing(_ unseen: TermSpread.Unseen) -> Term {
        var term = self
        switch shape {
        case .line, .curve, .steps:
            if unseen.missing { term.missing = 0 }
        case .levels(var levels):
            if unseen.missing { term.missing = 0 }
            if unseen.first.contains(levels.names.count) { levels.other = 0 }
            for level in levels.names.indices where unseen.first.contains(level) { levels.values[level] = 0 }
            term.shape = .levels(levels)
        case .grid(var grid):
            for row in 0..<grid.rows.binCount {
                for column in 0..<grid.columns.binCount
                where unseen.first.contains(row) || unseen.second.contains(column) {
                    grid[row, column] = 0
                }
            }
            term.shape = .grid(grid)
        }
        return term
    }
}
