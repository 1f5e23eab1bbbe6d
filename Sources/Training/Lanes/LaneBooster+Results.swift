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

    /// Returns the log-odds of rows in lanes, such as those that leave them out.
    ///
    /// - Parameter wanted: lanes, each with one group of rows and the number of its rounds.
    func logOdds(_ wanted: [(lane: Int, group: Int, rounds: Int)]) -> [(row: Int, logOdds: Double)] {
        let layout = rows.layout
        let none = [[Double]?](repeating: nil, count: space.inputs.count)
        let tables = ConcurrentBlocks.map(plan.groups, threads: threads) { group in
            var values = [[[Double]?]](repeating: none, count: plan.count)
            for want in wanted where want.group == group {
                values[want.lane] = self.values(want.lane, after: want.rounds)
            }
            return LaneTables(layout, values: values)
        }
        return rows.scores(
            start: lanes.map(\.intercept), tables: tables, wanted: wanted.map { ($0.lane, $0.group) },
            threads: threads)
    }

    /// Returns a lane's ensemble after a number of rounds, as one term for each input that was split,
    /// centred on all rows.
    package func fit(_ lane: Int, after rounds: Int) -> AdditiveFit {
        var all = definitions.map { [Double](repeating: 0, count: $0.binCount) }
        for (feature, values) in values(lane, after: rounds).enumerated() {
            if let values { all[space.inputs[feature]] = values }
        }
        let columns = columns?[lane] ?? Array(definitions.indices)
        let bins = columns.map { definitions[$0] }
        return AdditiveFit(
            intercept: lanes[lane].intercept, values: columns.map { all[$0] }, definitions: bins
        ).centred(over: columns.map { binWeights[$0] }, bins: bins, silences: true)
    }
}
