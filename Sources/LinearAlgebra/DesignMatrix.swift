/// A design matrix with the products that Newton's method needs: `X b`, `X' v` and `X'WX`, in fixed blocks of
/// rows.
public struct DesignMatrix: Sendable {
    /// The matrix, `[observations][columns]`.
    public let matrix: Matrix

    private static let blockRows = 2_048

    /// Wraps a matrix.
    public init(_ matrix: Matrix) {
        self.matrix = matrix
    }

    /// Returns `X b`.
    public func product(_ b: [Double]) -> [Double] {
        BLAS.product(of: matrix, rows: matrix.rows, b)
    }

    /// Returns `X' v`.
    public func transposedProduct(_ v: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: matrix.columns)
        BLAS.addTransposedProduct(of: matrix, rows: matrix.rows, v, to: &result)
        return result
    }

    /// Returns the lower triangle of `X' diag(w) X` for weights that are not negative.
    public func gram(weights: [Double]) -> Matrix {
        let columns = matrix.columns
        var gram = Matrix(rows: columns, columns: columns)
        var block = Matrix(rows: min(Self.blockRows, max(1, matrix.rows)), columns: columns)
        var start = 0
        while start < matrix.rows {
            let count = min(Self.blockRows, matrix.rows - start)
            for row in 0..<count {
                let root = weights[start + row].squareRoot()
                let source = (start + row) * columns
                for column in 0..<columns {
                    block.elements[row * columns + column] = root * matrix.elements[source + column]
                }
            }
            BLAS.addGram(of: block, rows: count, to: &gram)
            start += count
        }
        return gram
    }
}
