import CKernels

/// Checked calls of the inner loops of terms over two features. Cells are numbered row by row.
package enum PairKernels {
    /// Sums the derivatives of rows by the bins of two features into `[rows][columns]` cells of `[gradient,
    /// Hessian]`.
    ///
    /// - Parameters:
    ///   - a: bins, each below `rows`.
    ///   - b: bins, each below `columns`.
    package static func derivatives(
        _ a: [UInt8], _ b: [UInt8], gradients: [Float], hessians: [Float], rows: Int, columns: Int,
        into table: inout [Float]
    ) {
        precondition(a.count == b.count && gradients.count == a.count && hessians.count == a.count)
        precondition(rows <= StumpKernels.places && columns <= StumpKernels.places)
        // A bin is one byte, so no index exceeds that of the two largest bytes.
        precondition(table.count >= 2 * ((StumpKernels.places - 1) * columns + StumpKernels.places))
        for place in 0..<(2 * rows * columns) { table[place] = 0 }
        unsafe a.withUnsafeBufferPointer { a in
            unsafe b.withUnsafeBufferPointer { b in
                unsafe gradients.withUnsafeBufferPointer { gradients in
                    unsafe hessians.withUnsafeBufferPointer { hessians in
                        unsafe table.withUnsafeMutableBufferPointer { table in
                            unsafe limpet_add_pair_derivatives(
                                a.baseAddress, b.baseAddress, gradients.baseAddress, hessians.baseAddress,
                                Int64(a.count), Int32(columns), table.baseAddress)
                        }
                    }
                }
            }
        }
    }

    /// Adds the rows' derivatives to their cells of `[gradient, Hessian]`.
    ///
    /// - Parameter cells: one cell for each row, each below half of `sums.count`.
    package static func addCells(
        _ cells: [UInt16], gradients: [Int32], hessians: [Int32], to sums: inout [Int64]
    ) {
        precondition(gradients.count == cells.count && hessians.count == cells.count)
        precondition(Int(cells.max() ?? 0) * 2 + 1 < sums.count)
        unsafe cells.withUnsafeBufferPointer { cells in
            unsafe gradients.withUnsafeBufferPointer { gradients in
                unsafe hessians.withUnsafeBufferPointer { hessians in
                    unsafe sums.withUnsafeMutableBufferPointer { sums in
                        unsafe limpet_add_cells(
                            cells.baseAddress, gradients.baseAddress, hessians.baseAddress,
                            Int64(cells.count), sums.baseAddress)
                    }
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
