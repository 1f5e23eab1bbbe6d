import LimpetEvents
import LimpetTestSupport
import LimpetTraining
import Testing

/// Which rows the curvature is summed up on.
@Suite struct CurvatureSamplerTests {
    private static let rows = 40_000

    /// Two columns of counts: one with even bins, one with a long tail.
    private func binned() -> BinnedData {
        var uniforms = Uniforms(seed: 21)
        let even = (0..<Self.rows).map { _ in (uniforms.next() * 10).rounded(.down) }
        let tailed = (0..<Self.rows).map { row in
            uniforms.next() < 0.005 ? 3 + (uniforms.next() * 40).rounded(.down) : Double(row % 3)
        }
        let labels = (0..<Self.rows).map { $0 % 2 == 0 }
        return BinnedData(
            Samples.data([("even", .numbers(even)), ("tailed", .numbers(tailed))], labels: labels),
            maximumBins: 255)
    }

    private func sampler(_ data: BinnedData, inputs: [Int], count: Int) -> CurvatureSampler {
        let counts = data.counts(threads: 1)
        return CurvatureSampler(
            data, inputs: inputs, users: { counts[$0].map(Double.init) }, count: count, threads: 2)
    }

    @Test func allRowsAreTakenWhereTheyAreFew() {
        var generator = RandomGenerator(seed: 1)
        let sample = sampler(binned(), inputs: [0, 1], count: Self.rows).sample(using: &generator)
        #expect(sample.rows == Array(0..<Self.rows))
        #expect(sample.factors.allSatisfy { $0 == 1 })
    }

    @Test func commonBinsHaveOneRowOfEachStretch() {
        var generator = RandomGenerator(seed: 2)
        let sample = sampler(binned(), inputs: [0], count: 2_000).sample(using: &generator)
        #expect(sample.rows.map { $0 / 20 } == Array(0..<2_000))
        #expect(sample.factors.allSatisfy { $0 == 1 })
    }

    @Test func rowsOfRareBinsAreAllThereAndCountLess() {
        let data = binned()
        let column = data.column(1)
        let counts = data.counts(threads: 1)[1]
        var generator = RandomGenerator(seed: 3)
        let sample = sampler(data, inputs: [0, 1], count: 2_000).sample(using: &generator)
        #expect(zip(sample.rows, sample.rows.dropFirst()).allSatisfy { $0 < $1 })
        let taken = Set(sample.rows)
        let rarest = column.indices.filter { counts[Int(column[$0])] < 15 }
        #expect(rarest.count > 50)
        #expect(rarest.allSatisfy(taken.contains))
        for (row, factor) in zip(sample.rows, sample.factors) where counts[Int(column[row])] < 15 {
            #expect(factor == 0.05)
        }
    }

    @Test func sumsAreUnbiased() {
        let data = binned()
        let column = data.column(1)
        let counts = data.counts(threads: 1)[1]
        let sampler = sampler(data, inputs: [0, 1], count: 2_000)
        var generator = RandomGenerator(seed: 4)
        var sums = [Double](repeating: 0, count: counts.count)
        let draws = 300
        for _ in 0..<draws {
            let sample = sampler.sample(using: &generator)
            for (row, factor) in zip(sample.rows, sample.factors) {
                sums[Int(column[row])] += Double(factor) * 20 / Double(draws)
            }
        }
        for (sum, count) in zip(sums, counts) where count > 0 {
            // Ten standard errors of a bin that one row in twenty is drawn from.
            let error = (Double(count) * 20 / Double(draws)).squareRoot()
            #expect(abs(sum - Double(count)) < 10 * error + 1e-3 * Double(count), "\(sum) v \(count)")
        }
    }
}
