import LimpetLinearAlgebra

/// A ridge regression with more columns than rows, reduced to as many columns as rows.
///
/// The best coefficients are a linear combination of rows, `β = X'α` (G. Kimeldorf and G. Wahba, 1970). With
/// `X X' = L L'`, `L` having as many columns as the rank, `γ = L'α` has `L γ = X β` and `|γ| = |β|`: the same
/// objective with `L` in place of `X`.
struct WideRidge: Sendable {
    /// The same rows with the columns of `L` after the intercept.
    let rows: LogisticRows
    private let original: LogisticRows
    private let factor: PivotedCholesky

    /// Reduces the columns of rows.
    ///
    /// - Parameter original: rows whose first column is the intercept, in one segment.
    init(_ original: LogisticRows) {
        self.original = original
        let products = original.rowProducts()
        factor = PivotedCholesky(products, tolerance: 1e-12)
        let count = original.count
        let reduced = factor.factorColumns
        var place = 0
        let blocks = original.blocks.map { block in
            let range = place..<(place + block.rows)
            place += block.rows
            let design = [Double](repeating: 1, count: block.rows) + reduced.flatMap { Array($0[range]) }
            return RowBlock(
                design: design, labels: block.labels, weights: block.weights, offsets: block.offsets)
        }
        precondition(place == count)
        rows = LogisticRows(
            blocks: blocks, segmentOfBlock: blocks.map { _ in 0 }, columns: reduced.count + 1,
            order: original.order)
    }

    /// Returns the coefficients of the original columns.
    func coefficients(_ reduced: [Double]) -> [Double] {
        let sums = factor.solveTransposed(Array(reduced.dropFirst()))
        var result = [Double](repeating: 0, count: original.columns)
        var place = 0
        for block in original.blocks {
            for column in 1..<original.columns {
                for row in 0..<block.rows {
                    result[column] += block[row, column] * sums[place + row]
                }
            }
            place += block.rows
        }
        result[0] = reduced[0]
        return result
    }
}

extension LogisticRows {
    /// Returns `X X'` without the intercept's column.
    fileprivate func rowProducts() -> Matrix {
        var transposed = Matrix(rows: columns - 1, columns: count)
        var place = 0
        for block in blocks {
            for column in 1..<columns {
                for row in 0..<block.rows {
                    transposed[column - 1, place + row] = block[row, column]
                }
            }
            place += block.rows
        }
        return DesignMatrix(transposed).gram(weights: [Double](repeating: 1, count: columns - 1))
    }
}
