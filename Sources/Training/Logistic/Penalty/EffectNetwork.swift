/// A weighted two-way table as an electrical network: rows and columns are nodes with potentials `a_i` and
/// `−b_j`, and a cell states that the two differ by its value.
struct EffectNetwork {
    private let table: WeightedTable
    /// The conductance between two columns that the eliminated nodes left, and in `flows` that times the
    /// difference of their potentials, the first less the second. Both are `[columns][columns]`.
    private var conductances: [Double]
    private var flows: [Double]
    private var potentials: [Double]
    /// The connected block of each column.
    private var blocks: [Int]

    private var size: Int { table.columns }

    init(_ table: WeightedTable) {
        self.table = table
        conductances = [Double](repeating: 0, count: table.columns * table.columns)
        flows = conductances
        potentials = [Double](repeating: 0, count: table.columns)
        blocks = Array(0..<table.columns)
    }

    mutating func effects() -> (rows: [Double], columns: [Double]) {
        for row in 0..<table.rows { eliminate(wires(ofRow: row)) }
        for column in 0..<size { eliminate(wires(ofColumn: column)) }
        for column in stride(from: size - 1, through: 0, by: -1) {
            guard let node = restored(wires(ofColumn: column)) else { continue }
            (potentials[column], blocks[column]) = node
        }
        return balanced(rows: (0..<table.rows).map { restored(wires(ofRow: $0)) })
    }

    /// Returns the wires of a row to its columns.
    private func wires(ofRow row: Int) -> [Wire] {
        (0..<size).compactMap { column in
            let place = row * size + column
            guard table.weights[place] > 0 else { return nil }
            return Wire(node: column, conductance: table.weights[place], rise: table.values[place])
        }
    }

    /// Returns the wires of a column to the columns after it.
    private func wires(ofColumn column: Int) -> [Wire] {
        ((column + 1)..<size).compactMap { other in
            let place = column * size + other
            guard conductances[place] > 0 else { return nil }
            return Wire(
                node: other, conductance: conductances[place], rise: flows[place] / conductances[place])
        }
    }

    /// Eliminates the node that the wires start from: any two of its neighbours get a wire of conductance
    /// `c_l · c_m / Σ c`, over which the potential falls as over the two replaced wires.
    private mutating func eliminate(_ wires: [Wire]) {
        let total = wires.reduce(0.0) { $0 + $1.conductance }
        for (index, first) in wires.enumerated() {
            for second in wires[(index + 1)...] {
                let conductance = first.conductance * (second.conductance / total)
                let place = first.node * size + second.node
                conductances[place] += conductance
                flows[place] += conductance * (second.rise - first.rise)
            }
        }
    }

    /// Returns a node's potential, the mean of its neighbours' predictions weighted by conductance, and its
    /// block; nil where it has no neighbours.
    private func restored(_ wires: [Wire]) -> (potential: Double, block: Int)? {
        guard let neighbour = wires.first else { return nil }
        let total = wires.reduce(0.0) { $0 + $1.conductance }
        let potential = wires.reduce(0.0) {
            $0 + ($1.conductance / total) * (potentials[$1.node] + $1.rise)
        }
        return (potential, blocks[neighbour.node])
    }

    /// Returns the effects with each block's constant shared evenly between its rows and its columns.
    private func balanced(
        rows: [(potential: Double, block: Int)?]
    ) -> (rows: [Double], columns: [Double]) {
        var sums = [Double](repeating: 0, count: size)
        var totals = sums
        for (row, weight) in zip(rows, table.rowWeights) {
            guard let row else { continue }
            sums[row.block] += weight * row.potential
            totals[row.block] += weight
        }
        for (column, weight) in table.columnWeights.enumerated() {
            sums[blocks[column]] += weight * potentials[column]
        }
        let shifts = zip(sums, totals).map { $1 > 0 ? -$0 / $1 / 2 : 0 }
        return (
            rows.map { $0.map { $0.potential + shifts[$0.block] } ?? 0 },
            potentials.indices.map { -(potentials[$0] + shifts[blocks[$0]]) }
        )
    }
}

/// A wire to a node, with the rise of the potential from that node to the wire's start.
private struct Wire {
    let node: Int
    let conductance: Double
    let rise: Double
}
