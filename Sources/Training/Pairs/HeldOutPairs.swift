import LimpetLinearAlgebra
import LimpetParallel

/// Rows that a fold holds out, with their cell in each pair's table, on which tables are evaluated.
struct HeldOutPairs: Sendable {
    private struct Block: Sendable {
        /// The cell of each row, `[pairs][rows]`.
        let cells: [[UInt16]]
        let labels: [UInt8]
        let weights: [Float]?
        var scores: [Double]
        var loss = 0.0
    }

    private var blocks: [Block]

    /// - Parameter part: the rows, with their log-odds by main effects.
    init(_ part: PairedRun.Part, pairs: [(PairAxis, PairAxis)], threads: Int) {
        let cells = PairCells(part.binned, pairs: pairs, threads: threads)
        let bounds = cells.bounds
        blocks = ConcurrentBlocks.map(bounds.count - 1, threads: threads) { index in
            let rows = bounds[index]..<bounds[index + 1]
            return Block(
                cells: cells.blocks[index], labels: part.labels[rows].map { $0 ? 1 : 0 },
                weights: part.weights.map { Array($0[rows]) }, scores: Array(part.scores[rows]))
        }
    }

    /// The log-odds of all rows.
    var scores: [Double] { blocks.flatMap(\.scores) }

    /// Adds a table of each pair to the scores, `[pairs][cells]`; pairs without cells are left out.
    ///
    /// - Returns: the summed log loss.
    mutating func add(_ tables: [[Double]], threads: Int) -> Double {
        ConcurrentBlocks.forEach(&blocks, threads: threads) { block in
            for (pair, table) in tables.enumerated() where !table.isEmpty {
                PairKernels.addTable(table, cells: block.cells[pair], to: &block.scores)
            }
            var (gradients, hessians): ([Int32], [Int32]) = ([], [])
            block.loss = StumpKernels.logisticRows(
                scores: block.scores, labels: block.labels, weights: block.weights, scale: 1,
                gradients: &gradients, hessians: &hessians)
        }
        return blocks.reduce(0) { $0 + $1.loss }
    }
}
