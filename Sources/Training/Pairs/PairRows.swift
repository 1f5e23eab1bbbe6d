import LimpetLinearAlgebra
import LimpetParallel

/// Rows with their cell in each pair's table, and their current scores.
struct PairRows: Sendable {
    private struct Block: Sendable {
        /// The cell of each row, `[pairs][rows]`.
        var cells: [[UInt16]]
        var labels: [UInt8]
        var weights: [Float]?
        var scores: [Double]
        var loss = 0.0
        var derivatives = PackedDerivatives(gradients: [], hessians: [])
    }

    private var blocks: [Block]
    private let unit: Double

    /// The rows of a block; it does not depend on the number of threads, nor does a sum of losses then.
    private static let blockRows = 1 << 13

    init(
        _ data: BinnedData, pairs: [(PairAxis, PairAxis)], labels: [Bool], weights: [Float]?,
        scores: [Double],
        threads: Int
    ) {
        unit = DerivativeUnit.unit(weights)
        var columns: [Int: [UInt8]] = [:]
        for axis in pairs.flatMap({ [$0, $1] }) where columns[axis.input] == nil {
            columns[axis.input] = data.column(axis.input)
        }
        let (known, bounds) = (
            columns,
            ConcurrentBlocks.bounds(data.rowCount, length: Self.blockRows)
        )
        blocks = ConcurrentBlocks.map(bounds.count - 1, threads: threads) { index in
            let rows = bounds[index]..<bounds[index + 1]
            return Block(
                cells: pairs.map { Self.cells(known, $0, $1, rows) }, labels: labels[rows].map { $0 ? 1 : 0 },
                weights: weights.map { Array($0[rows]) }, scores: Array(scores[rows]))
        }
    }

    private static func cells(
        _ columns: [Int: [UInt8]], _ first: PairAxis, _ second: PairAxis, _ rows: Range<Int>
    ) -> [UInt16] {
        guard let one = columns[first.input], let other = columns[second.input] else { return [] }
        let width = UInt16(second.binCount)
        return zip(one[rows], other[rows]).map {
            UInt16(first.stateOfBin[Int($0)]) * width + UInt16(second.stateOfBin[Int($1)])
        }
    }

    /// The log-odds of all rows.
    var scores: [Double] { blocks.flatMap(\.scores) }

    /// Adds a table of one pair to the scores.
    ///
    /// - Returns: the summed log loss.
    mutating func add(_ table: [Double], to pair: Int, threads: Int) -> Double {
        var tables = [[Double]](repeating: [], count: pair + 1)
        tables[pair] = table
        return add(tables, threads: threads)
    }

    /// Adds a table of each pair to the scores, `[pairs][cells]`; pairs without cells are left out.
    ///
    /// - Returns: the summed log loss.
    mutating func add(_ tables: [[Double]], threads: Int) -> Double {
        let scale = 1 / unit
        ConcurrentBlocks.forEach(&blocks, threads: threads) { block in
            for (pair, table) in tables.enumerated() where !table.isEmpty {
                PairKernels.addTable(table, cells: block.cells[pair], to: &block.scores)
            }
            var gradients = [Int32](repeating: 0, count: block.scores.count)
            var hessians = gradients
            block.loss = StumpKernels.logisticRows(
                scores: block.scores, labels: block.labels, weights: block.weights, scale: scale,
                gradients: &gradients, hessians: &hessians)
            block.derivatives = PackedDerivatives(gradients: gradients, hessians: hessians)
        }
        return blocks.reduce(0) { $0 + $1.loss }
    }

    /// Returns the summed derivatives of one pair's cells, at the scores after the last addition.
    func derivatives(of pair: Int, cells: Int, threads: Int) -> (gradients: [Double], hessians: [Double]) {
        let blocks = blocks
        let parts = ConcurrentBlocks.map(blocks.count, threads: threads) {
            PairKernels.sums(blocks[$0].cells[pair], blocks[$0].derivatives, count: cells)
        }
        guard parts.count != 1 else {
            return (parts[0].map { Double($0.gradient) * unit }, parts[0].map { Double($0.hessian) * unit })
        }
        func total(_ sum: (PackedDerivatives.Sum) -> Int64) -> [Double] {
            (0..<cells).map { cell in Double(parts.reduce(0) { $0 + sum($1[cell]) }) * unit }
        }
        return (total(\.gradient), total(\.hessian))
    }
}
