import LimpetLinearAlgebra
import LimpetParallel

/// Values, held-out log-odds and fits of lanes after any number of their rounds.
extension LaneBooster {
    /// Returns a lane's values by bin after a number of rounds, `[features][bins]`; nil where it has no step.
    func values(_ lane: Int, after rounds: Int) -> [[Double]?] {
        var values = [[Double]?](repeating: nil, count: space.inputs.count)
        var made = 0
        for block in lanes[lane].blocks where made < rounds {
            block.add(first: rounds - made, to: &values, space)
            made += block.stumps.count
        }
        return space.spread(values)
    }

    /// Returns the log-odds of rows in lanes that leave them out.
    ///
    /// - Parameter wanted: a lane, one of the groups that it leaves out, and the number of its rounds.
    func heldOut(_ wanted: [(lane: Int, group: Int, rounds: Int)]) -> [[(row: Int, logOdds: Double)]] {
        let layout = rows.layout
        let none = [[Double]?](repeating: nil, count: space.inputs.count)
        let tables = ConcurrentBlocks.map(plan.groups, threads: threads) { group in
            var values = [[[Double]?]](repeating: none, count: plan.count)
            for want in wanted where want.group == group {
                values[want.lane] = self.values(want.lane, after: want.rounds)
            }
            return LaneTables(layout, values: values)
        }
        let lanes = (0..<plan.groups).map { group in wanted.filter { $0.group == group }.map(\.lane) }
        let scored = rows.scores(
            start: self.lanes.map(\.intercept), tables: tables, lanes: lanes, threads: threads)
        return wanted.map { want in
            scored[want.group].first { $0.lane == want.lane }?.rows ?? []
        }
    }

    /// Returns a lane's ensemble after a number of rounds, as one term for each input that was split,
    /// centred on all rows.
    package func fit(_ lane: Int, after rounds: Int) -> AdditiveFit {
        var all = definitions.map { [Double](repeating: 0, count: $0.binCount) }
        for (feature, values) in values(lane, after: rounds).enumerated() {
            if let values { all[space.inputs[feature]] = values }
        }
        return AdditiveFit(intercept: lanes[lane].intercept, values: all, definitions: definitions)
            .centred(over: binWeights, bins: definitions, silences: true)
    }
}
