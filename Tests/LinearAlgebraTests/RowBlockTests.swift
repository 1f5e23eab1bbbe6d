import Foundation
import LimpetLinearAlgebra
import Testing

@Suite struct RowBlockTests {
    @Test("losses and residuals are those of the formula", arguments: [1, 3, 255, 256, 257, 600])
    func losesAndResidualsAreThoseOfTheFormula(rows: Int) {
        let design = (0..<rows).map { 12 * sin(Double($0)) }
        let labels = (0..<rows).map { $0 % 3 == 0 ? 1.0 : 0 }
        for weights in [nil, (0..<rows).map { Double($0 % 4) }] {
            let block = RowBlock(design: design, labels: labels, weights: weights)
            var losses = [0.0]
            var gradients: [Double]? = [0]
            var scratch = RowBlock.Scratch()
            block.addLosses(of: [1.5], to: &losses, gradients: &gradients, scratch: &scratch)
            var (loss, slope) = (0.0, 0.0)
            for row in 0..<rows {
                let (eta, weight) = (1.5 * design[row], weights?[row] ?? 1)
                loss += weight * (max(eta, 0) + log1p(exp(-abs(eta))) - labels[row] * eta)
                slope += weight * (1 / (1 + exp(-eta)) - labels[row]) * design[row]
            }
            #expect(abs(losses[0] - loss) <= 1e-12 * (1 + loss))
            #expect(abs((gradients?[0] ?? .nan) - slope) <= 1e-11 * Double(rows) * 12)
        }
    }

    @Test("single precision gives the same to seven digits", arguments: [1, 7, 8, 9, 20])
    func singlePrecisionGivesTheSameToSevenDigits(points: Int) {
        let (rows, columns) = (300, 5)
        let design = Reference.random(rows: rows * columns, columns: 1, seed: 21).elements
        let labels = (0..<rows).map { $0 % 3 == 0 ? 1.0 : 0 }
        let coefficients = Reference.random(rows: points * columns, columns: 1, seed: 22).elements
        for (weights, offsets) in [(nil, nil), ((0..<rows).map { Double($0 % 4) }, labels.map { 0.3 - $0 })] {
            let block = RowBlock(design: design, labels: labels, weights: weights, offsets: offsets)
            var (exact, rounded) = (
                [Double](repeating: 1, count: points), [Double](repeating: 1, count: points)
            )
            let none = [Double](repeating: 2, count: points * columns)
            var (slopes, roundedSlopes): ([Double]?, [Double]?) = (none, none)
            var scratch = RowBlock.Scratch()
            block.addLosses(of: coefficients, to: &exact, gradients: &slopes, scratch: &scratch)
            block.addLosses(
                of: coefficients, precision: .single, to: &rounded, gradients: &roundedSlopes,
                scratch: &scratch)
            #expect(distance(exact, rounded) < 1e-6 * Double(rows))
            #expect(distance(slopes ?? [], roundedSlopes ?? []) < 1e-6 * Double(rows))
            #expect(slopes?.count == roundedSlopes?.count)
        }
    }

    @Test("a design kept in 32 bits gives what its numbers give", arguments: [1, 9])
    func aDesignKeptIn32BitsGivesWhatItsNumbersGive(points: Int) {
        let (rows, columns) = (300, 5)
        let design = Reference.random(rows: rows * columns, columns: 1, seed: 31).elements.map { Float($0) }
        let labels = (0..<rows).map { $0 % 3 == 0 ? 1.0 : 0 }
        let coefficients = Reference.random(rows: points * columns, columns: 1, seed: 32).elements
        // A slice of a longer array, as the blocks of a table are.
        let longer = [7] + design + [7]
        let kept = RowBlock(design: longer[1..<(1 + design.count)], labels: labels)
        let wide = RowBlock(design: design.map { Double($0) }, labels: labels)
        for precision in RowBlock.Precision.allCases {
            #expect(losses(kept, coefficients, precision) == losses(wide, coefficients, precision))
            #expect(curvature(kept, precision) == curvature(wide, precision))
        }
        #expect(kept.logOdds(coefficients) == wide.logOdds(coefficients))
        #expect(
            kept.residuals(Array(coefficients[..<columns])) == wide.residuals(Array(coefficients[..<columns]))
        )
        for column in 0..<columns {
            #expect(kept.values(ofColumn: column) == wide.values(ofColumn: column))
            #expect(kept.moments(ofColumn: column) == wide.moments(ofColumn: column))
            #expect(kept[17, column] == wide[17, column])
        }
    }

    /// Losses and gradients after two blocks, so that what a scratch keeps is met again.
    private func losses(
        _ block: RowBlock, _ coefficients: [Double], _ precision: RowBlock.Precision
    ) -> [Double] {
        let points = coefficients.count / block.columns
        var (losses, scratch) = ([Double](repeating: 0, count: points), RowBlock.Scratch())
        var gradients: [Double]? = [Double](repeating: 0, count: coefficients.count)
        for _ in 0..<2 {
            block.addLosses(
                of: coefficients, precision: precision, to: &losses, gradients: &gradients, scratch: &scratch)
        }
        return losses + (gradients ?? [])
    }

    private func curvature(_ block: RowBlock, _ precision: RowBlock.Precision) -> [Double] {
        var (gram, scratch) = (Matrix(rows: block.columns, columns: block.columns), RowBlock.Scratch())
        let coefficients = [Double](repeating: 0.1, count: block.columns)
        for _ in 0..<2 {
            block.addCurvature(of: coefficients, precision: precision, to: &gram, scratch: &scratch)
        }
        return gram.elements
    }

    @Test("single precision gives the same curvature")
    func singlePrecisionGivesTheSameCurvature() {
        let block = RowBlock(
            design: Reference.random(rows: 300 * 6, columns: 1, seed: 23).elements,
            labels: (0..<300).map { Double($0 % 2) })
        var (exact, rounded) = (Matrix(rows: 6, columns: 6), Matrix(rows: 6, columns: 6))
        var scratch = RowBlock.Scratch()
        let coefficients = Reference.random(rows: 6, columns: 1, seed: 24).elements
        for _ in 0..<2 {
            block.addCurvature(of: coefficients, to: &exact, scratch: &scratch)
            block.addCurvature(of: coefficients, precision: .single, to: &rounded, scratch: &scratch)
        }
        for row in 0..<6 {
            for column in 0...row { #expect(abs(exact[row, column] - rounded[row, column]) < 1e-4) }
        }
    }

    @Test("signed logs are those of the library")
    func signedLogsAreThoseOfTheLibrary() {
        let numbers = [
            0, -0.0, 1e-300, 1e-9, 0.1, 0.41, 0.42, 1, 1.5, 7, 1e5, 1e16, 1e300, -3, -1e-5, .infinity,
            -.infinity,
        ]
        for (x, found) in zip(numbers, SignedLog.of(numbers)) {
            let expected = x < 0 ? -log1p(-x) : log1p(x)
            #expect(found == expected || abs(found - expected) <= 5e-16 * abs(expected), "at \(x)")
        }
        #expect(SignedLog.of([.nan, 1])[0].isNaN)
        #expect(SignedLog.of([]).isEmpty)
    }
}

