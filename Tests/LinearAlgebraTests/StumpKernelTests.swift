import Foundation
import LimpetLinearAlgebra
import LimpetTestSupport
import Testing

/// The kernels of boosted stumps compared with plain loops.
@Suite struct StumpKernelTests {
    private func bytes(_ count: Int, below limit: Int, seed: UInt64) -> [UInt8] {
        var uniforms = Uniforms(seed: seed)
        return (0..<count).map { _ in
            UInt8(min(uniforms.next() * uniforms.next() * 1.2, 0.999) * Double(limit))
        }
    }

    @Test(
        "a bin is the number of edges at or below", arguments: [0, 1, 7, 31, 32, 33, 500],
        [0, 1, 5, 200, 254])
    func aBinIsTheNumberOfEdgesAtOrBelow(rows: Int, edgeCount: Int) {
        var uniforms = Uniforms(seed: UInt64(rows + edgeCount))
        let edges = (0..<edgeCount).map { Double($0) / 10 }
        var values = (0..<rows).map { _ in (uniforms.next() * Double(edgeCount + 2)).rounded() / 10 - 0.05 }
        for row in stride(from: 0, to: rows, by: 5) { values[row] = (values[row] * 10).rounded() / 10 }
        for (row, special) in zip(stride(from: 3, to: rows, by: 11), [Double.nan, .infinity, -.infinity]) {
            values[row] = special
        }
        var bins = [UInt8](repeating: 9, count: rows)
        var span = bins.mutableSpan
        let padded = edges + [Double](repeating: .infinity, count: 256 - edgeCount)
        StumpKernels.bin(values.span, edges: padded.span, edgeCount: edgeCount, into: &span)
        let reference = values.map { value in
            value.isNaN ? edgeCount + 1 : edges.count { $0 <= value }
        }
        #expect(bins.map(Int.init) == reference)
    }

    @Test(
        "tables are added row by row", arguments: [0, 1, 8, 13, 640],
        [[Int32](), [0, 3], Array(0..<8), Array(1..<20)])
    func tablesAreAddedRowByRow(rows: Int, columns: [Int32]) {
        let bins = bytes(rows * 20, below: 256, seed: 3)
        var uniforms = Uniforms(seed: 4)
        let tables = (0..<(20 * 256)).map { _ in uniforms.normal() }
        let start = (0..<rows).map { _ in uniforms.normal() }
        var scores = start
        StumpKernels.addTables(bins, columns: columns, tables: tables, to: &scores)
        let reference = (0..<rows).map { row in
            columns.map(Int.init).reduce(start[row]) { $0 + tables[$1 * 256 + Int(bins[$1 * rows + row])] }
        }
        #expect(scores == reference)
    }

    @Test("losses and derivatives are those of the formula", arguments: [1, 8, 21, 999], [true, false])
    func lossesAndDerivativesAreThoseOfTheFormula(rows: Int, isWeighted: Bool) {
        var uniforms = Uniforms(seed: 5)
        var scores = (0..<rows).map { _ in uniforms.normal() * 6 }
        for (row, extreme) in zip(stride(from: 0, to: rows, by: 7), [0, 800, -800, 36, -36, 1e-9]) {
            scores[row] = extreme
        }
        let labels = (0..<rows).map { _ in UInt8(uniforms.next() < 0.4 ? 1 : 0) }
        let weights = isWeighted ? (0..<rows).map { Float($0 % 4) / 2 } : nil
        var gradients = [Int32](repeating: 7, count: rows)
        var hessians = gradients
        let scale = Double(1 << 30) / 1.5
        let loss = StumpKernels.logisticRows(
            scores: scores, labels: labels, weights: weights, scale: scale, gradients: &gradients,
            hessians: &hessians)
        var reference = 0.0
        for row in 0..<rows {
            let weight = weights.map { Double($0[row]) } ?? 1
            let (x, y) = (scores[row], Double(labels[row]))
            let p = 1 / (1 + exp(-x))
            reference += weight * (max(x, 0) + log1p(exp(-abs(x))) - y * x)
            #expect(abs(Double(gradients[row]) - weight * scale * (p - y)) <= 1)
            #expect(abs(Double(hessians[row]) - weight * scale * p * (1 - p)) <= 1)
        }
        #expect(abs(loss - reference) <= 1e-13 * max(1, reference))
    }

