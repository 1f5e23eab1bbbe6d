import CKernels
import LimpetParallel

/// How the rows of any two sets overlap: the correlations of their indicators under row weights.
///
/// With `G(s, t)` the weight of the rows in both sets, `h` that of one and `H` that of all, the correlation
/// is `(G − h(s) h(t) / H) / (σ(s) σ(t))`, `σ² = h − h² / H`. Models of other weights, as of a fold or of a
/// later round, restore the shared weights from it with their own `h`, `H` and `σ`: exactly for a set with
/// itself and for independent sets, and, but for the rounding to 16 bits, always as a matrix of inner
/// products.
package struct SetCorrelations: Sendable {
    /// The sets, which are the rows and the columns.
    package let sets: RowSets
    /// `σ²` of each set as a share of the weight of all rows.
    let variances: [Double]
    /// The correlations in 1/32767, `[sets][sets]`: a lane may have its own, so that they are kept small.
    let elements: [Int16]

    /// All correlations, `[sets][sets]`, rows padded to the stride.
    package var allElements: [Float] { elements.map { Float($0) / Float(LIMPET_WHOLE_CORRELATION) } }

    /// The memory of the correlations of some sets, in bytes.
    package static func byteCount(sets: Int) -> Int {
        let stride = RowSets.stride(sets: sets)
        return stride * stride * MemoryLayout<Int16>.size
    }

    /// The share of a set's weight below which its variance is too small to divide by.
    private static let leastVariance = 1e-6

    /// Sums the weights of rows for every pair of sets.
    ///
    /// - Parameters:
    ///   - columns: the bins of the rows, `[inputs][rows]`.
    ///   - weights: a weight for each row.
    package init(_ sets: RowSets, columns: [[UInt8]], weights: [Float], threads: Int) {
        precondition(columns.count == sets.axes.count && columns.allSatisfy { $0.count == weights.count })
        self.sets = sets
        let sums = ConcurrentBlocks.map(columns.count, threads: threads) {
            Self.sums(sets.axes[$0], columns[$0], weights)
        }
        let total = max(weights.reduce(0.0) { $0 + Double($1) }, .leastNormalMagnitude)
        let spreads = sums.map { sums in sums.map { $0 - $0 * ($0 / total) } }
        let scales = zip(sums, spreads).map { sums, spreads in
            zip(sums, spreads).map { $1 > Self.leastVariance * $0 ? 1 / $1.squareRoot() : 0 }
        }
        variances = zip(spreads.joined(), scales.joined()).map { $1 > 0 ? $0 / total : 0 }
        elements = Self.fill(sets, columns, weights, sums, scales, total, threads: threads)
    }

    private static func sums(_ axis: RowSets.Axis, _ column: [UInt8], _ weights: [Float]) -> [Double] {
        var bins = [Double](repeating: 0, count: StumpKernels.places)
        let (column, weights) = (column.span, weights.span)
        for row in column.indices { bins[Int(column[row])] += Double(weights[row]) }
        return axis.sums(Array(bins.prefix(axis.bins)))
    }

    /// Fills the elements, one task for each input with all later ones: no two tasks write the same element,
    /// and each element is summed in the order of the rows.
    private static func fill(
        _ sets: RowSets, _ columns: [[UInt8]], _ weights: [Float], _ sums: [[Double]], _ scales: [[Double]],
        _ total: Double, threads: Int
    ) -> [Int16] {
        let axes = sets.axes.map { SplitGram.Axis(valueBins: $0.bins, hasMissing: false) }
        let pairs = PairSums(axes: axes, columns: columns, weights: weights, threads: threads)
        var elements = [Int16](repeating: 0, count: sets.stride * sets.stride)
        var features = Array(axes.indices)
        unsafe elements.withUnsafeMutableBufferPointer { elements in
            guard let start = elements.baseAddress else { return }
            // No two tasks write the same place.
            nonisolated(unsafe) let base = unsafe start
            _ = ConcurrentBlocks.reduce(&features, threads: threads, initial: { PairSums.Tables() }) {
                first, tables in
                var second = first
                while second < axes.count {
                    let width = pairs.add(first, second, to: &tables)
                    for place in second..<(second + tables.used) {
                        let target = unsafe base + sets.offsets[first] * sets.stride + sets.offsets[place]
                        unsafe expand(
                            &tables.pairs[place - second], width,
                            Side(sets.axes[first], sums[first], scales[first]),
                            Side(sets.axes[place], sums[place], scales[place]), total, target, sets.stride)
                        guard place != first else { continue }
                        unsafe limpet_transpose_correlations(
                            target, Int64(sets.axes[first].sets), Int64(sets.axes[place].sets),
                            Int64(sets.stride),
                            base + sets.offsets[place] * sets.stride + sets.offsets[first])
                    }
                    second += tables.used
                }
            }
        }
        return elements
    }

    /// One input's sets with their weights and `1 / σ`.
    private struct Side {
        let axis: RowSets.Axis
        let weights: [Double]
        let scales: [Double]

        init(_ axis: RowSets.Axis, _ weights: [Double], _ scales: [Double]) {
            (self.axis, self.weights, self.scales) = (axis, weights, scales)
        }

        func withAxis<Result>(_ body: (limpet_set_axis) -> Result) -> Result {
            unsafe weights.withUnsafeBufferPointer { weights in
                unsafe scales.withUnsafeBufferPointer { scales in
                    unsafe body(
                        limpet_set_axis(
                            bins: Int32(axis.bins), is_levels: axis.isLevels ? 1 : 0,
                            has_missing: axis.hasMissing ? 1 : 0, weights: weights.baseAddress,
                            scales: scales.baseAddress))
                }
            }
        }
    }

    private static func expand(
        _ table: inout [Float], _ width: Int, _ rows: Side, _ columns: Side, _ total: Double,
        _ out: UnsafeMutablePointer<Int16>, _ stride: Int
    ) {
        unsafe table.withUnsafeMutableBufferPointer { table in
            rows.withAxis { rows in
                columns.withAxis { columns in
                    unsafe limpet_expand_sets(
                        table.baseAddress, Int32(width), rows, columns, total, out, Int64(stride))
                }
            }
        }
    }
}
