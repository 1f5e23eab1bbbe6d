import LimpetLinearAlgebra
import Testing

@Suite struct CholeskyFactorTests {
    @Test("solves what is solved by hand")
    func solvesWhatIsSolvedByHand() throws {
        // The factor is [[2, 0], [1, 2]]; the inverse is [[5, -2], [-2, 4]] / 16.
        let factor = try CholeskyFactor(Reference.matrix([[4, 2], [2, 5]]))
        #expect(distance(factor.solve([8, 12]), [1, 2]) < 1e-15)
        #expect(distance(factor.inverseDiagonal, [5.0 / 16, 4.0 / 16]) < 1e-15)
    }

    @Test("solves three equations by hand")
    func solvesThreeEquationsByHand() throws {
        let factor = try CholeskyFactor(Reference.matrix([[4, 12, -16], [12, 37, -43], [-16, -43, 98]]))
        // A (1, 1, 1)' is (0, 6, 39)'; the determinant is 36, and the diagonal of the adjugate 1777, 136, 4.
        #expect(distance(factor.solve([0, 6, 39]), [1, 1, 1]) < 1e-12)
        #expect(distance(factor.inverseDiagonal, [1_777.0 / 36, 136.0 / 36, 4.0 / 36]) < 1e-10)
    }

    @Test("reads only the lower triangle")
    func readsOnlyTheLowerTriangle() throws {
        let factor = try CholeskyFactor(Reference.matrix([[4, -99], [2, 5]]))
        #expect(distance(factor.solve([8, 12]), [1, 2]) < 1e-15)
    }

    @Test("one number is a matrix too")
    func oneNumberIsAMatrixToo() throws {
        let factor = try CholeskyFactor(Reference.matrix([[4]]))
        #expect(factor.solve([2]) == [0.5])
        #expect(factor.inverseDiagonal == [0.25])
    }

    @Test("solutions of random matrices fit their equations", arguments: [1, 2, 3, 7, 20, 65])
    func solutionsOfRandomMatricesFitTheirEquations(size: Int) throws {
        let x = Reference.random(rows: 3 * size, columns: size, seed: UInt64(size))
        var matrix = Reference.gram(x, weights: [Double](repeating: 1, count: x.rows))
        for index in 0..<size { matrix[index, index] += 1 }
        let factor = try CholeskyFactor(matrix)
        let truth = Reference.random(rows: size, columns: 1, seed: 99).elements
        #expect(distance(factor.solve(Reference.product(matrix, truth)), truth) < 1e-11)
        let inverse = (0..<size).map { column in
            factor.solve((0..<size).map { $0 == column ? 1 : 0 })[column]
        }
        #expect(distance(factor.inverseDiagonal, inverse) < 1e-12)
    }

    @Test(
        "the first column that depends on others is named",
        arguments: [
            ([[0.0, 0], [0, 1]], 0),
            ([[1, 2], [2, 1]], 1),
            ([[1, 0, 1], [0, 1, 1], [1, 1, 2]], 2),
            ([[1, 2, 0], [2, 4, 0], [0, 0, 1]], 1),
            ([[-1, 0, 0], [0, -1, 0], [0, 0, -1]], 0),
        ])
    func theFirstColumnThatDependsOnOthersIsNamed(rows: [[Double]], column: Int) {
        let error = #expect(throws: NotPositiveDefinite.self) { try CholeskyFactor(Reference.matrix(rows)) }
        #expect(error?.column == column)
    }

    @Test("an empty matrix solves nothing")
    func anEmptyMatrixSolvesNothing() throws {
        let factor = try CholeskyFactor(Matrix(rows: 0, columns: 0))
        #expect(factor.solve([]).isEmpty)
        #expect(factor.inverseDiagonal.isEmpty)
    }
}