    @Test(
        "histograms add up what lies in each bin", arguments: [0, 1, 8, 77, 4_096],
        [[Int32](), [2], [1, 2], [0, 1, 2], [1, 1]])
    func histogramsAddUpWhatLiesInEachBin(rows: Int, columns: [Int32]) {
        let bins = bytes(rows * 3, below: 256, seed: 6)
        var uniforms = Uniforms(seed: 7)
        let values = (0..<rows).map { _ in Int32(uniforms.normal() * 1e8) }
        var histogram = [Int64](repeating: 5, count: 3 * 256)
        StumpKernels.addHistogram(bins, columns: columns, values: values, to: &histogram)
        var reference = [Int64](repeating: 5, count: 3 * 256)
        for column in columns.map(Int.init) {
            for row in 0..<rows {
                reference[column * 256 + Int(bins[column * rows + row])] += Int64(values[row])
            }
        }
        #expect(histogram == reference)
    }

    @Test(
        "both derivatives are added up at once", arguments: [0, 1, 8, 77, 4_096, 4_097, 20_000],
        [[Int32](), [2], [0, 2], [0, 1, 2], [1, 1]])
    func bothDerivativesAreAddedUpAtOnce(rows: Int, columns: [Int32]) {
        let bins = bytes(rows * 3, below: 256, seed: 9)
        var uniforms = Uniforms(seed: 10)
        let gradients = (0..<rows).map { _ in Int32(uniforms.normal() * 1e8) }
        let hessians = (0..<rows).map { _ in Int32(uniforms.next() * 1e9) }
        var sums = (
            gradients: [Int64](repeating: 5, count: 3 * 256), hessians: [Int64](repeating: -1, count: 768)
        )
        StumpKernels.addHistograms(
            bins, columns: columns, gradients: gradients, hessians: hessians, to: &sums.gradients,
            &sums.hessians)
        var reference = (
            gradients: [Int64](repeating: 5, count: 3 * 256), hessians: [Int64](repeating: -1, count: 768)
        )
        for column in columns.map(Int.init) {
            for row in 0..<rows {
                reference.gradients[column * 256 + Int(bins[column * rows + row])] += Int64(gradients[row])
                reference.hessians[column * 256 + Int(bins[column * rows + row])] += Int64(hessians[row])
            }
        }
        #expect(sums == reference)
    }

    // MARK: - Splits

    private struct Sample {
        var axes: [SplitGram.Axis]
        var columns: [[UInt8]]
        var weights: [Float]
    }

    /// Features with and without missing values, most rows of one in a single bin, so that it takes
    /// another path of the sums.
    private func sample(rows: Int) -> Sample {
        var uniforms = Uniforms(seed: 8)
        let axes = [(6, true), (9, false), (3, true), (12, false), (5, true)].map {
            SplitGram.Axis(valueBins: $0.0, hasMissing: $0.1)
        }
        let columns = axes.enumerated().map { index, axis in
            (0..<rows).map { _ -> UInt8 in
                if index == 1 || index == 4, uniforms.next() < 0.8 { return 2 }
                return UInt8(uniforms.next() * Double(axis.bins))
            }
        }
        return Sample(
            axes: axes, columns: columns, weights: (0..<rows).map { _ in Float(0.05 + 0.2 * uniforms.next()) }
        )
    }

    /// Returns true if a bin lies on the left of a split.
    private func isLeft(_ bin: UInt8, _ split: Int, _ axis: SplitGram.Axis) -> Bool {
        let side = axis.side(split)
        return Int(bin) < axis.valueBins ? Int(bin) < side.bins : side.missing
    }

    private func reference(_ sample: Sample) -> [[Double]] {
        let places = sample.axes.indices.flatMap { axis in (0..<sample.axes[axis].splits).map { (axis, $0) } }
        return places.map { one in
            places.map { other in
                sample.weights.indices.reduce(0.0) { sum, row in
                    let isBoth =
                        isLeft(sample.columns[one.0][row], one.1, sample.axes[one.0])
                        && isLeft(sample.columns[other.0][row], other.1, sample.axes[other.0])
                    return sum + (isBoth ? Double(sample.weights[row]) : 0)
                }
            }
        }
    }

