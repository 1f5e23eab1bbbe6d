/// A dense matrix of doubles, row-major.
public struct Matrix: Hashable, Sendable {
    /// The number of rows.
    public let rows: Int
    /// The number of columns.
    public let columns: Int
    /// The elements, `[rows][columns]`, flattened.
    public var elements: [Double]

    /// Makes a matrix of zeros.
    public init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        elements = [Double](repeating: 0, count: rows * columns)
    }

    /// Returns the rows and columns at the given places, in this order.
    package func selecting(_ places: [Int]) -> Matrix {
        var matrix = Matrix(rows: places.count, columns: places.count)
        for (row, i) in places.enumerated() {
            for (column, j) in places.enumerated() { matrix[row, column] = self[i, j] }
        }
        return matrix
    }

    /// The element at a row and a column.
    @inlinable
    public subscript(row: Int, column: Int) -> Double {
        get { elements[row * columns + column] }
        set { elements[row * columns + column] = newValue }
    }
}
