package import LimpetLinearAlgebra

/// A block of boosting rounds that were accepted together.
package enum RoundBlock: Sendable {
    /// One step of one input, by bin.
    case step(input: Int, values: [Double])
    /// Stumps on the splits of a space.
    case stumps([SplitModel.Stump], SplitSpace)

    /// The number of rounds of the block.
    package var rounds: Int {
        switch self {
        case .step: 1
        case .stumps(let stumps, _): stumps.count
        }
    }

    /// Adds the values of the given rounds to each bin.
    func add(rounds: Range<Int>? = nil, to tables: inout StepTables) {
        switch self {
        case .step(let input, let values):
            if rounds?.isEmpty != true { tables.add(values, to: input) }
        case .stumps(let stumps, let space):
            space.add(stumps[rounds ?? stumps.indices], to: &tables)
        }
    }
}

extension SplitSpace {
    /// Adds the values of stumps to each bin.
    func add(_ stumps: ArraySlice<SplitModel.Stump>, to tables: inout StepTables) {
        var differences = [Double](repeating: 0, count: splitCount)
        var bases = [Double?](repeating: nil, count: features.count)
        for stump in stumps {
            differences[stump.split] += stump.left - stump.right
            bases[featureIndex(of: stump.split), default: 0] += stump.right
        }
        for (feature, base) in zip(features, bases) {
            guard let base else { continue }
            let groups = feature.axis.groupSums(
                differences[feature.firstSplit..<(feature.firstSplit + feature.axis.splits)], base: base)
            tables.add(feature.groupOfBin.map { groups[Int($0)] }, to: feature.input)
        }
    }
}

extension SplitGram.Axis {
    /// Returns the value of each bin when each split adds its difference to all bins on its left.
    func groupSums(_ differences: ArraySlice<Double>, base: Double) -> [Double] {
        var sums = [Double](repeating: 0, count: bins)
        var missing = base
        for (split, difference) in differences.enumerated() {
            let side = side(split)
            sums[side.bins - 1] += difference
            if side.missing { missing += difference }
        }
        var sum = base
        for bin in (0..<valueBins).reversed() {
            sum += sums[bin]
            sums[bin] = sum
        }
        if hasMissing { sums[valueBins] = missing }
        return sums
    }
}

extension [Double?] {
    fileprivate subscript(index: Int, default value: Double) -> Double {
        get { self[index] ?? value }
        set { self[index] = newValue }
    }
}
