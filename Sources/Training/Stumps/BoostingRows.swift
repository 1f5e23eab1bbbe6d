import LimpetNumerics
import LimpetEvents
import LimpetEvaluation
import LimpetLinearAlgebra
import LimpetParallel
import LimpetScoring

/// The rows that stumps are boosted on, with their current scores: adds steps to scores, and sums the loss
/// and its derivatives by bin, in one pass over the rows.
struct BoostingRows: Sendable {
    private struct Block: Sendable {
        let firstRow: Int
        let bins: [UInt8]
        let labels: [UInt8]
        let weights: [Float]?
        var scores: [Double]
        var loss = 0.0
    }

    let inputCount: Int
    let rowCount: Int
    /// The summed weight.
    let totalWeight: Double
    private var blocks: [Block]
    /// The value of one unit of a fixed-point derivative.
    private let unit: Double

    /// Makes rows with initial scores.
    ///
    /// - Parameters:
    ///   - weights: a weight of 0 or more for each row; nil for ones.
    ///   - scores: the initial log-odds.
    init(_ data: BinnedData, labels: [Bool], weights: [Float]?, scores: [Double]) {
        inputCount = data.definitions.count
        rowCount = data.rowCount
        totalWeight = weights?.reduce(0.0) { $0 + Double($1) } ?? Double(data.rowCount)
        // Derivatives are at most the weight; 30 bits hold them with a sign, and 2^33 of them fit into a sum.
        unit = Double(weights?.max() ?? 1) / Double(1 << 30)
        blocks = data.blocks.map { block in
            let rows = block.firstRow..<(block.firstRow + block.rowCount)
            return Block(
                firstRow: block.firstRow, bins: block.bins, labels: labels[rows].map { $0 ? 1 : 0 },
                weights: weights.map { Array($0[rows]) }, scores: Array(scores[rows]))
        }
    }

    /// The log-odds of all rows.
    var scores: [Double] { blocks.flatMap(\.scores) }

    /// The results of a pass over the rows.
    struct Pass: Sendable {
        /// The summed log loss.
        var loss: Double
        /// The summed gradients by bin, `[inputs][256]`.
        var gradients: [Int64]
        /// The summed Hessians by bin, `[inputs][256]`; empty where they were not requested.
        var hessians: [Int64]
    }

    /// Adds tables to the scores, then sums loss and derivatives.
    mutating func pass(
        adding steps: StepTables?, inputs: [Int32], hessians: Bool, threads: Int
    ) -> Pass {
        let places = inputCount * StumpKernels.places
        let scale = unit > 0 ? 1 / unit : 0
        let partials = ConcurrentBlocks.reduce(
            &blocks, threads: threads,
            initial: {
                Partial(
                    gradients: [Int64](repeating: 0, count: places),
                    hessians: [Int64](repeating: 0, count: hessians ? places : 0))
            },
            { block, partial in
                if let steps {
                    StumpKernels.addTables(
                        block.bins, columns: steps.columns, tables: steps.tables, to: &block.scores)
                }
                partial.resize(block.scores.count, hessians: hessians)
                block.loss = StumpKernels.logisticRows(
                    scores: block.scores, labels: block.labels, weights: block.weights, scale: scale,
                    gradients: &partial.rowGradients, hessians: &partial.rowHessians)
                partial.addRows(of: block.bins, inputs: inputs, hessians: hessians)
            })
        var pass = Pass(
            loss: blocks.reduce(0) { $0 + $1.loss }, gradients: partials[0].gradients,
            hessians: partials[0].hessians)
        for partial in partials.dropFirst() {
            for place in pass.gradients.indices { pass.gradients[place] += partial.gradients[place] }
            for place in pass.hessians.indices { pass.hessians[place] += partial.hessians[place] }
        }
        return pass
    }

    /// Returns a fixed-point derivative as a number.
    func value(_ sum: Int64) -> Double { Double(sum) * unit }

    private struct Partial {
        var gradients: [Int64]
        var hessians: [Int64]
        var rowGradients: [Int32] = []
        var rowHessians: [Int32] = []

        mutating func resize(_ rows: Int, hessians: Bool) {
            if rowGradients.count != rows { rowGradients = [Int32](repeating: 0, count: rows) }
            if hessians, rowHessians.count != rows { rowHessians = [Int32](repeating: 0, count: rows) }
        }

        mutating func addRows(of bins: [UInt8], inputs: [Int32], hessians: Bool) {
            guard hessians else {
                StumpKernels.addHistogram(bins, columns: inputs, values: rowGradients, to: &gradients)
                return
            }
            StumpKernels.addHistograms(
                bins, columns: inputs, gradients: rowGradients, hessians: rowHessians, to: &gradients,
                &self.hessians)
        }
    }

    /// Adds tables to the scores.
    ///
    /// - Returns: the summed log loss.
    mutating func add(_ steps: StepTables, threads: Int) -> Double {
        ConcurrentBlocks.forEach(&blocks, threads: threads) { block in
            StumpKernels.addTables(
                block.bins, columns: steps.columns, tables: steps.tables, to: &block.scores)
            var none: [Int32] = []
            var noHessians: [Int32] = []
            block.loss = StumpKernels.logisticRows(
                scores: block.scores, labels: block.labels, weights: block.weights, scale: 1,
                gradients: &none, hessians: &noHessians)
        }
        return blocks.reduce(0) { $0 + $1.loss }
    }

    /// Adds a constant to the scores.
    mutating func add(_ constant: Double) {
        for block in blocks.indices {
            for row in blocks[block].scores.indices { blocks[block].scores[row] += constant }
        }
    }

    /// Returns `weight · p(1 − p)` of the given rows, which ascend.
    func curvature(of rows: [Int]) -> [Float] {
        var curvature: [Float] = []
        curvature.reserveCapacity(rows.count)
        // Blocks of rows that were dealt to folds differ in length.
        for block in blocks where curvature.count < rows.count {
            while curvature.count < rows.count {
                let place = rows[curvature.count] - block.firstRow
                guard place < block.scores.count else { break }
                let p = ElementaryFunctions.logistic(block.scores[place])
                curvature.append(Float(p * (1 - p)) * (block.weights?[place] ?? 1))
            }
        }
        precondition(curvature.count == rows.count, "rows have to ascend, up to the last one")
        return curvature
    }
}

/// The values that steps add to the scores, `[inputs][256]`.
struct StepTables: Sendable {
    var tables: [Double]
    /// The inputs whose table may have values other than 0.
    var columns: [Int32] = []

    init(inputCount: Int) {
        tables = [Double](repeating: 0, count: inputCount * StumpKernels.places)
    }

    /// Adds values by bin to one input's table.
    mutating func add(_ values: [Double], to input: Int) {
        let base = input * StumpKernels.places
        for (bin, value) in values.enumerated() { tables[base + bin] += value }
        if !columns.contains(Int32(input)) { columns.append(Int32(input)) }
    }

    /// Returns the values of one input's bins.
    func values(of input: Int, bins: Int) -> ArraySlice<Double> {
        tables[(input * StumpKernels.places)..<(input * StumpKernels.places + bins)]
    }

    /// Returns the difference of these steps and others.
    func minus(_ other: StepTables) -> StepTables {
        var result = self
        for column in other.columns {
            result.add(other.values(of: Int(column), bins: StumpKernels.places).map { -$0 }, to: Int(column))
        }
        return result
    }
}
