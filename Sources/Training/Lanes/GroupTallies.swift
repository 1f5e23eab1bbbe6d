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
        let drawn = Self.drawnShares(weights, userShares)
        let sums = ConcurrentBlocks.map(binned.definitions.count, threads: threads) { input in
            Self.sums(
                binned, input, groupOfRow: groupOfRow, groups: groups, userShares: userShares,
                drawn: drawn, weights: weights)
        }
        rows = sums.map(\.rows)
        self.weights = sums.map(\.weights)
        let inputs = LaneSpace.inputs(rows)
        let lists = weights.isByLane ? weights.draws.count : groups
        users = (0..<lists).map { list in inputs.map { sums[$0].users[list] } }
    }

    private static func sums(
        _ binned: BinnedData, _ input: Int, groupOfRow: [Int32], groups: Int, userShares: [Double],
        drawn: [SIMD16<Float>], weights: LaneWeights
    ) -> (users: [[Double]], rows: [Int], weights: [Double]) {
        let bins = binned.definitions[input].binCount
        let ofRow = weights.ofRow
        var users = [Double](repeating: 0, count: weights.isByLane ? 0 : groups * bins)
        var usersByLane = [SIMD16<Double>](repeating: .zero, count: weights.isByLane ? bins : 0)
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
                if drawn.isEmpty {
                    users[Int(group[row]) * bins + bin] += shares[row]
                } else {
                    usersByLane[bin] += SIMD16<Double>(drawn[row])
                }
            }
        }
        return (
            weights.isByLane
                ? weights.draws.indices.map { lane in usersByLane.map { $0[lane] } }
                : (0..<groups).map { Array(users[($0 * bins)..<(($0 + 1) * bins)]) },
            rows, ofRow == nil ? rows.map { Double($0) } : sums.map { $0 * weights.unit }
        )
    }

    /// Returns each row's share of its user in the lanes that draw it, so that one pass counts the users of
    /// all; empty where lanes draw none.
    private static func drawnShares(_ weights: LaneWeights, _ userShares: [Double]) -> [SIMD16<Float>] {
        precondition(weights.draws.count <= LanePlan.mostModels && LanePlan.mostModels <= 16)
        guard weights.isByLane else { return [] }
        var drawn = [SIMD16<Float>](repeating: .zero, count: userShares.count)
        for (lane, draws) in weights.draws.enumerated() {
            for row in draws.indices where draws[row] > 0 { drawn[row][lane] = Float(userShares[row]) }
        }
        return drawn
    }
}
