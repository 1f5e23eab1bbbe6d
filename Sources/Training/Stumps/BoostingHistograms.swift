import LimpetLinearAlgebra
import LimpetParallel

/// The summed gradients, Hessians, users and rows of each input's bins, over all rows.
struct BoostingHistograms: Sendable {
    private let definitions: [BinDefinition]
    private let userSums: [[Double]]
    private let rowSums: [[Int]]
    private var gradientSums: [[Double]] = []
    private var hessianSums: [[Double]] = []

    /// Sums users and rows.
    ///
    /// - Parameter userShares: one divided by the number of rows of each row's user.
    init(_ data: BinnedData, userShares: [Double], weights: [Float]?, threads: Int = 1) {
        definitions = data.definitions
        let columns = definitions.indices.map(Int32.init)
        let places = definitions.count * StumpKernels.places
        let unit = Double(1 << 30)
        var blocks = data.blocks
        let partials = ConcurrentBlocks.reduce(
            &blocks, threads: threads,
            initial: {
                (shares: [Int64](repeating: 0, count: places), rows: [Int64](repeating: 0, count: places))
            },
            { block, sums in
                let rows = block.firstRow..<(block.firstRow + block.rowCount)
                // A row without weight does not count.
                let counts = rows.map { row -> Int32 in weights.map { $0[row] > 0 } ?? true ? 1 : 0 }
                let shares = zip(rows, counts).map { $1 * Int32((userShares[$0] * unit).rounded()) }
                StumpKernels.addHistograms(
                    block.bins, columns: columns, gradients: shares, hessians: counts, to: &sums.shares,
                    &sums.rows)
            })
        let none = [Int64](repeating: 0, count: places)
        let shares = partials.reduce(into: none) { sums, partial in Self.add(partial.shares, to: &sums) }
        let rows = partials.reduce(into: none) { sums, partial in Self.add(partial.rows, to: &sums) }
        // A third three times is one user: sums are known to far less than a millionth.
        userSums = Self.split(shares, definitions) { (Double($0) / unit * 1e6).rounded() / 1e6 }
        rowSums = Self.split(rows, definitions) { Int($0) }
    }

    private static func add(_ partial: [Int64], to sums: inout [Int64]) {
        for place in sums.indices { sums[place] += partial[place] }
    }

    /// Replaces the derivatives by those of a pass.
    mutating func update(_ pass: BoostingRows.Pass, value: (Int64) -> Double) {
        gradientSums = Self.split(pass.gradients, definitions, value)
        if !pass.hessians.isEmpty { hessianSums = Self.split(pass.hessians, definitions, value) }
    }

    private static func split<Number>(
        _ sums: [Int64], _ definitions: [BinDefinition], _ value: (Int64) -> Number
    ) -> [[Number]] {
        definitions.enumerated().map { input, definition in
            (0..<definition.binCount).map { value(sums[input * StumpKernels.places + $0]) }
        }
    }

    /// Returns the summed gradients of an input's bins.
    func gradients(_ input: Int) -> [Double] { gradientSums[input] }
    /// Returns the summed Hessians of an input's bins, from the last pass that computed them.
    func hessians(_ input: Int) -> [Double] { hessianSums[input] }
    /// Returns the number of users of an input's bins.
    func users(_ input: Int) -> [Double] { userSums[input] }
    /// Returns the number of rows with a weight of an input's bins.
    func rows(_ input: Int) -> [Int] { rowSums[input] }
}
