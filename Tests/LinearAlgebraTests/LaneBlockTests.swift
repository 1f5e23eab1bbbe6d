import Foundation
import LimpetLinearAlgebra
import LimpetTestSupport
import Testing

/// The loops over a block of rows for several lanes, against loops over one row and lane at a time.
@Suite struct LaneBlockTests {
    private struct Sample {
        let layout: LaneLayout
        let columns: [[UInt8]]
        let block: LaneBlock
        var scores: [Float]
        let labels: [UInt8]

        init(models: Int, rows: Int) {
            var uniforms = Uniforms(seed: UInt64(models + rows))
            let bins = [5, 256, 2, 17, 90, 3, 3]
            let commonest: [UInt8?] = [nil, nil, 1, nil, 0, nil, nil]
            layout = LaneLayout(models: models, bins: bins, commonest: commonest)
            columns = bins.enumerated().map { index, bins in
                (0..<rows).map { _ in
                    if let commonest = commonest[index], uniforms.next() < 0.7 { return commonest }
                    return UInt8(uniforms.next() * Double(bins))
                }
            }
            block = LaneBlock(layout, columns: columns, rowCount: rows)
            let lanes = layout.lanes
            scores = (0..<(rows * lanes)).map { _ in Float(uniforms.normal() * 3) }
            labels = (0..<rows).map { _ in uniforms.next() < 0.4 ? 1 : 0 }
        }
    }

    @Test("losses and sums are those of rows", arguments: [1, 8, 9, 16], [1, 37, 700])
    func lossesAndSumsAreThoseOfRows(models: Int, rows: Int) {
        let sample = Sample(models: models, rows: rows)
        let (layout, lanes) = (sample.layout, sample.layout.lanes)
        for weights in [nil, (0..<rows).map { Float($0 % 3) }, (0..<(rows * lanes)).map { Float($0 % 4) }] {
            var derivatives = LaneBlock.Derivatives(layout)
            let losses = sample.block.losses(
                scores: sample.scores, labels: sample.labels, weights: weights, derivatives: &derivatives)
            var (sums, totals) = (layout.noSums, [Int64](repeating: 0, count: 2 * lanes))
            let mask: UInt32 = 0b1010_1010_1010_1101
            let scale = Float(1 << 24)
            sample.block.addSums(&derivatives, scale: scale, lanes: mask, to: &sums, totals: &totals)
            for lane in 0..<lanes {
                var loss = 0.0
                var expected = [Double](repeating: 0, count: 2 * layout.firstBin[layout.columns])
                var total = (0.0, 0.0)
                for row in 0..<rows {
                    let x = Double(sample.scores[row * lanes + lane])
                    let (y, p) = (Double(sample.labels[row]), 1 / (1 + exp(-x)))
                    let weight = weights.map { Double($0[$0.count == rows ? row : row * lanes + lane]) } ?? 1
                    loss += weight * (log1p(exp(-abs(x))) + max(x, 0) - y * x)
                    total = (total.0 + weight * (p - y), total.1 + weight * p * (1 - p))
                    for column in 0..<layout.columns {
                        let bin = sample.columns[column][row]
                        guard bin != layout.commonest[column] else { continue }
                        let place = layout.firstBin[column] + Int(bin)
                        expected[2 * place] += weight * (p - y)
                        expected[2 * place + 1] += weight * p * (1 - p)
                    }
                }
                #expect(abs(losses[lane] - loss) < 1e-5 * max(1, loss))
                let isMeant = mask >> UInt32(lane) & 1 == 1
                let least = 1e-5 * Double(rows + 1)
                for place in expected.indices {
                    let sum = Double(sums[place * lanes + lane]) / Double(scale)
                    #expect(abs(sum - (isMeant ? expected[place] : 0)) < least)
                }
                #expect(abs(Double(totals[lane]) / Double(scale) - (isMeant ? total.0 : 0)) < least)
                #expect(abs(Double(totals[lanes + lane]) / Double(scale) - (isMeant ? total.1 : 0)) < least)
            }
        }
    }

    @Test("scores move by the tables of their bins", arguments: [3, 8, 16])
    func scoresMoveByTheTables(models: Int) {
        var sample = Sample(models: models, rows: 300)
        let (layout, lanes) = (sample.layout, sample.layout.lanes)
        let changed = [0, 1, 2, 3, 4, 6]
        var tables = layout.noTables
        var uniforms = Uniforms(seed: 2)
        for column in changed {
            for bin in layout.firstBin[column]..<layout.firstBin[column + 1] {
                let isCommonest = layout.commonest[column].map { Int($0) } == bin - layout.firstBin[column]
                for lane in 0..<lanes where !isCommonest {
                    tables[bin * lanes + lane] = Float(uniforms.normal())
                }
            }
        }
        let base = (0..<lanes).map { Float($0) / 8 }
        let before = sample.scores
        sample.block.addTables(tables, changed: changed, base: base, to: &sample.scores)
        for row in 0..<300 {
            for lane in 0..<lanes {
                let sum = changed.reduce(base[lane]) {
                    $0 + tables[(layout.firstBin[$1] + Int(sample.columns[$1][row])) * lanes + lane]
                }
                #expect(abs(sample.scores[row * lanes + lane] - before[row * lanes + lane] - sum) < 1e-5)
            }
        }
    }

    @Test("rows that are all in the commonest bin are listed nowhere", arguments: [1, 9])
    func nothingIsListed(models: Int) {
        let layout = LaneLayout(models: models, bins: [3, 4], commonest: [1, 2])
        let block = LaneBlock(
            layout, columns: [[UInt8](repeating: 1, count: 20), [UInt8](repeating: 2, count: 20)],
            rowCount: 20)
        var scores = [Float](repeating: 0, count: 20 * layout.lanes)
        let tables = layout.noTables.indices.map { Float($0) }
        let base = (0..<layout.lanes).map { Float($0) / 8 }
        block.addTables(tables, changed: [0, 1], base: base, to: &scores)
        #expect(scores == [[Float]](repeating: base, count: 20).flatMap { $0 })
        var derivatives = LaneBlock.Derivatives(layout)
        _ = block.losses(
            scores: scores, labels: [UInt8](repeating: 1, count: 20), weights: nil, derivatives: &derivatives)
        var (sums, totals) = (layout.noSums, [Int64](repeating: 0, count: 2 * layout.lanes))
        block.addSums(&derivatives, scale: 1_000, lanes: .max, to: &sums, totals: &totals)
        #expect(sums.allSatisfy { $0 == 0 } && totals.allSatisfy { $0 != 0 })
    }

    @Test("derivatives of another number of lanes are refused")
    func otherLanes() async {
        await #expect(processExitsWith: .failure) {
            let (few, many) = (
                LaneLayout(models: 8, bins: [2], commonest: [nil]),
                LaneLayout(models: 9, bins: [2], commonest: [nil])
            )
            let block = LaneBlock(many, columns: [[0, 1]], rowCount: 2)
            var derivatives = LaneBlock.Derivatives(few)
            _ = block.losses(
                scores: [Float](repeating: 0, count: 2 * many.lanes), labels: [0, 1], weights: nil,
                derivatives: &derivatives)
        }
    }
}
