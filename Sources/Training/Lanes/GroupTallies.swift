import LimpetLinearAlgebra
import LimpetParallel

/// The users and rows of each bin: users by group of rows, rows of all groups together.
struct GroupTallies: Sendable {
    /// `[groups][features][bins]`, of the inputs that hold rows in more than one bin.
    private(set) var users: [[[Double]]]
    /// `[inputs][bins]`.
    let rows: [[Int]]
    /// The weight of the rows, `[inputs][bins]`.
    let weights: [[Double]]

    init(
        _ binned: BinnedData, groupOfRow: [Int32], groups: Int, userShares: [Double], weights: [Float]?,
        threads: Int
    ) {
        let inputs = Array(binned.definitions.indices)
        let sums = ConcurrentBlocks.map(inputs.count, threads: threads) { input in
            Self.sums(
                binned, input, groupOfRow: groupOfRow, groups: groups, userShares: userShares,
                weights: weights)
        }
        rows = sums.map(\.rows)
        self.weights = sums.map(\.weights)
        let filled = inputs.filter { sums[$0].rows.count { $0 > 0 } > 1 }
        users = (0..<groups).map { group in filled.map { sums[$0].users[group] } }
    }

    private static func sums(
        _ binned: BinnedData, _ input: Int, groupOfRow: [Int32], groups: Int, userShares: [Double],
        weights: [Float]?
    ) -> (users: [[Double]], rows: [Int], weights: [Double]) {
        let bins = binned.definitions[input].binCount
        var users = [Double](repeating: 0, count: groups * bins)
        var rows = [Int](repeating: 0, count: bins)
        var sums = [Double](repeating: 0, count: weights == nil ? 0 : bins)
        let (group, shares) = (groupOfRow.span, userShares.span)
        for block in binned.blocks {
            let column = block.bins.span.extracting((input * block.rowCount)..<((input + 1) * block.rowCount))
            for place in column.indices {
                let row = block.firstRow + place
                // A row without weight does not count.
                if let weights, weights[row] == 0 { continue }
                let bin = Int(column[place])
                rows[bin] += 1
                if let weights { sums[bin] += Double(weights[row]) }
                users[Int(group[row]) * bins + bin] += shares[row]
            }
        }
        // A third three times is one user: sums are known to far less than a millionth.
        let rounded = users.map { ($0 * 1e6).rounded() / 1e6 }
        return (
            (0..<groups).map { Array(rounded[($0 * bins)..<(($0 + 1) * bins)]) }, rows,
            weights == nil ? rows.map { Double($0) } : sums
        )
    }
}
