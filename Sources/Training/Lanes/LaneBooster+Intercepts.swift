import LimpetNumerics
import LimpetParallel

/// The constants that lanes begin with.
extension LaneBooster {
    static func intercepts(
        _ plan: LanePlan, _ groupOfRow: [Int32], labels: [Bool], weights: LaneWeights, offsets: [Double]?,
        threads: Int
    ) -> [Double] {
        guard weights.ofRow == nil, !weights.isByLane, offsets == nil else {
            return ConcurrentBlocks.map(plan.count, threads: threads) { lane in
                let weights = weights.weights(of: lane)
                let rows = groupOfRow.indices.filter { plan.trains(lane, on: Int(groupOfRow[$0])) }
                return Intercept.best(
                    labels: rows.map { labels[$0] },
                    weights: weights.map { weights in rows.map { weights[$0] } },
                    offsets: offsets.map { offsets in rows.map { offsets[$0] } })
            }
        }
        // Rows that are all alike need only be counted.
        var (rows, positives) = (plan.zeros, plan.zeros)
        for (row, group) in groupOfRow.enumerated() {
            rows[Int(group)] += 1
            if labels[row] { positives[Int(group)] += 1 }
        }
        return (0..<plan.count).map { lane in
            let groups = (0..<plan.groups).filter { plan.trains(lane, on: $0) }
            let all = groups.reduce(0) { $0 + rows[$1] }
            let positive = groups.reduce(0) { $0 + positives[$1] }
            guard positive > 0, positive < all else { return 0 }
            return ElementaryFunctions.logit(Double(positive) / Double(all))
        }
    }
}

extension LanePlan {
    /// A count for each group.
    fileprivate var zeros: [Int] { [Int](repeating: 0, count: groups) }
}
