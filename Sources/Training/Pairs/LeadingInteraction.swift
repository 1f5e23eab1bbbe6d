/// The strongest pattern of interaction between two inputs, as one value for each bin of either. It orders
/// levels, which have no order of their own, so that a cut can separate them.
struct LeadingInteraction {
    let rowOrder: [Int]
    let columnOrder: [Int]

    /// Computes the first pair of singular vectors of the weighted residuals by power iteration.
    init(gradients: [Double], hessians: [Double], rows: Int, columns: Int) {
        let residuals = Self.residuals(gradients, hessians, rows, columns)
        let scaled = zip(residuals, hessians).map { $1 > 0 ? $0 / $1.squareRoot() : 0 }
        // The iteration begins with the heaviest row, so that equal data take equal steps.
        let norms = (0..<rows).map { row in
            scaled[(row * columns)..<((row + 1) * columns)].reduce(0) { $0 + $1 * $1 }
        }
        let heaviest = norms.indices.reduce(0) { norms[$1] > norms[$0] ? $1 : $0 }
        var right = Array(scaled[(heaviest * columns)..<((heaviest + 1) * columns)])
        var left = [Double](repeating: 0, count: rows)
        for _ in 0..<12 {
            left = Self.unit(
                (0..<rows).map { row in
                    (0..<columns).reduce(0) { $0 + scaled[row * columns + $1] * right[$1] }
                })
            right = Self.unit(
                (0..<columns).map { column in
                    (0..<rows).reduce(0) { $0 + scaled[$1 * columns + column] * left[$1] }
                })
        }
        rowOrder = left.indices.sorted { (left[$0], $0) < (left[$1], $1) }
        columnOrder = right.indices.sorted { (right[$0], $0) < (right[$1], $1) }
    }

    private static func unit(_ vector: [Double]) -> [Double] {
        let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return norm > 0 ? vector.map { $0 / norm } : vector
    }

    /// Returns gradients less the values that row and column effects explain, by two passes over both.
    static func residuals(
        _ gradients: [Double], _ hessians: [Double], _ rows: Int, _ columns: Int
    ) -> [Double] {
        var residuals = gradients
        for _ in 0..<2 {
            for row in 0..<rows {
                let cells = (row * columns)..<((row + 1) * columns)
                let (g, h) = (cells.reduce(0) { $0 + residuals[$1] }, cells.reduce(0) { $0 + hessians[$1] })
                guard h > 0 else { continue }
                for cell in cells { residuals[cell] -= g / h * hessians[cell] }
            }
            for column in 0..<columns {
                let cells = stride(from: column, to: rows * columns, by: columns)
                let (g, h) = (cells.reduce(0) { $0 + residuals[$1] }, cells.reduce(0) { $0 + hessians[$1] })
                guard h > 0 else { continue }
                for cell in cells { residuals[cell] -= g / h * hessians[cell] }
            }
        }
        return residuals
    }
}
