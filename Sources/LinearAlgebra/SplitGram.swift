import CKernels
import LimpetParallel

/// A table of all splits of several features with the weight that lies on the left of two of them at once:
/// all that a quadratic model of a loss needs to know about the rows, whatever their number.
///
/// The splits of a feature with `v` bins of values are, in this order: the first 1, 2, … bins on the left,
/// and, where the feature has missing values, the same with those on the left too. Only with missing values
/// is there a split with all values on its left.
package struct SplitGram: Sendable {
    /// The features, as their bins.
    package let axes: [Axis]
    /// The first split of each feature, and the end of the last one.
    package let offsets: [Int]
    /// The number of splits, padded to a multiple of 16 with splits that are never chosen.
    package let stride: Int
    /// The weight on the left of each split, scaled like the elements where the rows are a sample.
    package private(set) var leftWeights: [Float] = []
    private var elements: [Float]

    /// One feature's bins.
    package struct Axis: Hashable, Sendable {
        /// The number of bins that hold values.
        package var valueBins: Int
        /// True when the last bin holds missing values.
        package var hasMissing: Bool

        package init(valueBins: Int, hasMissing: Bool) {
            self.valueBins = valueBins
            self.hasMissing = hasMissing
        }

        /// The number of bins, that of missing values included.
        package var bins: Int { valueBins + (hasMissing ? 1 : 0) }
        /// The number of splits between the bins.
        package var splits: Int { hasMissing ? 2 * valueBins - 1 : valueBins - 1 }

        /// Returns the sum over the bins on the left of each split.
        package func leftSums(_ sums: [Double]) -> [Double] {
            precondition(sums.count == bins)
            var result: [Double] = []
            result.reserveCapacity(splits)
            var left = 0.0
            for bin in 0..<(hasMissing ? valueBins : valueBins - 1) {
                left += sums[bin]
                result.append(left)
            }
            guard hasMissing else { return result }
            left = sums[valueBins]
            for bin in 0..<(valueBins - 1) {
                left += sums[bin]
                result.append(left)
            }
            return result
        }

        /// Returns the number of value bins on a split's left, and true if missing values are there too.
        package func side(_ split: Int) -> (bins: Int, missing: Bool) {
            let plain = hasMissing ? valueBins : valueBins - 1
            return split < plain ? (split + 1, false) : (split - plain + 1, true)
        }
    }

    package static func layout(_ axes: [Axis]) -> (offsets: [Int], stride: Int) {
        var offsets = [0]
        for axis in axes { offsets.append(offsets[offsets.count - 1] + axis.splits) }
        return (offsets, (offsets[axes.count] + 15) / 16 * 16)
    }

    /// Sums the weights of rows for every pair of splits.
    ///
    /// - Parameters:
    ///   - columns: the bins of the rows, `[features][rows]`.
    ///   - weights: a weight for each row.
    ///   - leftWeights: the exact weight on the left of each split, where the rows are a sample. Each split's
    ///     sums are scaled by one factor so that its own weight is exact; the matrix stays one of inner
    ///     products, so that no quadratic model with it is unbounded below.
    ///   - totalWeight: the exact weight of all rows.
    ///   - memory: memory from ``takeMemory()``, to be overwritten: a system maps new memory page by page,
    ///     which takes as long as filling it.
    package init(
        axes: [Axis], columns: [[UInt8]], weights: [Float], leftWeights: [Double], totalWeight: Double,
        memory: consuming [Float] = [], threads: Int
    ) {
        precondition(columns.count == axes.count && columns.allSatisfy { $0.count == weights.count })
        precondition(axes.allSatisfy { $0.valueBins >= 1 && $0.bins <= StumpKernels.places })
        self.axes = axes
        (offsets, stride) = Self.layout(axes)
        precondition(leftWeights.count == offsets[axes.count])
        elements = Self.elements(offsets[axes.count] * stride, in: memory)
        let offsets = offsets
        let sums = ConcurrentBlocks.map(axes.count, threads: threads) {
            Self.leftSums(axes[$0], columns[$0], weights)
        }
        let factors = axes.indices.map { axis in
            zip(sums[axis], leftWeights[offsets[axis]...]).map { sum, weight in
                sum > 0 ? Float((weight / sum).squareRoot()) : 0
            }
        }
        let sampled = weights.reduce(0.0) { $0 + Double($1) }
        let totalFactor = sampled > 0 ? (totalWeight / sampled).squareRoot() : 0
        self.leftWeights = zip(sums, factors).flatMap { sums, factors in
            zip(sums, factors).map { Float($0 * totalFactor) * $1 }
        }
        fill(columns, weights, factors, threads: threads)
    }

    /// Returns the elements' memory for reuse; afterwards no row may be read.
    package mutating func takeMemory() -> [Float] {
        defer { elements = [] }
        return elements
    }

    /// Returns an array of at least `count` elements with arbitrary values.
    private static func elements(_ count: Int, in memory: consuming [Float]) -> [Float] {
        if memory.count >= count { return memory }
        return unsafe [Float](unsafeUninitializedCapacity: count) { buffer, initialised in
            // Every element is written before any is read, and numbers need no initialisation.
            initialised = count
            _ = unsafe buffer
        }
    }

    /// Returns the shared weights of one split with all splits.
    package func row(_ split: Int) -> ArraySlice<Float> {
        elements[(split * stride)..<((split + 1) * stride)]
    }

    private static func leftSums(_ axis: Axis, _ column: [UInt8], _ weights: [Float]) -> [Double] {
        var sums = [Double](repeating: 0, count: axis.bins)
        for (bin, weight) in zip(column, weights) { sums[Int(bin)] += Double(weight) }
        return axis.leftSums(sums)
    }

    /// Fills the elements, one task for each feature with all later ones: no two tasks write the same
    /// element, and each element is summed in the order of the rows.
    private mutating func fill(
        _ columns: [[UInt8]], _ weights: [Float], _ factors: [[Float]], threads: Int
    ) {
        let (axes, offsets, stride) = (axes, offsets, stride)
        let sums = PairSums(axes: axes, columns: columns, weights: weights, threads: threads)
        var features = Array(axes.indices)
        unsafe elements.withUnsafeMutableBufferPointer { elements in
            guard let start = elements.baseAddress else { return }
            // No two tasks write the same place.
            nonisolated(unsafe) let base = unsafe start
            _ = ConcurrentBlocks.reduce(&features, threads: threads, initial: { PairSums.Tables() }) {
                first, tables in
                for split in offsets[first]..<offsets[first + 1] {
                    for place in offsets[axes.count]..<stride { unsafe base[split * stride + place] = 0 }
                }
                var second = first
                while second < axes.count {
                    let width = sums.add(first, second, to: &tables)
                    for place in second..<(second + tables.used) {
                        unsafe Self.expand(
                            &tables.pairs[place - second], width, axes[first], axes[place], factors[first],
                            factors[place], base + offsets[first] * stride + offsets[place], stride)
                        guard place != first else { continue }
                        unsafe limpet_transpose(
                            base + offsets[first] * stride + offsets[place], Int64(axes[first].splits),
                            Int64(axes[place].splits), Int64(stride),
                            base + offsets[place] * stride + offsets[first], Int64(stride))
                    }
                    second += tables.used
                }
            }
        }
    }

    private static func expand(
        _ table: inout [Float], _ width: Int, _ rows: Axis, _ columns: Axis, _ rowFactors: [Float],
        _ columnFactors: [Float], _ out: UnsafeMutablePointer<Float>, _ stride: Int
    ) {
        unsafe table.withUnsafeMutableBufferPointer { table in
            unsafe rowFactors.withUnsafeBufferPointer { rowFactors in
                unsafe columnFactors.withUnsafeBufferPointer { columnFactors in
                    unsafe limpet_expand_pair(
                        table.baseAddress, Int32(width),
                        limpet_split_axis(
                            value_bins: Int32(rows.valueBins), has_missing: rows.hasMissing ? 1 : 0,
                            factors: rowFactors.baseAddress),
                        limpet_split_axis(
                            value_bins: Int32(columns.valueBins), has_missing: columns.hasMissing ? 1 : 0,
                            factors: columnFactors.baseAddress),
                        out, Int64(stride))
                }
            }
        }
    }
}
