import LimpetLinearAlgebra
import Testing

@Suite struct DesignMatrixTests {
    /// Around the size of a block of rows, 2,048, and below.
    private static let sizes = [0, 1, 2, 17, 2_047, 2_048, 2_049, 4_096, 5_000]

    @Test("the Gram matrix is that of the reference", arguments: sizes, [1, 4])
    func theGramMatrixIsThatOfTheReference(rows: Int, columns: Int) {
        let x = Reference.random(rows: rows, columns: columns, seed: 7)
        let weights = Reference.random(rows: rows, columns: 1, seed: 8).elements.map(abs)
        let gram = DesignMatrix(x).gram(weights: weights)
        let reference = Reference.gram(x, weights: weights)
        for row in 0..<columns {
            for column in 0...row { #expect(abs(gram[row, column] - reference[row, column]) < 1e-10) }
        }
    }

    @Test("products are those of the reference", arguments: sizes, [1, 4])
    func productsAreThoseOfTheReference(rows: Int, columns: Int) {
        let x = Reference.random(rows: rows, columns: columns, seed: 9)
        let design = DesignMatrix(x)
        let b = Reference.random(rows: columns, columns: 1, seed: 10).elements
        let v = Reference.random(rows: rows, columns: 1, seed: 11).elements
        #expect(distance(design.product(b), Reference.product(x, b)) < 1e-13)
        #expect(distance(design.transposedProduct(v), Reference.transposedProduct(x, v)) < 1e-10)
    }

    @Test("rows without weight do not count")
    func rowsWithoutWeightDoNotCount() {
        let x = Reference.matrix([[1, 2], [1, 1_000], [1, 3]])
        let gram = DesignMatrix(x).gram(weights: [1, 0, 4])
        #expect(gram[0, 0] == 5)
        #expect(gram[1, 0] == 14)
        #expect(gram[1, 1] == 40)
    }

    @Test("the Gram matrix has the same bits each time")
    func theGramMatrixHasTheSameBitsEachTime() {
        let x = Reference.random(rows: 5_000, columns: 9, seed: 12)
        let weights = Reference.random(rows: 5_000, columns: 1, seed: 13).elements.map(abs)
        let design = DesignMatrix(x)
        let first = design.gram(weights: weights)
        for _ in 0..<5 { #expect(design.gram(weights: weights) == first) }
    }
}
