import LimpetDocuments
import LimpetEvaluation
import LimpetScoring
import LimpetTestSupport
import Testing

@Suite struct ContactReportTests {
    private let profit = Profit(value: 100, successProbability: 0.5, offerCost: 10, contactCost: 2)

    /// Users of three rows each, with weights and values.
    private func outcomes(users: Int, seed: UInt64) -> Outcomes {
        let sample = RandomScores(rows: 3 * users, seed: seed, steps: 15)
        var uniforms = Uniforms(seed: seed + 50)
        return Outcomes(
            logOdds: sample.scores, probabilities: sample.scores, labels: sample.labels,
            users: sample.labels.indices.map { Int32($0 / 3) },
            weights: sample.labels.map { _ in (uniforms.next() * 3).rounded(.down) },
            values: sample.labels.map { _ in (uniforms.next() * 200).rounded() })
    }

    @Test("one threshold for all is the profit at that threshold")
    func oneThreshold() throws {
        let outcomes = outcomes(users: 60, seed: 1)
        let threshold = outcomes.probabilities.sorted()[90]
        let result = try #require(profit.result(outcomes, threshold: threshold))
        let all = try #require(profit.result(outcomes, threshold: -.infinity))
        let report = try #require(
            ContactReport(
                outcomes, isContacted: outcomes.probabilities.map { $0 >= threshold }, profit: profit,
                bootstrap: nil))
        #expect(abs(report.mean.value - result.mean) < 1e-12)
        #expect(abs(report.fraction.value - result.fraction) < 1e-12)
        #expect(abs(report.everybody.value - all.mean) < 1e-12)
        let perContact = try #require(report.perContact?.value)
        #expect(abs(perContact - result.mean / result.fraction) < 1e-12)
        #expect(report.mean.interval == nil)
    }

    @Test("the interval of the mean is that of the metric on the same draws")
    func intervals() async throws {
        let outcomes = outcomes(users: 60, seed: 2)
        var settings = MetricSettings()
        settings.profit = profit
        settings.threshold = outcomes.probabilities.sorted()[90]
        let bootstrap = Bootstrap(replicates: 100, seed: 3)
        let report = try #require(
            ContactReport(
                outcomes, isContacted: outcomes.probabilities.map { $0 >= settings.threshold ?? 0 },
                profit: profit, bootstrap: bootstrap))
        let expected = try #require(try await bootstrap.intervals(outcomes, settings: settings)[.profit])
        let interval = try #require(report.mean.interval)
        #expect(abs(interval.lower - expected.lower) < 1e-9)
        #expect(abs(interval.upper - expected.upper) < 1e-9)
        #expect(report.perContact?.interval != nil && report.everybody.interval != nil)
    }

    @Test("contacting nobody brings nothing")
    func contactingNobodyBringsNothing() throws {
        let outcomes = outcomes(users: 20, seed: 3)
        let report = try #require(
            ContactReport(
                outcomes, isContacted: outcomes.labels.map { _ in false }, profit: profit,
                bootstrap: Bootstrap(replicates: 20)))
        #expect(report.mean.value == 0 && report.fraction.value == 0 && report.perContact == nil)
        #expect(report.document["profitPerContact"] == .null)
        #expect(report.document["profitOfNobody"] == .number(0))
        #expect(
            ContactReport(Outcomes(), isContacted: [], profit: profit, bootstrap: nil) == nil)
    }

    @Test("a threshold that nobody reaches is null in JSON, and said in words")
    func nobody() {
        let outcomes = Outcomes(
            logOdds: [-1, 1], probabilities: [0.3, 0.7], labels: [false, false], users: [0, 1])
        let result = profit.best(outcomes)
        #expect(result?.threshold == .infinity)
        #expect(result?.document["threshold"] == .null)
        #expect(result?.document["contact"] == .string("nobody"))
        let some = profit.result(outcomes, threshold: 0.5)
        #expect(some?.document["contact"] == nil && some?.document["threshold"] == .number(0.5))
    }
}
