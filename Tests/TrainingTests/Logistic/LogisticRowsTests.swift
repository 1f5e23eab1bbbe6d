import Foundation
import LimpetLinearAlgebra
import LimpetTestSupport
import LimpetTraining
import Testing

@Suite struct LogisticRowsTests {
    private struct Data {
        var x: [[Double]] = []
        var labels: [Bool] = []
        var weights: [Double] = []
        var offsets: [Double] = []
        var segments: [Int] = []

        init(rows: Int, columns: Int) {
            var uniforms = Uniforms(seed: UInt64(rows + columns))
            for _ in 0..<rows {
                x.append((0..<columns).map { _ in uniforms.next() * 6 - 3 })
                labels.append(uniforms.next() < 0.4)
                weights.append((uniforms.next() * 4).rounded(.down))
                offsets.append(uniforms.next() - 0.5)
                segments.append(Int(uniforms.next() * 3))
            }
        }

        var rows: LogisticRows {
            LogisticRows(
                LogisticSample.design(x), labels: labels, weights: weights, offsets: offsets,
                segments: segments)
        }

        /// The sums by the book, over rows that are not held out.
        func reference(_ b: [Double], heldOut: Int?) -> (
            loss: Double, gradient: [Double], heldOutLoss: Double
        ) {
            var (loss, held, gradient) = (0.0, 0.0, [Double](repeating: 0, count: b.count))
            for row in x.indices {
                let values = [1] + x[row]
                let eta = zip(values, b).reduce(offsets[row]) { $0 + $1.0 * $1.1 }
                let one = weights[row] * (log1p(exp(-abs(eta))) + max(eta, 0) - (labels[row] ? eta : 0))
                guard segments[row] != heldOut else {
                    held += one
                    continue
                }
                loss += one
                let residual = weights[row] * (1 / (1 + exp(-eta)) - (labels[row] ? 1 : 0))
                for column in b.indices { gradient[column] += residual * values[column] }
            }
            return (loss, gradient, held)
        }
    }

    /// Around the sizes of blocks and of the points that are taken together.
    @Test("passes are direct sums", arguments: [1, 7, 511, 512, 1_300], [1, 8, 9, 17])
    func passesAreDirectSums(rows: Int, points: Int) async throws {
        let data = Data(rows: rows, columns: 3)
        let asked = (0..<points).map { place in
            LogisticRows.Point(
                (0..<4).map { sin(Double(place * 4 + $0)) }, heldOut: [nil, 0, 1, 2][place % 4])
        }
        let values = data.rows.values(asked)
        let heldOut = try await data.rows.heldOutLosses(asked, threads: 2)
        for (place, point) in asked.enumerated() {
            let reference = data.reference(point.coefficients, heldOut: point.heldOut)
            #expect(abs(values[place].loss - reference.loss) <= 1e-12 * Double(rows) * 10)
            for (found, expected) in zip(values[place].gradient, reference.gradient) {
                #expect(abs(found - expected) <= 1e-12 * Double(rows) * 10)
            }
            #expect(
                abs(heldOut[place] - (point.heldOut == nil ? 0 : reference.heldOutLoss)) <= 1e-12
                    * Double(rows)
                    * 10)
        }
    }

    @Test("curvatures are direct sums", arguments: [1, 600, 1_300])
    func curvaturesAreDirectSums(rows: Int) {
        let data = Data(rows: rows, columns: 3)
        let b = [0.3, -0.2, 0.5, 0.1]
        let found = data.rows.curvatures(b)
        for (segment, matrix) in found.enumerated() {
            for left in 0..<4 {
                for right in 0..<4 {
                    var sum = 0.0
                    for row in data.x.indices where data.segments[row] == segment {
                        let values = [1] + data.x[row]
                        let eta = zip(values, b).reduce(data.offsets[row]) { $0 + $1.0 * $1.1 }
                        let p = 1 / (1 + exp(-eta))
                        sum += data.weights[row] * p * (1 - p) * values[left] * values[right]
                    }
                    #expect(abs(matrix[left, right] - sum) <= 1e-11 * Double(rows))
                }
            }
        }
    }

    @Test("threads change no bit")
    func threadsChangeNoBit() async throws {
        let data = Data(rows: 20_000, columns: 5)
        let rows = data.rows
        let points = [
            LogisticRows.Point([0.1, 0.2, 0.3, -0.1, 0, 1]),
            LogisticRows.Point([0, 0, 0, 0, 0, 2], heldOut: 1),
        ]
        let alone = rows.values(points)
        let matrices = rows.curvatures(points[0].coefficients)
        for threads in [1, 2, 8] {
            let values = try await rows.values(points, threads: threads)
            #expect(
                values.map(\.loss) == alone.map(\.loss) && values.map(\.gradient) == alone.map(\.gradient))
            #expect(try await rows.curvatures(points[0].coefficients, threads: threads) == matrices)
        }
    }

    @Test("held-out log-odds belong to their rows")
    func heldOutLogOddsBelongToTheirRows() {
        let data = Data(rows: 700, columns: 2)
        let b = [0.5, 1, -1]
        for (row, value) in data.rows.heldOutLogOdds(LogisticRows.Point(b, heldOut: 1)) {
            #expect(data.segments[row] == 1)
            #expect(abs(value - (0.5 + data.x[row][0] - data.x[row][1] + data.offsets[row])) < 1e-12)
        }
    }

    @Test("far log-odds stay finite")
    func farLogOddsStayFinite() {
        let rows = LogisticRows(LogisticSample.design([[1e4], [-1e4]]), labels: [false, true])
        let value = rows.values([LogisticRows.Point([0, 1])])[0]
        #expect(abs(value.loss - 2e4) < 1e-9)
        #expect(abs(value.gradient[1] - 2e4) < 1e-9)
    }
}
