import CKernels

/// The bins of a block of rows, with the loops that serve all lanes at once.
package struct LaneBlock: Sendable {
    package let rowCount: Int
    private let layout: LaneLayout
    private let bins: [UInt8]
    /// The rows that columns list.
    private let places: [UInt16]
    private let columns: [Column]

    private struct Column {
        var firstBin: Int
        /// The index of the first row in ``places``; nil where the column has a bin of every row.
        var firstPlace: Int?
        var count: Int
    }

    /// Packs a block.
    ///
    /// - Parameter columns: the bin of each row, `[columns][rows]`.
    package init(_ layout: LaneLayout, columns dense: [[UInt8]], rowCount: Int) {
        precondition(dense.count == layout.columns && rowCount <= LaneLayout.blockRows)
        self.layout = layout
        self.rowCount = rowCount
        var (bins, places): ([UInt8], [UInt16]) = ([], [])
        columns = dense.indices.map { column in
            let all = dense[column]
            precondition(all.count == rowCount && all.allSatisfy { Int($0) < layout.bins[column] })
            let first = bins.count
            guard let commonest = layout.commonest[column] else {
                bins += all
                return Column(firstBin: first, firstPlace: nil, count: rowCount)
            }
            let firstPlace = places.count
            for (row, bin) in all.enumerated() where bin != commonest {
                bins.append(bin)
                places.append(UInt16(row))
            }
            return Column(firstBin: first, firstPlace: firstPlace, count: bins.count - first)
        }
        (self.bins, self.places) = (bins, places)
    }

    /// Makes a block over bins that others use as well, with a bin of every row in all columns.
    ///
    /// - Parameters:
    ///   - bins: of some inputs, `[inputs][rows]`.
    ///   - inputs: the input of each column.
    package init(_ layout: LaneLayout, sharing bins: [UInt8], inputs: [Int], rowCount: Int) {
        precondition(inputs.count == layout.columns && rowCount <= LaneLayout.blockRows)
        precondition(layout.commonest.allSatisfy { $0 == nil }, "no column lists a part of the rows")
        self.layout = layout
        self.rowCount = rowCount
        (self.bins, places) = (bins, [])
        columns = inputs.enumerated().map { column, input in
            let all = bins.span.extracting((input * rowCount)..<((input + 1) * rowCount))
            var most: UInt8 = 0
            for row in all.indices { most = max(most, all[row]) }
            precondition(Int(most) < layout.bins[column], "bins are those of the layout")
            return Column(firstBin: input * rowCount, firstPlace: nil, count: rowCount)
        }
    }

    /// Adds the tables' values at each row's bins to its scores, `[rows][lanes]`.
    ///
    /// - Parameters:
    ///   - tables: the tables of all columns; those of columns that list rows without their commonest bin's
    ///     value, which is in `base`.
    ///   - changed: the columns whose table is not 0.
    package func addTables(_ tables: [Float], changed: [Int], base: [Float], to scores: inout [Float]) {
        precondition(scores.count == rowCount * layout.lanes && base.count == layout.lanes)
        precondition(tables.count == layout.lanes * layout.firstBin[layout.columns])
        unsafe tables.withUnsafeBufferPointer { tables in
            withColumns(changed) { columns in
                guard let start = tables.baseAddress else { return }
                let starts = unsafe changed.map { column -> UnsafePointer<Float>? in
                    unsafe start + layout.lanes * layout.firstBin[column]
                }
                unsafe starts.withUnsafeBufferPointer { starts in
                    unsafe base.withUnsafeBufferPointer { base in
                        unsafe scores.withUnsafeMutableBufferPointer { scores in
                            unsafe limpet_lane_add_tables(
                                Int32(layout.lanes), columns.baseAddress, Int32(changed.count),
                                starts.baseAddress, base.baseAddress, Int64(rowCount), scores.baseAddress)
                        }
                    }
                }
            }
        }
    }

    /// The gradients and Hessians of a block's rows, `[rows][lanes]`, with the memory for its sums.
    package struct Derivatives: Sendable {
        fileprivate var gradients: [Float]
        fileprivate var hessians: [Float]
        fileprivate var space: [Float]

        package init(_ layout: LaneLayout) {
            gradients = [Float](repeating: 0, count: LaneLayout.blockRows * layout.lanes)
            hessians = gradients
            space = [Float](repeating: 0, count: 4 * StumpKernels.places * layout.lanes)
        }

        fileprivate func isMade(for layout: LaneLayout) -> Bool {
            gradients.count == LaneLayout.blockRows * layout.lanes && hessians.count == gradients.count
                && space.count == 4 * StumpKernels.places * layout.lanes
        }
    }

    /// Returns the summed log loss of each lane, and writes the rows' derivatives.
    ///
    /// - Parameters:
    ///   - weights: nil for ones, or one for each row, or one for each row and lane.
    package func losses(
        scores: [Float], labels: [UInt8], weights: [Float]?, derivatives: inout Derivatives
    ) -> [Double] {
        precondition(scores.count == rowCount * layout.lanes && labels.count == rowCount)
        precondition(derivatives.isMade(for: layout), "derivatives are made for the block's lanes")
        let byLane = weights.map { $0.count == rowCount * layout.lanes } ?? false
        precondition(byLane || weights.map { $0.count == rowCount } ?? true)
        var losses = [Double](repeating: 0, count: layout.lanes)
        func call(_ weights: UnsafePointer<Float>?) {
            unsafe scores.withUnsafeBufferPointer { scores in
                unsafe labels.withUnsafeBufferPointer { labels in
                    unsafe derivatives.gradients.withUnsafeMutableBufferPointer { gradients in
                        unsafe derivatives.hessians.withUnsafeMutableBufferPointer { hessians in
                            unsafe losses.withUnsafeMutableBufferPointer { losses in
                                unsafe limpet_lane_logistic(
                                    Int32(layout.lanes), scores.baseAddress, labels.baseAddress, weights,
                                    byLane ? 1 : 0, Int64(rowCount),
                                    gradients.baseAddress, hessians.baseAddress, losses.baseAddress)
                            }
                        }
                    }
                }
            }
        }
        if let weights {
            unsafe weights.withUnsafeBufferPointer { unsafe call($0.baseAddress) }
        } else {
            unsafe call(nil)
        }
        return losses
    }

    /// Adds the rows' derivatives to the sums of their bins, for the lanes of a mask.
    ///
    /// - Parameters:
    ///   - scale: what a derivative of 1 is as a fixed-point number.
    ///   - totals: the sums over all rows, `[gradient, Hessian][lanes]`.
    package func addSums(
        _ derivatives: inout Derivatives, scale: Float, lanes mask: UInt32, to sums: inout [Int64],
        totals: inout [Int64]
    ) {
        precondition(sums.count == 2 * layout.lanes * layout.firstBin[layout.columns])
        precondition(totals.count == 2 * layout.lanes)
        precondition(derivatives.isMade(for: layout), "derivatives are made for the block's lanes")
        let all = Array(0..<layout.columns)
        unsafe derivatives.gradients.withUnsafeBufferPointer { gradients in
            unsafe derivatives.hessians.withUnsafeBufferPointer { hessians in
                unsafe totals.withUnsafeMutableBufferPointer { totals in
                    unsafe limpet_lane_totals(
                        Int32(layout.lanes), Int64(rowCount), gradients.baseAddress, hessians.baseAddress,
                        scale, mask, totals.baseAddress)
                }
                unsafe derivatives.space.withUnsafeMutableBufferPointer { space in
                    unsafe sums.withUnsafeMutableBufferPointer { sums in
                        guard let start = sums.baseAddress else { return }
                        withColumns(all) { columns in
                            guard let columns = columns.baseAddress else { return }
                            for (first, second) in pairs {
                                let other = unsafe second.map { unsafe columns + $0 }
                                unsafe limpet_lane_histogram(
                                    Int32(layout.lanes), columns + first, other, gradients.baseAddress,
                                    hessians.baseAddress, scale, mask, space.baseAddress,
                                    start + 2 * layout.lanes * layout.firstBin[first],
                                    start + 2 * layout.lanes * layout.firstBin[second ?? first])
                            }
                        }
                    }
                }
            }
        }
    }

    /// Columns with a bin of every row two at a time, others alone.
    private var pairs: [(first: Int, second: Int?)] {
        var pairs: [(first: Int, second: Int?)] = []
        var waiting: Int?
        for column in columns.indices {
            if columns[column].firstPlace != nil {
                pairs.append((column, nil))
            } else if let first = waiting {
                pairs.append((first, column))
                waiting = nil
            } else {
                waiting = column
            }
        }
        if let waiting { pairs.append((waiting, nil)) }
        return pairs
    }

    private func withColumns<Result>(
        _ some: [Int], _ body: (UnsafeBufferPointer<limpet_lane_column>) -> Result
    ) -> Result {
        unsafe bins.withUnsafeBufferPointer { bins in
            unsafe places.withUnsafeBufferPointer { places in
                let list = unsafe some.map { index in
                    let column = columns[index]
                    return unsafe limpet_lane_column(
                        bins: bins.baseAddress.map { unsafe $0 + column.firstBin },
                        rows: column.firstPlace.flatMap { first in
                            unsafe places.baseAddress.map { unsafe $0 + first }
                        }, is_listed: column.firstPlace == nil ? 0 : 1, count: Int64(column.count),
                        used_bins: Int32(layout.bins[index]))
                }
                return unsafe list.withUnsafeBufferPointer { unsafe body($0) }
            }
        }
    }
}
