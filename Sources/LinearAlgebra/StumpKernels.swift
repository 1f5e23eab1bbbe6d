import CKernels

/// Checked calls of the inner loops of boosted stumps.
///
/// Bins are bytes, `[columns][rows]` for one block of rows; tables and histograms are `[columns][256]`.
package enum StumpKernels {
    /// The length of a column in a table or a histogram.
    package static let places = 256

    /// Writes the bins of numbers: the count of edges at or below each number, and `edgeCount + 1` for NaN.
    ///
    /// - Parameter edges: 256 ascending numbers, infinite from index `edgeCount` on.
    package static func bin(
        _ values: Span<Double>, edges: Span<Double>, edgeCount: Int, into bins: inout MutableSpan<UInt8>
    ) {
        precondition(edges.count == places && edgeCount < places - 1 && bins.count == values.count)
        unsafe values.withUnsafeBufferPointer { values in
            unsafe edges.withUnsafeBufferPointer { edges in
                unsafe bins.withUnsafeMutableBufferPointer { bins in
                    unsafe limpet_bin_numbers(
                        values.baseAddress, Int64(values.count), edges.baseAddress, Int32(edgeCount),
                        bins.baseAddress)
                }
            }
        }
    }

    /// Adds the tables' values at each row's bins in the given columns to its score.
    package static func addTables(
        _ bins: [UInt8], columns: [Int32], tables: [Double], to scores: inout [Double]
    ) {
        checkColumns(columns, bins: bins.count, rows: scores.count, places: tables.count)
        let rows = Int64(scores.count)
        unsafe bins.withUnsafeBufferPointer { bins in
            unsafe columns.withUnsafeBufferPointer { columns in
                unsafe tables.withUnsafeBufferPointer { tables in
                    unsafe scores.withUnsafeMutableBufferPointer { scores in
                        unsafe limpet_add_tables(
                            bins.baseAddress, rows, columns.baseAddress, Int32(columns.count),
                            tables.baseAddress, scores.baseAddress)
                    }
                }
            }
        }
    }

    /// Returns the summed log loss of rows, and writes `weight · scale · (p − y)` and, where `hessians` is
    /// not empty, `weight · scale · p(1 − p)` of each row as fixed-point numbers.
    package static func logisticRows(
        scores: [Double], labels: [UInt8], weights: [Float]?, scale: Double, gradients: inout [Int32],
        hessians: inout [Int32]
    ) -> Double {
        precondition(labels.count == scores.count && weights.map { $0.count == scores.count } ?? true)
        precondition(gradients.isEmpty || gradients.count == scores.count)
        precondition(hessians.isEmpty || hessians.count == scores.count)
        func call(_ weights: UnsafePointer<Float>?) -> Double {
            unsafe scores.withUnsafeBufferPointer { scores in
                unsafe labels.withUnsafeBufferPointer { labels in
                    unsafe gradients.withUnsafeMutableBufferPointer { gradients in
                        unsafe hessians.withUnsafeMutableBufferPointer { hessians in
                            unsafe limpet_logistic_rows(
                                scores.baseAddress, labels.baseAddress, weights, Int64(scores.count), scale,
                                gradients.isEmpty ? nil : gradients.baseAddress,
                                hessians.isEmpty ? nil : hessians.baseAddress)
                        }
                    }
                }
            }
        }
        guard let weights else { return call(nil) }
        return unsafe weights.withUnsafeBufferPointer { unsafe call($0.baseAddress) }
    }

    /// Adds the rows' values to the histogram at their bins.
    package static func addHistogram(
        _ bins: [UInt8], columns: [Int32], values: [Int32], to histogram: inout [Int64]
    ) {
        checkColumns(columns, bins: bins.count, rows: values.count, places: histogram.count)
        let rows = Int64(values.count)
        unsafe bins.withUnsafeBufferPointer { bins in
            unsafe columns.withUnsafeBufferPointer { columns in
                unsafe values.withUnsafeBufferPointer { values in
                    unsafe histogram.withUnsafeMutableBufferPointer { histogram in
                        unsafe limpet_add_histogram(
                            bins.baseAddress, rows, columns.baseAddress, Int32(columns.count),
                            values.baseAddress, histogram.baseAddress)
                    }
                }
            }
        }
    }

    /// Adds the rows' gradients and Hessians to the histograms at their bins.
    package static func addHistograms(
        _ bins: [UInt8], columns: [Int32], gradients: [Int32], hessians: [Int32],
        to gradientSums: inout [Int64], _ hessianSums: inout [Int64]
    ) {
        let places = min(gradientSums.count, hessianSums.count)
        precondition(gradients.count == hessians.count)
        checkColumns(columns, bins: bins.count, rows: gradients.count, places: places)
        let rows = Int64(gradients.count)
        unsafe bins.withUnsafeBufferPointer { bins in
            unsafe columns.withUnsafeBufferPointer { columns in
                unsafe gradients.withUnsafeBufferPointer { gradients in
                    unsafe hessians.withUnsafeBufferPointer { hessians in
                        unsafe gradientSums.withUnsafeMutableBufferPointer { gradientSums in
                            unsafe hessianSums.withUnsafeMutableBufferPointer { hessianSums in
                                unsafe limpet_add_both_histograms(
                                    bins.baseAddress, rows, columns.baseAddress, Int32(columns.count),
                                    gradients.baseAddress, hessians.baseAddress, gradientSums.baseAddress,
                                    hessianSums.baseAddress)
                            }
                        }
                    }
                }
            }
        }
    }

    private static func checkColumns(_ columns: [Int32], bins: Int, rows: Int, places: Int) {
        let least = columns.min() ?? 0
        let most = columns.max() ?? -1
        precondition(least >= 0 && (Int(most) + 1) * rows <= bins && (Int(most) + 1) * Self.places <= places)
    }
}
