import LimpetLinearAlgebra
import LimpetParallel

/// The users and rows of each bin: users by group of rows, or by lane where each draws users, rows of all
/// groups together.
struct GroupTallies: Sendable {
    /// `[groups or lanes][features][bins]`, of the inputs that lanes may split.
    private(set) var users: [[[Double]]]
    /// `[inputs][bins]`.
    let rows: [[Int]]
    /// The weight of the rows, `[inputs][bins]`.
    let weights: [[Double]]

    init(
        _ binned: BinnedData, groupOfRow: [Int32], groups: Int, userShares: [Double],
        weights: LaneWeights, threads: Int
    ) {
        let sums = ConcurrentBlocks.map(binned.definitions.count, threads: threads) { input in
            Self.sums(
                binned, input, groupOfRow: groupOfRow, groups: groups, userShares: userShares,
                weights: weights)
        }
        rows = sums.map(\.rows)
        self.weights = sums.map(\.weights)
        let inputs = LaneSpace.inputs(rows)
        let lists = weights.isByLane ? weights.draws.count : groups
        users = (0..<lists).map { list in inputs.map { sums[$0].users[list] } }
    }

    private static func sums(
        _ binned: BinnedData, _ input: Int, groupOfRow: [Int32], groups: Int, userShares: [Double],
        weights: LaneWeights
    ) -> (users: [[Double]], rows: [Int], weights: [Double]) {
        let bins = binned.definitions[input].binCount
        let (lists, ofRow) = (weights.isByLane ? weights.draws.count : groups, weights.ofRow)
        var users = [Double](repeating: 0, count: lists * bins)
        var rows = [Int](repeating: 0, count: bins)
        var sums = [Double](repeating: 0, count: ofRow == nil ? 0 : bins)
        let (group, shares) = (groupOfRow.span, userShares.span)
        for block in binned.blocks {
            let column = block.bins.span.extracting((input * block.rowCount)..<((input + 1) * block.rowCount))
            for place in column.indices {
                let row = block.firstRow + place
                // A row without weight does not count.
                if let ofRow, ofRow[row] == 0 { continue }
                let bin = Int(column[place])
                rows[bin] += 1
                if let ofRow { sums[bin] += Double(ofRow[row]) }
                if weights.draws.isEmpty { users[Int(group[row]) * bins + bin] += shares[row] }
            }
            for (lane, draws) in weights.draws.enumerated() {
                let draws = draws.span
                for place in column.indices {
                    let row = block.firstRow + place
                    if let ofRow, ofRow[row] == 0 { continue }
                    users[lane * bins + Int(column[place])] += draws[row] > 0 ? shares[row] : 0
                }
            }
        }
        return (
            (0..<lists).map { Array(users[($0 * bins)..<(($0 + 1) * bins)]) }, rows,
            ofRow == nil ? rows.map { Double($0) } : sums.map { $0 * weights.unit }
        )
    }
}
