import LimpetLinearAlgebra

/// The splits of a quadratic model of the loss: those of the chosen inputs, between bins that may be merged.
package struct SplitSpace: Sendable {
    /// The splits of one input.
    struct Feature: Sendable {
        let input: Int
        /// The merged bin of each bin; levels may have any order.
        let groupOfBin: [UInt8]
        let axis: SplitGram.Axis
        let firstSplit: Int
    }

    let features: [Feature]
    let splitCount: Int
    /// The number of each split's feature.
    private let featureOfSplit: [Int32]

    var axes: [SplitGram.Axis] { features.map(\.axis) }

    /// Chooses at most `limit` splits of the given inputs.
    ///
    /// - Parameter histograms: summed gradients and Hessians of all rows.
    init(_ definitions: [BinDefinition], inputs: [Int], histograms: BoostingHistograms, limit: Int) {
        let orders = inputs.compactMap { BinOrder($0, definitions[$0], histograms) }
        let merges = Self.merges(orders, limit: limit)
        var features: [Feature] = []
        var first = 0
        for (order, merges) in zip(orders, merges) {
            let axis = SplitGram.Axis(
                valueBins: order.bins.count - merges.count, hasMissing: order.hasMissing)
            guard axis.splits > 0 else { continue }
            features.append(
                Feature(
                    input: order.input, groupOfBin: order.groups(merges), axis: axis, firstSplit: first))
            first += axis.splits
        }
        self.features = features
        splitCount = first
        featureOfSplit = features.enumerated().flatMap { index, feature in
            [Int32](repeating: Int32(index), count: feature.axis.splits)
        }
    }

    func featureIndex(of split: Int) -> Int { Int(featureOfSplit[split]) }

    func feature(of split: Int) -> Feature { features[featureIndex(of: split)] }

    /// Returns 1 for the splits of inputs for which the closure returns true, 0 for all others.
    func splitFlags(_ isMeant: (Int) -> Bool) -> [Float] {
        var flags = [Float](repeating: 0, count: SplitGram.layout(axes).stride)
        for feature in features where isMeant(feature.input) {
            for split in feature.firstSplit..<(feature.firstSplit + feature.axis.splits) { flags[split] = 1 }
        }
        return flags
    }

    /// Returns the sums of a histogram on the left of each split.
    func leftSums(_ sums: (Int) -> [Double]) -> [Double] {
        features.flatMap { feature in
            var merged = [Double](repeating: 0, count: feature.axis.bins)
            for (bin, sum) in sums(feature.input).enumerated() where bin < feature.groupOfBin.count {
                merged[Int(feature.groupOfBin[bin])] += sum
            }
            return feature.axis.leftSums(merged)
        }
    }

    /// Returns the merges of each input, cheapest first, that reduce the number of splits to the limit.
    private static func merges(
        _ orders: [BinOrder], limit: Int
    ) -> [(merging: BinMerging?, count: Int)] {
        var excess = orders.reduce(0) { $0 + $1.splits } - limit
        guard excess > 0 else { return orders.map { _ in (nil, 0) } }
        // With equal gradients, each input's bins become about as heavy as if all inputs had the same number
        // of bins.
        let balance = 4 * Double(limit) / Double(max(1, orders.count))
        let mergings = orders.map {
            BinMerging(gradients: $0.gradients, hessians: $0.hessians, balance: balance)
        }
        var candidates: [(cost: Double, order: Int)] = []
        for (index, merging) in mergings.enumerated() {
            // Each input keeps at least one split.
            let keeps = orders[index].hasMissing ? 0 : 1
            candidates += merging.costs.dropLast(keeps).map { ($0, index) }
        }
        candidates.sort { ($0.cost, $0.order) < ($1.cost, $1.order) }
        var counts = [Int](repeating: 0, count: orders.count)
        for candidate in candidates {
            guard excess > 0 else { break }
            counts[candidate.order] += 1
            excess -= orders[candidate.order].hasMissing ? 2 : 1
        }
        return zip(mergings, counts).map { ($0, $1) }
    }
}

/// One input's bins that hold rows, in the order in which splits separate them.
private struct BinOrder {
    let input: Int
    /// The bins of values.
    let bins: [Int]
    let hasMissing: Bool
    let gradients: [Double]
    let hessians: [Double]
    private let valueBins: Int

    /// Orders the bins; nil where all rows share a bin.
    init?(_ input: Int, _ definition: BinDefinition, _ histograms: BoostingHistograms) {
        let (gradients, hessians) = (histograms.gradients(input), histograms.hessians(input))
        let valueBins = definition.valueBins
        var bins = (0..<valueBins).filter { histograms.users(input)[$0] > 0 }
        if case .levels = definition.kind {
            // The best split into two groups follows this order (W. Fisher, 1958).
            let steps = bins.map { hessians[$0] > 0 ? gradients[$0] / hessians[$0] : 0 }
            bins = bins.indices.sorted { (steps[$1], $0) < (steps[$0], $1) }.map { bins[$0] }
        }
        self.input = input
        self.bins = bins
        self.valueBins = valueBins
        hasMissing = histograms.users(input)[valueBins] > 0
        self.gradients = bins.map { gradients[$0] }
        self.hessians = bins.map { hessians[$0] }
        guard bins.count + (hasMissing ? 1 : 0) > 1, !bins.isEmpty else { return nil }
    }

    var splits: Int { SplitGram.Axis(valueBins: bins.count, hasMissing: hasMissing).splits }

    /// Returns the merged bin of each bin; one without rows joins the one before it.
    func groups(_ merges: (merging: BinMerging?, count: Int)) -> [UInt8] {
        let groups = merges.merging?.groups(after: merges.count) ?? Array(bins.indices)
        var result = [UInt8](repeating: 0, count: valueBins + 1)
        var isKnown = [Bool](repeating: false, count: valueBins + 1)
        for (place, bin) in bins.enumerated() {
            result[bin] = UInt8(groups[place])
            isKnown[bin] = true
        }
        for bin in 1..<max(1, valueBins) where !isKnown[bin] { result[bin] = result[bin - 1] }
        // Without missing values their bin holds no rows, and any group will do.
        result[valueBins] = hasMissing ? UInt8((groups.last ?? -1) + 1) : 0
        return result
    }
}
