/// Rows and columns as nodes with potentials `a_i` and `−b_j`: a cell says that they differ by its value.
struct EffectNetwork {
    private let table: WeightedTable
    /// What the eliminated nodes left between two columns: a conductance, and that times the difference of their
    /// potentials, the first less the second.
    private var conductances: [Double]
    private var flows: [Double]
    private var potentials: [Double]
    /// The block of each column.
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

    /// The wires of a row to its columns.
    private func wires(ofRow row: Int) -> [Wire] {
        (0..<size).compactMap { column in
            let place = row * size + column
            guard table.weights[place] > 0 else { return nil }
            return Wire(node: column, conductance: table.weights[place], rise: table.values[place])
        }
    }

    /// The wires of a column to the columns behind it.
    private func wires(ofColumn column: Int) -> [Wire] {
        ((column + 1)..<size).compactMap { other in
            let place = column * size + other
            guard conductances[place] > 0 else { return nil }
            return Wire(
                node: other, conductance: conductances[place], rise: flows[place] / conductances[place])
        }
    }

    /// Takes away the node that the wires come from: between any two of its neighbours comes a wire of
    /// `c_l · c_m / Σ c`, over which the potential falls as over the two wires before.
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

    /// A node's potential, the mean of what its neighbours say by conductance, and its block; nil where it has
    /// no neighbours.
    private func restored(_ wires: [Wire]) -> (potential: Double, block: Int)? {
        guard let neighbour = wires.first else { return nil }
        let total = wires.reduce(0.0) { $0 + $1.conductance }
        let potential = wires.reduce(0.0) {
            $0 + ($1.conductance / total) * (potentials[$1.node] + $1.rise)
        }
        return (potential, blocks[neighbour.node])
    }

    /// The effects with each block's constant shared out evenly between its rows and its columns.
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

/// A wire to a node, over which the potential rises by so much towards where it comes from.
private struct Wire {
    let node: Int
    let conductance: Double
    let rise: Double
}
