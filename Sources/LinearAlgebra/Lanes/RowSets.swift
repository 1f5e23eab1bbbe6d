import CKernels

/// The sets of rows that the splits of several inputs are made of.
///
/// An input with numbers has its first 1, 2, … bins, and its missing rows; an input with levels has its bins.
/// The rows left of a split are one set, a set and the missing rows, or some of the levels.
package struct RowSets: Sendable {
    /// The inputs, as their bins.
    package let axes: [Axis]
    /// The first set of each input.
    package let offsets: [Int]
    /// The number of sets, padded to a multiple of 16.
    package let stride: Int
    /// The first spare split of each input: of numbers with missing rows on the left, or of ordered levels.
    let spareOffsets: [Int]
    let spareStride: Int
    let features: [limpet_lane_feature]

    /// One input's bins.
    package struct Axis: Hashable, Sendable {
        /// The number of bins, the last one for missing values where there are any.
        package var bins: Int
        /// True when the last bin holds missing values.
        package var hasMissing: Bool
        /// True when the bins have no order.
        package var isLevels: Bool

        package init(bins: Int, hasMissing: Bool, isLevels: Bool) {
            self.bins = bins
            self.hasMissing = hasMissing
            self.isLevels = isLevels
        }

        /// The number of sets.
        package var sets: Int { isLevels ? bins : bins - 1 }
        /// The number of sets that are the first bins of numbers.
        package var prefixes: Int { isLevels ? 0 : bins - 1 - (hasMissing ? 1 : 0) }
        /// The number of splits that are no set by themselves.
        fileprivate var spares: Int { isLevels ? bins : hasMissing ? prefixes : 0 }

        /// Returns the sum of each set.
        package func sums(_ bins: [Double]) -> [Double] {
            precondition(bins.count == self.bins)
            guard !isLevels else { return bins }
            var sums: [Double] = []
            sums.reserveCapacity(sets)
            var left = 0.0
            for bin in 0..<prefixes {
                left += bins[bin]
                sums.append(left)
            }
            if hasMissing { sums.append(bins[self.bins - 1]) }
            return sums
        }
    }

    /// Numbers the sets of inputs.
    package init(_ axes: [Axis]) {
        precondition(axes.allSatisfy { $0.bins >= 2 && $0.bins <= StumpKernels.places })
        self.axes = axes
        var (offsets, spares) = ([0], [0])
        for axis in axes {
            offsets.append(offsets[offsets.count - 1] + axis.sets)
            spares.append(spares[spares.count - 1] + (axis.spares + 15) / 16 * 16)
        }
        stride = Self.stride(sets: offsets[axes.count])
        spareStride = spares[axes.count]
        features = axes.enumerated().map { index, axis in
            let isSeparate = axis.hasMissing && !axis.isLevels
            return limpet_lane_feature(
                first: Int32(offsets[index]), count: Int32(axis.isLevels ? axis.bins : axis.prefixes),
                missing: isSeparate ? Int32(offsets[index] + axis.prefixes) : -1,
                spare_first: Int32(spares[index]), is_levels: axis.isLevels ? 1 : 0)
        }
        (self.offsets, spareOffsets) = (offsets, spares)
    }

    /// The number of sets.
    package var count: Int { offsets[axes.count] }

    /// Returns a number of sets, padded to a multiple of 16.
    static func stride(sets: Int) -> Int { (sets + 15) / 16 * 16 }
}
