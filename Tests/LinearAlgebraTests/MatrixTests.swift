import LimpetLinearAlgebra
import Testing

@Suite struct MatrixTests {
    @Test("elements lie row after row")
    func elementsLieRowAfterRow() {
        var matrix = Matrix(rows: 2, columns: 3)
        for row in 0..<2 {
            for column in 0..<3 { matrix[row, column] = Double(10 * row + column) }
        }
        #expect(matrix.elements == [0, 1, 2, 10, 11, 12])
        #expect(matrix[1, 2] == 12)
    }

    @Test("a new matrix is zero")
    func aNewMatrixIsZero() {
        #expect(Matrix(rows: 2, columns: 2).elements == [0, 0, 0, 0])
        #expect(Matrix(rows: 0, columns: 4).elements.isEmpty)
    }
}
