/// The weighted least-squares fit of an additive table, `Σ w_ij (g_ij − mean − a_i − b_j)²` at its minimum.
///
/// The effects are the potentials of a network whose wires are the cells: a wire of conductance `w_ij`
/// between row `i` and column `j`. Its nodes are eliminated in sequence by the star-mesh transform (A. Rosen,
/// 1924). That is Gaussian elimination without any subtraction of weights (W. Grassmann, M. Taksar and D.
/// Heyman, 1985), so that the effects are accurate even where weights differ by many orders of magnitude. The
/// normal equations, and alternating between rows and columns, are not accurate there.
struct TwoWayFit {
    /// The weighted mean of the table.
    let mean: Double
    /// Row effects, of weighted mean 0; 0 for a row without weight.
    let rows: [Double]
    /// Column effects, of weighted mean 0; 0 for a column without weight.
    let columns: [Double]

    /// Fits a table.
    ///
    /// - Parameters:
    ///   - values: `[rows][columns]`.
    ///   - weights: not negative, as many as the values. A row or column without weight gets no effect. Where
    ///     the cells with weight fall into blocks that share no row and no column, a constant may move
    ///     between the rows and columns of a block; the effects are then those of least weighted sum of
    ///     squares.
    init(values: [Double], weights: [Double], rows: Int, columns: Int) {
        precondition(values.count == rows * columns && weights.count == values.count)
        let table = WeightedTable(values: values, weights: weights, rows: rows, columns: columns)
        // The longer side is eliminated first: its nodes touch the other side alone, which keeps the
        // remainder small.
        let isWide = columns > rows
        var network = EffectNetwork(isWide ? table.transposed : table)
        let (large, small) = network.effects()
        let effects = isWide ? (small, large) : (large, small)
        let (rowMean, columnMean) = (
            Self.mean(effects.0, table.rowWeights), Self.mean(effects.1, table.columnWeights)
        )
        mean = rowMean + columnMean
        self.rows = zip(effects.0, table.rowWeights).map { $1 > 0 ? $0 - rowMean : 0 }
        self.columns = zip(effects.1, table.columnWeights).map { $1 > 0 ? $0 - columnMean : 0 }
    }

    private static func mean(_ values: [Double], _ weights: [Double]) -> Double {
        let total = weights.reduce(0, +)
        return total > 0 ? zip(values, weights).reduce(0.0) { $0 + $1.0 * ($1.1 / total) } : 0
    }
}

/// A table of values, `[rows][columns]`, with weights that are scaled to a maximum of 1.
struct WeightedTable {
    let values: [Double]
    let weights: [Double]
    let rows: Int
    let columns: Int

    init(values: [Double], weights: [Double], rows: Int, columns: Int) {
        let most = weights.max() ?? 0
        precondition(most.isFinite && !weights.contains { !($0 >= 0) }, "weights must be finite, 0 or more")
        self.values = values
        self.weights = most > 0 ? weights.map { $0 / most } : weights
        self.rows = rows
        self.columns = columns
    }

    var transposed: WeightedTable {
        let order = (0..<columns).flatMap { column in (0..<rows).map { $0 * columns + column } }
        return WeightedTable(
            values: order.map { values[$0] }, weights: order.map { weights[$0] }, rows: columns, columns: rows
        )
    }

    var rowWeights: [Double] {
        (0..<rows).map { row in weights[(row * columns)..<((row + 1) * columns)].reduce(0, +) }
    }

    var columnWeights: [Double] {
        (0..<columns).map { column in (0..<rows).reduce(0.0) { $0 + weights[$1 * columns + column] } }
    }
}
