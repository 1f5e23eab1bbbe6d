import LimpetEvaluation
import LimpetTestSupport
import Testing

@Suite struct WeightTests {
    private typealias Peers = MetricsSample.WeightedPeers

    private func expectNear(
        _ value: Double?, _ expected: Double, within tolerance: Double = 1e-12,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let isNear = value.map { abs($0 - expected) <= tolerance } ?? false
        #expect(isNear, "\(String(describing: value)) is not \(expected)", sourceLocation: location)
    }

    @Test("weighted metrics are those of their peers")
    func weightedMetricsAreThoseOfTheirPeers() {
        let sample = MetricsSample()
        let (z, p, y) = (sample.logOdds, sample.probabilities, sample.labels)
        let weights = sample.outcomes(weighted: true).weights
        expectNear(Ranking.auc(scores: z, labels: y, weights: weights), Peers.auc)
        expectNear(Ranking.averagePrecision(scores: z, labels: y, weights: weights), Peers.prAuc)
        expectNear(ProbabilityLoss.logLoss(probabilities: p, labels: y, weights: weights), Peers.logLoss)
        expectNear(ProbabilityLoss.brier(probabilities: p, labels: y, weights: weights), Peers.brier)
        expectNear(
            Calibration.observedToExpected(probabilities: p, labels: y, weights: weights),
            Peers.observedToExpected)
        expectNear(Calibration.line(logOdds: z, labels: y, weights: weights)?.slope, Peers.calibrationSlope)
        expectNear(
            Calibration.intercept(logOdds: z, labels: y, weights: weights), Peers.calibrationInTheLarge)
        expectNear(
            CalibrationError(probabilities: p, labels: y, weights: weights)?.expected, Peers.calibrationError)
        let profit = ExpectedMaximumProfit(scores: z, labels: y, weights: weights)
        expectNear(profit?.profit, Peers.empc, within: 1e-11)
        expectNear(profit?.fraction, Peers.empcFraction)
    }

    @Test("a weight of two is the row twice", arguments: 1...6)
    func aWeightOfTwoIsTheRowTwice(seed: Int) throws {
        var outcomes = clusteredOutcomes(users: 60, rowsPerUser: 3, seed: UInt64(seed))
        var uniforms = Uniforms(seed: UInt64(100 + seed))
        // Coarse scores are tied; odd seeds have probabilities in another order than log-odds.
        for row in outcomes.labels.indices {
            outcomes.logOdds[row] = (outcomes.logOdds[row] * 4).rounded() / 4
            if seed % 2 == 1 { outcomes.probabilities[row] = 0.01 + 0.98 * uniforms.next() }
        }
        outcomes.weights = outcomes.labels.indices.map { _ in (uniforms.next() * 4).rounded(.down) }
        var settings = MetricSettings()
        settings.threshold = 0.3
        let weighted = EvaluationReport(outcomes, settings: settings)
        let repeated = EvaluationReport(outcomes.repeated(), settings: settings)
        #expect(weighted.values.count == ReportMetric.allCases.count)
        for metric in ReportMetric.allCases {
            let expected = try #require(repeated[metric])
            expectNear(weighted[metric], expected, within: 1e-10 * max(1, abs(expected)))
        }
        #expect(weighted.baseRate == repeated.baseRate)
        let (deciles, others) = (Decile.list(outcomes), Decile.list(outcomes.repeated()))
        for (one, other) in zip(try #require(deciles), try #require(others)) {
            expectNear(one.gain, other.gain)
            expectNear(one.rate, other.rate)
            expectNear(one.meanProbability, other.meanProbability)
        }
        #expect(deciles?.count == 10)
        let (best, again) = (
            Profit().best(outcomes), Profit().best(outcomes.repeated())
        )
        #expect(best?.threshold == again?.threshold)
        expectNear(best?.total, try #require(again?.total), within: 1e-8)
    }

    @Test("rows of weight zero do not exist")
    func rowsOfWeightZeroDoNotExist() {
        var outcomes = MetricsSample().outcomes()
        let without = EvaluationReport(outcomes)
        outcomes.append(
            Outcomes(
                logOdds: [.nan, 99], probabilities: [.nan, 0.2], labels: [true, false], users: [0, 9_999]))
        outcomes.weights = outcomes.labels.indices.map { $0 < 200 ? 1 : 0 }
        #expect(EvaluationReport(outcomes).values == without.values)
    }

    @Test("nothing is defined without weight")
    func nothingIsDefinedWithoutWeight() {
        var outcomes = MetricsSample().outcomes()
        outcomes.weights = outcomes.labels.map { _ in 0 }
        let report = EvaluationReport(outcomes)
        #expect(report.values.isEmpty)
        #expect(report.baseRate == nil)
        #expect(Decile.list(outcomes) == nil)
        #expect(Profit().best(outcomes) == nil)
        #expect(Profit().result(outcomes, threshold: 0) == nil)
    }

    @Test("bad weights define nothing", arguments: [-1, .nan, .infinity])
    func badWeightsDefineNothing(weight: Double) {
        var outcomes = MetricsSample().outcomes(weighted: true)
        outcomes.weights?[7] = weight
        #expect(EvaluationReport(outcomes).values.isEmpty)
        #expect(
            ProbabilityLoss.brier(
                probabilities: outcomes.probabilities, labels: outcomes.labels, weights: outcomes.weights)
                == nil)
        #expect(
            Calibration.line(logOdds: outcomes.logOdds, labels: outcomes.labels, weights: outcomes.weights)
                == nil)
        #expect(Profit().result(outcomes, threshold: 0.5) == nil)
    }

    @Test("weights and values go with their rows")
    func weightsAndValuesGoWithTheirRows() {
        var outcomes = MetricsSample().outcomes(weighted: true)
        outcomes.values = outcomes.labels.indices.map { Double($0) }
        let kept = outcomes.filtered { $0 % 50 == 3 }
        #expect(kept.weights == [3, 1, 3, 1])
        #expect(kept.values == [3, 53, 103, 153])
        var all = kept
        all.append(outcomes.filtered { $0 == 2 })
        #expect(all.weights == [3, 1, 3, 1, 2])
        #expect(all.values == [3, 53, 103, 153, 2])
        all.append(MetricsSample().outcomes().filtered { $0 == 0 })
        #expect(all.weights == [3, 1, 3, 1, 2, 1])
        #expect(all.values == nil)
        var empty = Outcomes()
        empty.append(kept)
        #expect(empty.weights == kept.weights)
        #expect(empty.values == kept.values)
    }
}
