import Foundation
import LimpetLinearAlgebra
import LimpetTestSupport
import Testing

/// The sums of pairs of features by cell, beside plain loops.
@Suite struct PairKernelsTests {
    private func bytes(_ count: Int, below limit: Int, seed: UInt64) -> [UInt8] {
        var uniforms = Uniforms(seed: seed)
        return (0..<count).map { _ in
            UInt8(min(uniforms.next() * uniforms.next() * 1.2, 0.999) * Double(limit))
        }
    }

    @Test("packed derivatives are those of the log loss, to a unit", arguments: [1, 15, 16, 77])
    func derivatives(rows: Int) {
        var uniforms = Uniforms(seed: 13)
        let scores = (0..<rows).map { _ in Float(4 * uniforms.normal()) }
        let labels = (0..<rows).map { _ in UInt8(uniforms.next() < 0.4 ? 1 : 0) }
        for weights in [nil, (0..<rows).map { _ in Float(3 * uniforms.next()) }] {
            var packed = PackedDerivatives(count: rows, unit: 1.0 / Double(1 << 18), most: 3)
            packed.update(scores: scores, labels: labels, weights: weights)
            let sums = PairKernels.sums((0..<rows).map { UInt16($0) }, packed, count: rows)
            for row in 0..<rows {
                let p = 1 / (1 + exp(-Double(scores[row])))
                let weight = Double(weights?[row] ?? 1)
                let (g, h) = (weight * (p - Double(labels[row])), weight * p * (1 - p))
                #expect(abs(Double(sums[row].gradient) / Double(1 << 18) - g) < 5e-6)
                #expect(abs(Double(sums[row].hessian) / Double(1 << 18) - h) < 5e-6)
            }
        }
        var stepped = scores
        let steps = (0..<rows).map { Float($0) }
        PairKernels.addSteps(steps, cells: (0..<rows).map { UInt16($0) }, to: &stepped)
        #expect((0..<rows).allSatisfy { stepped[$0] == scores[$0] + Float($0) })
    }

    @Test("cells of two features add up")
    func cellsOfTwoFeaturesAddUp() {
        let rows = 500
        let (a, b) = (bytes(rows, below: 7, seed: 10), bytes(rows, below: 30, seed: 11))
        var uniforms = Uniforms(seed: 12)
        let gradients = (0..<rows).map { _ in Float(uniforms.normal()) }
        let cells = (0..<rows).map { UInt16(a[$0]) * 30 + UInt16(b[$0]) }
        let whole = gradients.map { Int32($0 * 1_000) }
        let positive = whole.map(\.magnitude).map { Int32($0) }
        let packed = PackedDerivatives(gradients: whole, hessians: positive)
        let sums = PairKernels.sums(cells, packed, count: 7 * 30)
        #expect(PairKernels.sums(a, b, packed, rows: 7, columns: 30) == sums)
        let ofBins = PairKernels.sums(ofBins: b, packed, count: 30)
        func expected(_ numbers: [Int32], where isThere: (Int) -> Bool) -> Int64 {
            numbers.indices.reduce(0) { $0 + (isThere($1) ? Int64(numbers[$1]) : 0) }
        }
        for cell in 0..<(7 * 30) {
            #expect(sums[cell].gradient == expected(whole) { Int(cells[$0]) == cell })
            #expect(sums[cell].hessian == expected(positive) { Int(cells[$0]) == cell })
        }
        for bin in 0..<30 {
            #expect(ofBins[bin].gradient == expected(whole) { Int(b[$0]) == bin })
            #expect(ofBins[bin].hessian == expected(positive) { Int(b[$0]) == bin })
        }
        var scores = [Double](repeating: 1, count: rows)
        let values = (0..<(7 * 30)).map { Double($0) }
        PairKernels.addTable(values, cells: cells, to: &scores)
        #expect(zip(scores, cells).allSatisfy { $0 == 1 + Double($1) })
    }
}
