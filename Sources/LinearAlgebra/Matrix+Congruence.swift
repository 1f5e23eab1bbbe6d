extension Matrix {
    /// Returns `A M A'` for this matrix `A` and a symmetric `M`: the covariance of `A b` if `M` is that of
    /// `b`.
    public func transformed(_ middle: Matrix) -> Matrix {
        precondition(columns == middle.rows && middle.rows == middle.columns)
        var half = Matrix(rows: rows, columns: columns)
        for row in 0..<rows {
            for inner in 0..<columns where self[row, inner] != 0 {
                let factor = self[row, inner]
                for column in 0..<columns {
                    half.elements[row * columns + column] += factor * middle[inner, column]
                }
            }
        }
        var result = Matrix(rows: rows, columns: rows)
        for row in 0..<rows {
            for other in 0...row {
                var sum = 0.0
                for inner in 0..<columns { sum += half[row, inner] * self[other, inner] }
                result[row, other] = sum
                result[other, row] = sum
            }
        }
        return result
    }
}
