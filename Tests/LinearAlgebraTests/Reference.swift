import LimpetLinearAlgebra
import LimpetTestSupport

/// Textbook loops, against which BLAS and LAPACK are held.
enum Reference {
    static func matrix(_ rows: [[Double]]) -> Matrix {
        var matrix = Matrix(rows: rows.count, columns: rows.first?.count ?? 0)
        for (row, values) in rows.enumerated() {
            for (column, value) in values.enumerated() { matrix[row, column] = value }
        }
        return matrix
    }

    static func random(rows: Int, columns: Int, seed: UInt64) -> Matrix {
        var uniforms = Uniforms(seed: seed)
        var matrix = Matrix(rows: rows, columns: columns)
        for place in matrix.elements.indices { matrix.elements[place] = uniforms.next() * 2 - 1 }
        return matrix
    }

    static func gram(_ x: Matrix, weights: [Double]) -> Matrix {
        var gram = Matrix(rows: x.columns, columns: x.columns)
        for left in 0..<x.columns {
            for right in 0..<x.columns {
                for row in 0..<x.rows { gram[left, right] += weights[row] * x[row, left] * x[row, right] }
            }
        }
        return gram
    }

    static func product(_ x: Matrix, _ b: [Double]) -> [Double] {
        (0..<x.rows).map { row in
            (0..<x.columns).reduce(0.0) { $0 + x[row, $1] * b[$1] }
        }
    }

    static func transposedProduct(_ x: Matrix, _ v: [Double]) -> [Double] {
        (0..<x.columns).map { column in
            (0..<x.rows).reduce(0.0) { $0 + x[$1, column] * v[$1] }
        }
    }
}

/// The largest distance between two lists of the same length.
func distance(_ left: [Double], _ right: [Double]) -> Double {
    guard left.count == right.count else { return .infinity }
    return zip(left, right).reduce(0.0) { max($0, abs($1.0 - $1.1)) }
}
