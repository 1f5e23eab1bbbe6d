import LimpetLinearAlgebra
import LimpetParallel

/// Summed gradients, Hessians and users of each input's bins, over all rows.
struct BoostingHistograms: Sendable {
    private let definitions: [BinDefinition]
    private let userSums: [[Double]]
    private var gradientSums: [[Double]] = []
    private var hessianSums: [[Double]] = []

    /// - Parameter userShares: one divided by the number of rows of each row's user.
    init(_ data: BinnedData, userShares: [Double], weights: [Float]?, threads: Int = 1) {
        definitions = data.definitions
        let columns = definitions.indices.map(Int32.init)
        let places = definitions.count * StumpKernels.places
        let unit = Double(1 << 30)
        var blocks = data.blocks
        let partials = ConcurrentBlocks.reduce(
            &blocks, threads: threads, initial: { [Int64](repeating: 0, count: places) },
            { block, sums in
                let rows = block.firstRow..<(block.firstRow + block.rowCount)
                let shares = rows.map { row -> Int32 in
                    // A row without weight takes no part.
                    weights.map { $0[row] > 0 } ?? true ? Int32((userShares[row] * unit).rounded()) : 0
                }
                StumpKernels.addHistogram(block.bins, columns: columns, values: shares, to: &sums)
            })
        var sums = [Int64](repeating: 0, count: places)
        for partial in partials { for place in sums.indices { sums[place] += partial[place] } }
        userSums = Self.split(sums, definitions) { Double($0) / unit }
    }

    /// Takes over what a pass has found.
    mutating func update(_ pass: BoostingRows.Pass, value: (Int64) -> Double) {
        gradientSums = Self.split(pass.gradients, definitions, value)
        if !pass.hessians.isEmpty { hessianSums = Self.split(pass.hessians, definitions, value) }
    }

    private static func split(
        _ sums: [Int64], _ definitions: [BinDefinition], _ value: (Int64) -> Double
    ) -> [[Double]] {
        definitions.enumerated().map { input, definition in
            (0..<definition.binCount).map { value(sums[input * StumpKernels.places + $0]) }
        }
    }

    /// The summed gradients of an input's bins.
    func gradients(_ input: Int) -> [Double] { gradientSums[input] }
    /// The summed Hessians of an input's bins, as they were when last asked for.
    func hessians(_ input: Int) -> [Double] { hessianSums[input] }
    /// The users of an input's bins.
    func users(_ input: Int) -> [Double] { userSums[input] }
}
