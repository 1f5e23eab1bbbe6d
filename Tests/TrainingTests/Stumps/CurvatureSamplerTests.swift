import LimpetNumerics
import LimpetEvents
import LimpetTestSupport
import LimpetTraining
import Testing

/// The rows over which the curvature is summed.
@Suite struct CurvatureSamplerTests {
    private static let rows = 40_000
    /// One row in twenty is drawn of common bins, so bins of less than 400 rows are rare.
    private static let count = 2_000

    /// Two columns of counts: one with even bins, one with bins of 5, 50 and 200 rows far out.
    private func binned(threads: Int = 1) -> BinnedData {
        var uniforms = Uniforms(seed: 21)
        let even = (0..<Self.rows).map { _ in (uniforms.next() * 10).rounded(.down) }
        var tailed = (0..<Self.rows).map { Double($0 % 3) }
        var place = 0
        for (value, rows) in [5, 5, 50, 50, 200, 200].enumerated() {
            for _ in 0..<rows {
                // 7,919 is a prime that does not divide the rows: no place comes twice.
                tailed[place * 7_919 % Self.rows] = Double(10 + value)
                place += 1
            }
        }
        let labels = (0..<Self.rows).map { $0 % 2 == 0 }
        return BinnedData(
            Samples.data([("even", .numbers(even)), ("tailed", .numbers(tailed))], labels: labels),
            maximumBins: 255, threads: threads)
    }

    private func sampler(
        _ data: BinnedData, inputs: [Int] = [0, 1], count: Int = Self.count, threads: Int = 1
    ) -> CurvatureSampler {
        let counts = data.counts(threads: 1).map { $0.map { Int($0) } }
        return CurvatureSampler(data, inputs: inputs, counts: { counts[$0] }, count: count, threads: threads)
    }

    @Test("all rows are taken where they are few", arguments: [Self.rows, 50_000])
    func allRowsAreTakenWhereTheyAreFew(count: Int) {
        var generator = RandomGenerator(seed: 1)
        let sample = sampler(binned(), count: count).sample(using: &generator)
        #expect(sample.rows == Array(0..<Self.rows))
        #expect(sample.factors.allSatisfy { $0 == 1 })
    }

    @Test("common bins have one row of each interval")
    func commonBinsHaveOneRowOfEachInterval() {
        var generator = RandomGenerator(seed: 2)
        let sample = sampler(binned(), inputs: [0]).sample(using: &generator)
        #expect(sample.rows.map { $0 / 20 } == Array(0..<Self.count))
        #expect(sample.factors.allSatisfy { $0 == 1 })
    }

    @Test("a row of a longer interval counts more")
    func aRowOfALongerIntervalCountsMore() {
        var generator = RandomGenerator(seed: 3)
        let sample = sampler(binned(), inputs: [0], count: 30_000).sample(using: &generator)
        #expect(Set(sample.factors) == [0.75, 1.5])
        let sum = sample.factors.reduce(0.0) { $0 + Double($1) }
        #expect(abs(sum - 30_000) < 1e-6)
    }

    @Test("rows of rare bins are drawn more often and count less")
    func rowsOfRareBinsAreDrawnMoreOftenAndCountLess() {
        let data = binned()
        let column = data.column(1)
        let counts = data.counts(threads: 1)[1].map { Int($0) }
        #expect(counts.filter { $0 > 0 }.sorted().prefix(6) == [5, 5, 50, 50, 200, 200])
        var generator = RandomGenerator(seed: 4)
        let sample = sampler(data).sample(using: &generator)
        #expect(zip(sample.rows, sample.rows.dropFirst()).allSatisfy { $0 < $1 })
        var drawn = [Int](repeating: 0, count: counts.count)
        for (row, factor) in zip(sample.rows, sample.factors) {
            let bin = Int(column[row])
            drawn[bin] += 1
            let chance = counts[bin] < 400 ? min(1, 20 / Float(counts[bin])) : 0.05
            #expect(abs(factor * chance - 0.05) < 1e-6)
        }
        for (bin, rows) in counts.enumerated() where rows > 0 && rows < 400 {
            if rows <= 20 { #expect(drawn[bin] == rows) } else { #expect((5...40).contains(drawn[bin])) }
        }
    }

    @Test("sums are unbiased", arguments: [Self.count, 2_003])
    func sumsAreUnbiased(count: Int) {
        let data = binned()
        let column = data.column(1)
        let counts = data.counts(threads: 1)[1].map { Int($0) }
        let sampler = sampler(data, count: count)
        var generator = RandomGenerator(seed: 5)
        var sums = [Double](repeating: 0, count: counts.count)
        let draws = 400
        let each = Double(Self.rows) / Double(count) / Double(draws)
        for _ in 0..<draws {
            let sample = sampler.sample(using: &generator)
            for (row, factor) in zip(sample.rows, sample.factors) {
                sums[Int(column[row])] += Double(factor) * each
            }
        }
        for (sum, rows) in zip(sums, counts) where rows > 0 {
            // Five standard errors; of bins that are taken whole nothing is left to chance.
            let chance = rows < 400 ? min(1, 20 / Double(rows)) : 0.05
            let error = (Double(rows) * (1 / chance - 1) / Double(draws)).squareRoot()
            #expect(abs(sum - Double(rows)) < 5 * error + 1e-4 * Double(rows), "\(sum) v \(rows)")
        }
    }

    @Test("rare bins make a sample larger by half at most")
    func rareBinsMakeASampleLargerByHalfAtMost() {
        var uniforms = Uniforms(seed: 22)
        let columns = (0..<20).map { place in
            (
                "x\(place)",
                TrainingData.Column.numbers(
                    (0..<Self.rows).map { _ in
                        uniforms.next() < 0.05 ? (uniforms.next() * 200).rounded(.down) : -1
                    })
            )
        }
        let data = BinnedData(
            Samples.data(columns, labels: (0..<Self.rows).map { $0 % 2 == 0 }), maximumBins: 255)
        var generator = RandomGenerator(seed: 6)
        let sample = sampler(data, inputs: Array(0..<20)).sample(using: &generator)
        #expect(sample.rows.count < Self.count * 3 / 2 + 150)
        #expect(sample.rows.count > Self.count)
    }

    @Test("any number of threads finds the same rows")
    func anyNumberOfThreadsFindsTheSameRows() {
        let samples = [1, 2, 8].map { threads in
            var generator = RandomGenerator(seed: 7)
            return sampler(binned(threads: threads), threads: threads).sample(using: &generator)
        }
        #expect(samples[1].rows == samples[0].rows && samples[2].rows == samples[0].rows)
        #expect(samples[1].factors == samples[0].factors && samples[2].factors == samples[0].factors)
    }
}