    @Test("the Gram matrix holds what two splits have in common", arguments: [1, 2, 8])
    func theGramHoldsWhatTwoSplitsHaveInCommon(threads: Int) {
        let sample = sample(rows: 700)
        let reference = reference(sample)
        let total = sample.weights.reduce(0.0) { $0 + Double($1) }
        let gram = SplitGram(
            axes: sample.axes, columns: sample.columns, weights: sample.weights,
            leftWeights: reference.indices.map { reference[$0][$0] }, totalWeight: total, threads: threads)
        for split in reference.indices {
            let row = Array(gram.row(split))
            #expect(row.count % 16 == 0 && row.count >= reference.count)
            for other in reference.indices {
                #expect(abs(Double(row[other]) - reference[split][other]) < 1e-4 * total)
            }
            #expect(abs(Double(gram.leftWeights[split]) - reference[split][split]) < 1e-4 * total)
        }
    }

    @Test("what stood in its memory does not matter", arguments: [0, 100, 1_000_000])
    func whatStoodInItsMemoryDoesNotMatter(places: Int) {
        let sample = sample(rows: 700)
        let reference = reference(sample)
        func gram(_ memory: [Float]) -> SplitGram {
            SplitGram(
                axes: sample.axes, columns: sample.columns, weights: sample.weights,
                leftWeights: reference.indices.map { reference[$0][$0] }, totalWeight: 700, memory: memory,
                threads: 2
            )
        }
        var first = gram([])
        let rows = reference.indices.map { Array(first.row($0)) }
        let other = gram([Float](repeating: .nan, count: places))
        for split in reference.indices { #expect(Array(other.row(split)) == rows[split]) }
        let third = gram(first.takeMemory().map { $0 + 1 })
        for split in reference.indices { #expect(Array(third.row(split)) == rows[split]) }
    }

    @Test("a sample is scaled to the true weights")
    func aSampleIsScaledToTheTrueWeights() {
        let sample = sample(rows: 700)
        let reference = reference(sample)
        let gram = SplitGram(
            axes: sample.axes, columns: sample.columns, weights: sample.weights,
            leftWeights: reference.indices.map { 4 * reference[$0][$0] },
            totalWeight: 4 * sample.weights.reduce(0.0) { $0 + Double($1) }, threads: 1)
        for split in reference.indices {
            #expect(abs(Double(Array(gram.row(split))[3]) / 4 - reference[split][3]) < 1e-2)
        }
    }

    @Test("rounds on the model are those of the formula", arguments: [0.0, 3], [false, true])
    func roundsOnTheModelAreThoseOfTheFormula(l1: Double, hasDirections: Bool) throws {
        let sample = sample(rows: 900)
        let common = reference(sample)
        let count = common.count
        let hessians = common.indices.map { common[$0][$0] }
        let total = sample.weights.reduce(0.0) { $0 + Double($1) }
        let gram = SplitGram(
            axes: sample.axes, columns: sample.columns, weights: sample.weights, leftWeights: hessians,
            totalWeight: total, threads: 1)
        var uniforms = Uniforms(seed: 9)
        var gradients = (0..<count).map { _ in uniforms.normal() * 8 }
        var all = 2.5
        let directions = (0..<count).map { Float([0, 1, -1][$0 % 3]) }
        let allowed = (0..<count).map { $0 % 11 != 4 }
        var model = SplitModel(
            gram: gram, leftGradients: gradients, leftHessians: hessians, totalGradient: all,
            totalHessian: total, isAllowed: allowed, directions: hasDirections ? directions : nil, l1: l1,
            l2: 1)
        func shrunk(_ g: Double) -> Double { g > l1 ? g - l1 : g < -l1 ? g + l1 : 0 }
        for _ in 0..<20 {
            let gains = (0..<count).map { split -> Double in
                guard allowed[split] else { return 0 }
                let (l, r) = (shrunk(gradients[split]), shrunk(all - gradients[split]))
                let (left, right) = (l / (hessians[split] + 1), r / (total - hessians[split] + 1))
                if hasDirections, Double(directions[split]) * (left - right) < 0 { return 0 }
                return l * left + r * right
            }
            let best = gains.max() ?? 0
            guard best > shrunk(all) * shrunk(all) / (total + 1) * 1.001 + 1e-6 else { break }
            let found = model.boost(rate: 0.5)
            let stump = try #require(found)
            #expect(gains[stump.split] > best - 1e-3 * (1 + best))
            let difference = stump.left - stump.right
            #expect(
                abs(stump.left + 0.5 * shrunk(gradients[stump.split]) / (hessians[stump.split] + 1)) < 1e-3)
            model.take(stump)
            for split in 0..<count {
                gradients[split] += stump.right * hessians[split] + difference * common[stump.split][split]
            }
            all += stump.right * total + difference * hessians[stump.split]
        }
    }
}
