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
        var gradients: [Int32]
        var hessians: [Int32]
    }

    private var blocks: [Block]
    private let unit: Double

    init(
        _ data: BinnedData, pairs: [(PairAxis, PairAxis)], labels: [Bool], weights: [Float]?,
        scores: [Double],
        threads: Int
    ) {
        unit = Double(weights?.max() ?? 1) / Double(1 << 30)
        blocks = ConcurrentBlocks.map(data.blocks.count, threads: threads) { index in
            let block = data.blocks[index]
            let rows = block.firstRow..<(block.firstRow + block.rowCount)
            let none = [Int32](repeating: 0, count: rows.count)
            return Block(
                cells: pairs.map { Self.cells(block, $0, $1) }, labels: labels[rows].map { $0 ? 1 : 0 },
                weights: weights.map { Array($0[rows]) }, scores: Array(scores[rows]), gradients: none,
                hessians: none)
        }
    }

    private static func cells(_ block: BinnedData.Block, _ first: PairAxis, _ second: PairAxis) -> [UInt16] {
        let (a, b) = (first.input * block.rowCount, second.input * block.rowCount)
        let columns = UInt16(second.binCount)
        return (0..<block.rowCount).map { row in
            UInt16(first.stateOfBin[Int(block.bins[a + row])]) * columns
                + UInt16(second.stateOfBin[Int(block.bins[b + row])])
        }
    }

    /// The log-odds of all rows.
    var scores: [Double] { blocks.flatMap(\.scores) }

    /// Adds a table of one pair to the scores; without a pair, only sums the loss.
    ///
    /// - Returns: the summed log loss.
    mutating func add(_ table: [Double], to pair: Int?, threads: Int) -> Double {
        let scale = unit > 0 ? 1 / unit : 0
        ConcurrentBlocks.forEach(&blocks, threads: threads) { block in
            if let pair { PairKernels.addTable(table, cells: block.cells[pair], to: &block.scores) }
            block.loss = StumpKernels.logisticRows(
                scores: block.scores, labels: block.labels, weights: block.weights, scale: scale,
                gradients: &block.gradients, hessians: &block.hessians)
        }
        return blocks.reduce(0) { $0 + $1.loss }
    }

    /// Returns the summed derivatives of one pair's cells, at the scores after the last addition.
    func derivatives(of pair: Int, cells: Int, threads: Int) -> (gradients: [Double], hessians: [Double]) {
        var blocks = blocks
        let partials = ConcurrentBlocks.reduce(
            &blocks, threads: threads, initial: { [Int64](repeating: 0, count: 2 * cells) },
            { block, sums in
                PairKernels.addCells(
                    block.cells[pair], gradients: block.gradients, hessians: block.hessians, to: &sums)
            })
        func total(_ place: Int) -> Double { Double(partials.reduce(0) { $0 + $1[place] }) * unit }
        return ((0..<cells).map { total(2 * $0) }, (0..<cells).map { total(2 * $0 + 1) })
    }
}
