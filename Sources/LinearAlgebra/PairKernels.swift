import CKernels

/// Checked calls of the inner loops of terms over two features. Cells are numbered row by row.
package enum PairKernels {
    /// Returns the summed derivatives of the rows of each cell of two features' bins, `[rows][columns]`.
    ///
    /// - Parameters:
    ///   - a: bins, each below `rows`.
    ///   - b: bins, each below `columns`.
    package static func sums(
        _ a: [UInt8], _ b: [UInt8], _ derivatives: PackedDerivatives, rows: Int, columns: Int
    ) -> [PackedDerivatives.Sum] {
        precondition(derivatives.packed.count == a.count && a.count == b.count)
        precondition(Int(a.max() ?? 0) < rows && Int(b.max() ?? 0) < columns)
        let count = rows * columns
        return sums(derivatives, count: count, tables: 2, stride: count) { part, packed, sums in
            unsafe a.withUnsafeBufferPointer { a in
                unsafe b.withUnsafeBufferPointer { b in
                    let one = unsafe UnsafeBufferPointer(rebasing: a[part])
                    let other = unsafe UnsafeBufferPointer(rebasing: b[part])
                    unsafe limpet_add_bin_pairs(
                        one.baseAddress, other.baseAddress, packed.baseAddress, Int64(part.count),
                        Int32(columns), Int64(count), sums.baseAddress)
                }
            }
        }
    }

    /// Writes the derivatives of the log loss at the rows' scores, times their weights and `scale`: the
    /// gradient in the upper half of a number, the Hessian in the lower one.
    static func derive(
        _ scores: [Float], _ labels: [UInt8], _ weights: [Float]?, scale: Float, into packed: inout [Int64]
    ) {
        let count = packed.count
        precondition(scores.count == count && labels.count == count)
        precondition(weights.map { $0.count == count } ?? true)
        func call(_ weights: UnsafePointer<Float>?) {
            unsafe scores.withUnsafeBufferPointer { scores in
                unsafe labels.withUnsafeBufferPointer { labels in
                    unsafe packed.withUnsafeMutableBufferPointer { packed in
                        unsafe limpet_pack_derivatives(
                            scores.baseAddress, labels.baseAddress, weights, Int64(count), scale,
                            packed.baseAddress)
                    }
                }
            }
        }
        guard let weights else { return call(nil) }
        unsafe weights.withUnsafeBufferPointer { unsafe call($0.baseAddress) }
    }

    /// Returns the summed derivatives of the rows of each cell.
    ///
    /// - Parameter cells: one cell for each row, each below `count`.
    package static func sums(
        _ cells: [UInt16], _ derivatives: PackedDerivatives, count: Int
    ) -> [PackedDerivatives.Sum] {
        precondition(derivatives.packed.count == cells.count && Int(cells.max() ?? 0) < count)
        return sums(derivatives, count: count, tables: 2, stride: count) { rows, packed, sums in
            unsafe cells.withUnsafeBufferPointer { cells in
                let some = unsafe UnsafeBufferPointer(rebasing: cells[rows])
                unsafe limpet_add_cells(
                    some.baseAddress, packed.baseAddress, Int64(rows.count), Int64(count), sums.baseAddress)
            }
        }
    }

    /// Returns the summed derivatives of the rows of each bin.
    ///
    /// - Parameter count: the number of bins to return.
    package static func sums(
        ofBins bins: [UInt8], _ derivatives: PackedDerivatives, count: Int
    ) -> [PackedDerivatives.Sum] {
        let places = StumpKernels.places
        precondition(derivatives.packed.count == bins.count && count <= places)
        return sums(derivatives, count: count, tables: 4, stride: places) { rows, packed, sums in
            unsafe bins.withUnsafeBufferPointer { bins in
                let some = unsafe UnsafeBufferPointer(rebasing: bins[rows])
                unsafe limpet_add_bins(
                    some.baseAddress, packed.baseAddress, Int64(rows.count), sums.baseAddress)
            }
        }
    }

    /// Sums as many rows at once as fit into the halves of a number.
    private static func sums(
        _ derivatives: PackedDerivatives, count: Int, tables: Int, stride: Int,
        _ add: (Range<Int>, UnsafeBufferPointer<Int64>, UnsafeMutableBufferPointer<Int64>) -> Void
    ) -> [PackedDerivatives.Sum] {
        var totals = [PackedDerivatives.Sum](repeating: .init(), count: count)
        let packed = derivatives.packed
        var first = 0
        while first < packed.count {
            let rows = first..<min(first + derivatives.rowsPerSum, packed.count)
            var sums = [Int64](repeating: 0, count: tables * stride)
            unsafe packed.withUnsafeBufferPointer { packed in
                unsafe sums.withUnsafeMutableBufferPointer { sums in
                    unsafe add(rows, UnsafeBufferPointer(rebasing: packed[rows]), sums)
                }
            }
            for place in 0..<count {
                totals[place].add((0..<tables).reduce(0) { $0 &+ sums[$1 * stride + place] })
            }
            first = rows.upperBound
        }
        return totals
    }

    /// Adds to each row's score the step of its cell.
    package static func addSteps(_ steps: [Float], cells: [UInt16], to scores: inout [Float]) {
        precondition(cells.count == scores.count && Int(cells.max() ?? 0) < steps.count)
        unsafe cells.withUnsafeBufferPointer { cells in
            unsafe steps.withUnsafeBufferPointer { steps in
                unsafe scores.withUnsafeMutableBufferPointer { scores in
                    unsafe limpet_step_cells(
                        cells.baseAddress, steps.baseAddress, Int64(cells.count), scores.baseAddress)
                }
            }
        }
    }

    /// Adds to each row's score the table's value for its cell.
    package static func addTable(_ table: [Double], cells: [UInt16], to scores: inout [Double]) {
        precondition(cells.count == scores.count && Int(cells.max() ?? 0) < table.count)
        unsafe cells.withUnsafeBufferPointer { cells in
            unsafe table.withUnsafeBufferPointer { table in
                unsafe scores.withUnsafeMutableBufferPointer { scores in
                    unsafe limpet_add_cell_table(
                        cells.baseAddress, table.baseAddress, Int64(cells.count), scores.baseAddress)
                }
            }
        }
    }
}
