import LimpetLinearAlgebra
import LimpetTestSupport
import LimpetTraining
import Testing

@Suite struct RowWeightTests {
    private let sample = LogisticSample()

    @Test("weight two is the row twice", arguments: [0, 2.5])
    func weightTwoIsTheRowTwice(penalty: Double) throws {
        let weights = sample.rows.indices.map { Double($0 % 3) }
        let repeated = sample.rows.indices.flatMap { [Int](repeating: $0, count: $0 % 3) }
        let weighted = try LogisticRegression(
            sample.design, labels: sample.labels, penalty: penalty, weights: weights)
        let twice = try LogisticRegression(
            LogisticSample.design(repeated.map { sample.rows[$0] }),
            labels: repeated.map { sample.labels[$0] }, penalty: penalty)
        for (left, right) in zip(weighted.coefficients, twice.coefficients) {
            #expect(abs(left - right) < 1e-9)
        }
        for (left, right) in zip(weighted.standardErrors, twice.standardErrors) {
            #expect(abs(left - right) < 1e-9)
        }
        #expect(abs(weighted.objective - twice.objective) < 1e-9)
    }

    @Test("weights and offsets are those of statsmodels")
    func weightsAndOffsetsAreThoseOfStatsmodels() throws {
        let peers = try PeerConstants("logistic_inference_constants")
        let weighted = try LogisticRegression(
            sample.design, labels: sample.labels, penalty: 0,
            weights: sample.rows.indices.map { Double($0 % 3 + 1) })
        let offset = try LogisticRegression(
            LogisticSample.design(sample.rows.map { [$0[1], $0[2]] }), labels: sample.labels, penalty: 0,
            offsets: sample.rows.map { 0.5 * $0[0] })
        for (fit, name) in [(weighted, "weighted"), (offset, "offset")] {
            let coefficients = peers.numbers(name, "coefficients")
            let errors = peers.numbers(name, "standardErrors")
            #expect(coefficients.count == fit.coefficients.count)
            for (left, right) in zip(fit.coefficients, coefficients) { #expect(abs(left / right - 1) < 1e-6) }
            for (left, right) in zip(fit.standardErrors, errors) { #expect(abs(left / right - 1) < 1e-6) }
        }
    }

    @Test("a path knows weights too")
    func aPathKnowsWeightsToo() async throws {
        let weights = sample.rows.indices.map { Double($0 % 3) }
        let repeated = sample.rows.indices.flatMap { [Int](repeating: $0, count: $0 % 3) }
        let shape = PenaltyShape(columns: 4, l1Ratio: 0.8, unit: .mean)
        let paths = [
            LogisticRows(sample.design, labels: sample.labels, weights: weights),
            LogisticRows(
                LogisticSample.design(repeated.map { sample.rows[$0] }),
                labels: repeated.map { sample.labels[$0] }),
        ].map { LogisticPath($0, shape: shape, models: [nil], threads: 1) }
        let penalties = try await paths[0].penalties(ElasticNet(l1Ratio: 0.8))
        let left = try await paths[0].run(penalties), right = try await paths[1].run(penalties)
        for (one, other) in zip(left.points[0], right.points[0]) {
            for (a, b) in zip(one.coefficients, other.coefficients) { #expect(abs(a - b) < 1e-5) }
        }
    }

    /// Enough rows for the first steps to look at a sample of them.
    @Test("many rows give what Newton gives")
    func manyRowsGiveWhatNewtonGives() async throws {
        var uniforms = Uniforms(seed: 5)
        var (rows, labels): ([[Double]], [Bool]) = ([], [])
        for _ in 0..<140_000 {
            let x = [uniforms.next() * 2 - 1, uniforms.next() < 0.001 ? 1 : 0, uniforms.next() * 3]
            rows.append(x)
            labels.append(uniforms.next() < 0.2 + 0.1 * x[0] + 0.3 * x[1] + 0.1 * x[2])
        }
        let all = LogisticRows(LogisticSample.design(rows), labels: labels)
        let fit = try LogisticFitter(all, penalty: .ridge(0, columns: 4)).fit()
        var direct = LogisticFitter(all, penalty: .ridge(0, columns: 4))
        direct.start = [0, 0, 0, 0]
        direct.curvature = all.curvatures([0, 0, 0, 0])[0]
        let newton = try direct.fit()
        for (left, right) in zip(fit.coefficients, newton.coefficients) { #expect(abs(left - right) < 1e-6) }
        for threads in [1, 2, 8] {
            let other = try await LogisticFitter(all, penalty: .ridge(0, columns: 4)).fit(threads: threads)
            #expect(other.coefficients == fit.coefficients)
        }
        let slope = all.values([LogisticRows.Point(fit.coefficients)])[0].gradient
        #expect(slope.allSatisfy { abs($0) < 0.05 })
    }
}
