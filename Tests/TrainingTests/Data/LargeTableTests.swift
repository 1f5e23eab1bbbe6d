import LimpetEvents
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// Tables with enough rows that their designs are kept in 32 bits.
@Suite struct LargeTableTests {
    private static let times = 126

    /// 400 rows, with missing numbers, counts whose log is taken, a constant and a category.
    private func sample() -> TrainingData {
        var uniforms = Uniforms(seed: 77)
        let additive = Samples.additive(rows: 400, seed: 76, isLinear: true).data
        let counts = additive.labels.map { (uniforms.next() * ($0 ? 900 : 4_000)).rounded() }
        let names = additive.inputs.map(\.name) + ["counts", "constant"]
        let columns = additive.columns + [.numbers(counts), .numbers(counts.map { _ in 1 / 3 })]
        return Samples.data(Array(zip(names, columns)), labels: additive.labels)
    }

    /// The same rows, each `times` times.
    private func repeated(_ data: TrainingData) -> TrainingData {
        data.selecting((0..<Self.times).flatMap { _ in Array(data.labels.indices) })
    }

    @Test("rows in great number are rows of that weight")
    func rowsInGreatNumberAreRowsOfThatWeight() async throws {
        let few = sample()
        let many = repeated(few)
        #expect(many.labels.count >= LogisticPath.singlePrecisionRows)
        let weights = few.labels.map { _ in Double(Self.times) }
        let exact = try await problem(few, weights, threads: 2)
        let found = try await problem(many, nil, threads: 2)
        let (left, right) = (try await exact.fit(10), try await found.fit(10))
        #expect(left.coefficients.count == right.coefficients.count)
        #expect(left.coefficients.contains { abs($0) > 0.3 })
        for (one, other) in zip(left.coefficients, right.coefficients) { #expect(abs(one - other) < 1e-6) }
        #expect(abs(left.loss / right.loss - 1) < 1e-8)
    }

    @Test("no bit depends on threads")
    func noBitDependsOnThreads() async throws {
        let many = repeated(sample())
        let alone = try await problem(many, nil, threads: 1).fit(10).coefficients
        for threads in [2, 8] {
            #expect(try await problem(many, nil, threads: threads).fit(10).coefficients == alone)
        }
    }

    private func problem(
        _ data: TrainingData, _ weights: [Double]?, threads: Int
    ) async throws -> LogisticProblem {
        try await LogisticProblem(
            data, RowExtras(weights: weights), settings: LogisticSettings(), dropsReference: false,
            threads: threads)
    }
}
