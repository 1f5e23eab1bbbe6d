import LimpetLinearAlgebra

/// A block of rounds of one lane that were accepted together.
struct LaneRounds: Sendable {
    let stumps: [LaneModel.Stump]
    /// The order of the bins of each feature with levels at which stumps were made, by feature.
    let levels: [Int: [Int]]
    /// The factor of all steps.
    let factor: Double

    /// Adds the values of the first rounds to each feature's bins, `[features][groups]`.
    func add(first count: Int, to values: inout [[Double]?], _ space: LaneSpace) {
        for stump in stumps.prefix(count) {
            let axis = space.sets.axes[stump.feature]
            var bins = values[stump.feature] ?? [Double](repeating: 0, count: axis.bins)
            let (left, right) = (stump.left * factor, stump.right * factor)
            for bin in bins.indices { bins[bin] += right }
            if let order = levels[stump.feature] {
                for bin in order.prefix(stump.position) { bins[bin] += left - right }
            } else {
                for bin in 0..<stump.position { bins[bin] += left - right }
                if stump.isMissingLeft { bins[axis.bins - 1] += left - right }
            }
            values[stump.feature] = bins
        }
    }
}

extension LaneSpace {
    /// Returns values by bin of values by group.
    func spread(_ values: [[Double]?]) -> [[Double]?] {
        values.enumerated().map { feature, values in
            values.map { values in groupOfBin[feature].map { values[Int($0)] } }
        }
    }
}
