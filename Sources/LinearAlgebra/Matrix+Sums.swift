extension Matrix {
    /// Adds a matrix of the same shape.
    public mutating func add(_ other: Matrix) {
        precondition(rows == other.rows && columns == other.columns)
        for place in elements.indices { elements[place] += other.elements[place] }
    }

    /// Multiplies all elements.
    public mutating func scale(by factor: Double) {
        for place in elements.indices { elements[place] *= factor }
    }

    /// Copies the lower triangle of a square matrix to the upper one.
    public mutating func mirrorLowerTriangle() {
        precondition(rows == columns)
        for row in 0..<rows {
            for column in 0..<row { elements[column * columns + row] = elements[row * columns + column] }
        }
    }

    /// Returns `A b`.
    public func product(_ b: [Double]) -> [Double] {
        precondition(b.count == columns)
        return (0..<rows).map { row in
            var sum = 0.0
            for column in 0..<columns { sum += elements[row * columns + column] * b[column] }
            return sum
        }
    }
}