@Suite struct CoordinateDescentTests {
    @Test("the minimum meets its conditions", arguments: [0.0, 0.3, 2])
    func theMinimumMeetsItsConditions(l1: Double) {
        let x = Reference.random(rows: 60, columns: 12, seed: 3)
        let hessian = Reference.gram(x, weights: [Double](repeating: 1, count: 60))
        let gradient = Reference.random(rows: 12, columns: 1, seed: 4).elements.map { 10 * $0 }
        var penalty = SeparablePenalty(count: 12)
        for j in 1..<12 {
            penalty.l1[j] = l1
            penalty.l2[j] = 0.5
        }
        (penalty.lower[2], penalty.upper[3]) = (0, 0)
        let found = CoordinateDescent.minimise(
            hessian, gradient: gradient, start: [Double](repeating: 0, count: 12), penalty: penalty,
            tolerance: 1e-20)
        let slope = Reference.product(hessian, found.point)
        for j in 0..<12 {
            let smooth = slope[j] + gradient[j] + penalty.l2[j] * found.point[j]
            #expect(abs(found.gradient[j] - slope[j] - gradient[j]) < 1e-9)
            if found.point[j] != 0 {
                #expect(abs(smooth + penalty.l1[j] * (found.point[j] > 0 ? 1 : -1)) < 1e-8)
            } else if j == 2 {
                #expect(smooth >= -penalty.l1[j] - 1e-8)
            } else if j == 3 {
                #expect(smooth <= penalty.l1[j] + 1e-8)
            } else {
                #expect(abs(smooth) <= penalty.l1[j] + 1e-8)
            }
        }
        #expect(found.point[2] >= 0 && found.point[3] <= 0)
    }
}

@Suite struct PivotedCholeskyTests {
    @Test("sums of columns are found with their factors")
    func sumsOfColumnsAreFoundWithTheirFactors() {
        let base = Reference.random(rows: 30, columns: 3, seed: 6)
        var x = Matrix(rows: 30, columns: 5)
        for row in 0..<30 {
            for column in 0..<3 { x[row, column] = base[row, column] }
            x[row, 3] = 2 * base[row, 0] - base[row, 2]
        }
        let found = PivotedCholesky(
            Reference.gram(x, weights: [Double](repeating: 1, count: 30)), first: [0, 1, 2])
        #expect(found.independent == [0, 1, 2])
        #expect(found.dependent == [3, 4])
        #expect(distance(found.combination(of: 3), [2, 0, -1]) < 1e-9)
        #expect(distance(found.combination(of: 4), [0, 0, 0]) == 0)
    }

    @Test("the factor gives the matrix")
    func theFactorGivesTheMatrix() {
        let gram = Reference.gram(Reference.random(rows: 4, columns: 6, seed: 8), weights: [1, 2, 3, 4])
        let found = PivotedCholesky(gram)
        #expect(found.independent.count == 4)
        for row in 0..<6 {
            for column in 0..<6 {
                let sum = found.factorColumns.reduce(0.0) { $0 + $1[row] * $1[column] }
                #expect(abs(sum - gram[row, column]) < 1e-10)
            }
        }
    }
}
