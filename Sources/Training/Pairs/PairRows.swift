import LimpetLinearAlgebra
import LimpetParallel

/// Rows that pairs are boosted on, with their cell in each pair's table and their current scores.
///
/// Scores are of single precision, as are those of lanes: derivatives have fewer digits.
struct PairRows: Sendable {
    fileprivate struct Block: Sendable {
        /// The cell of each row, `[pairs][rows]`.
        let cells: [[UInt16]]
        let labels: [UInt8]
        let weights: [Float]?
        var scores: [Float]
        var derivatives: PackedDerivatives
    }

    private var blocks: [Block]
    private let unit: Double

    init(
        _ data: BinnedData, pairs: [(PairAxis, PairAxis)], labels: [Bool], weights: [Float]?,
        scores: [Double], threads: Int
    ) {
        let unit = DerivativeUnit.unit(weights)
        let most = weights?.max() ?? 1
        let cells = PairCells(data, pairs: pairs, threads: threads)
        let bounds = cells.bounds
        self.unit = unit
        blocks = ConcurrentBlocks.map(bounds.count - 1, threads: threads) { index in
            let rows = bounds[index]..<bounds[index + 1]
            var block = Block(
                cells: cells.blocks[index], labels: labels[rows].map { $0 ? 1 : 0 },
                weights: weights.map { Array($0[rows]) },
                scores: scores[rows].map { Float($0) },
                derivatives: PackedDerivatives(count: rows.count, unit: unit, most: most))
            block.update()
            return block
        }
    }

    /// Adds a step for each cell of one pair to the scores.
    mutating func add(_ steps: [Double], to pair: Int, threads: Int) {
        let steps = steps.map { Float($0) }
        ConcurrentBlocks.forEach(&blocks, threads: threads) { block in
            PairKernels.addSteps(steps, cells: block.cells[pair], to: &block.scores)
            block.update()
        }
    }

    /// Returns the summed derivatives of one pair's cells.
    func derivatives(of pair: Int, cells count: Int, threads: Int) -> (
        gradients: [Double], hessians: [Double]
    ) {
        let blocks = blocks
        let parts = ConcurrentBlocks.map(blocks.count, threads: threads) {
            PairKernels.sums(blocks[$0].cells[pair], blocks[$0].derivatives, count: count)
        }
        guard parts.count != 1 else {
            return (parts[0].map { Double($0.gradient) * unit }, parts[0].map { Double($0.hessian) * unit })
        }
        func total(_ sum: (PackedDerivatives.Sum) -> Int64) -> [Double] {
            (0..<count).map { cell in Double(parts.reduce(0) { $0 + sum($1[cell]) }) * unit }
        }
        return (total(\.gradient), total(\.hessian))
    }
}

extension PairRows.Block {
    fileprivate mutating func update() {
        derivatives.update(scores: scores, labels: labels, weights: weights)
    }
}
