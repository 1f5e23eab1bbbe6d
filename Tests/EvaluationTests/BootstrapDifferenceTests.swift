import LimpetNumerics
import LimpetEvaluation
import LimpetScoring
import LimpetTestSupport
import Testing

@Suite struct BootstrapDifferenceTests {
    /// The same rows, scored by a model that knows a little less.
    private func pair() -> (good: Outcomes, worse: Outcomes) {
        let good = clusteredOutcomes(users: 300, rowsPerUser: 3, seed: 31)
        var worse = good
        var uniforms = Uniforms(seed: 13)
        for row in worse.labels.indices {
            worse.logOdds[row] += 0.6 * uniforms.normal()
            worse.probabilities[row] = ElementaryFunctions.logistic(worse.logOdds[row])
        }
        return (good, worse)
    }

    @Test("a difference is paired")
    func aDifferenceIsPaired() async throws {
        let (good, worse) = pair()
        let bootstrap = Bootstrap(replicates: 60, metrics: [.auc, .logLoss])
        let differences = try await bootstrap.differences(good, worse)
        let (ones, others) = (try await bootstrap.values(good), try await bootstrap.values(worse))
        for metric in bootstrap.metrics {
            let pairs = zip(ones, others).compactMap { one, other in
                one[metric].flatMap { value in other[metric].map { value - $0 } }
            }
            let difference = try #require(differences[metric])
            let expected = try #require(Interval(percentilesOf: pairs, level: 0.95))
            #expect(difference.interval == expected)
            let (one, other) = (EvaluationReport(good)[metric], EvaluationReport(worse)[metric])
            #expect(difference.value == (try #require(one)) - (try #require(other)))
        }
    }

    @Test("pairing narrows the interval")
    func pairingNarrowsTheInterval() async throws {
        let (good, worse) = pair()
        let bootstrap = Bootstrap(replicates: 200, metrics: [.auc])
        let difference = try #require(try await bootstrap.differences(good, worse)[.auc])
        let one = try #require(try await bootstrap.intervals(good)[.auc])
        let other = try #require(try await bootstrap.intervals(worse)[.auc])
        #expect(difference.value > 0)
        #expect(difference.interval.lower > 0)
        let width = difference.interval.upper - difference.interval.lower
        #expect(width < 0.6 * (one.upper - one.lower + other.upper - other.lower))
    }

    @Test("a model does not differ from itself")
    func aModelDoesNotDifferFromItself() async throws {
        let (good, _) = pair()
        let differences = try await Bootstrap(replicates: 20).differences(good, good)
        #expect(differences.count >= 15)
        for difference in differences.values {
            #expect(difference.value == 0)
            #expect(difference.interval == Interval(lower: 0, upper: 0))
        }
    }

    @Test("other rows cannot be compared")
    func otherRowsCannotBeCompared() async {
        let (good, worse) = pair()
        let fewer = worse.filtered { $0 != 5 }
        await #expect(throws: BootstrapError.differentCounts(first: 900, second: 899)) {
            try await Bootstrap(replicates: 5).differences(good, fewer)
        }
        var relabelled = worse
        relabelled.labels[17].toggle()
        await #expect(throws: BootstrapError.differentRow(17)) {
            try await Bootstrap(replicates: 5).differences(good, relabelled)
        }
        var reweighted = worse
        reweighted.weights = reweighted.labels.indices.map { $0 == 3 ? 2 : 1 }
        await #expect(throws: BootstrapError.differentRow(3)) {
            try await Bootstrap(replicates: 5).differences(good, reweighted)
        }
    }

    @Test("what cannot be drawn has no interval")
    func whatCannotBeDrawnHasNoInterval() async throws {
        let bootstrap = Bootstrap(replicates: 10)
        #expect(try await bootstrap.intervals(Outcomes()).isEmpty)
        // One user: every replicate is the same rows.
        var single = pair().good.filtered { $0 < 30 }
        single.users = single.labels.map { _ in 4 }
        #expect(try await bootstrap.intervals(single).isEmpty)
        #expect(try await Bootstrap(replicates: 0).intervals(pair().good).isEmpty)
        #expect(try await Bootstrap(replicates: 10, level: 1).intervals(pair().good).isEmpty)
        var bad = pair().good
        bad.weights = bad.labels.map { _ in -1 }
        #expect(try await bootstrap.intervals(bad).isEmpty)
    }

    @Test("what many replicates do not define has no interval")
    func whatManyReplicatesDoNotDefineHasNoInterval() async throws {
        // One positive user of ten is missing from a third of the replicates.
        let outcomes = Outcomes(
            logOdds: (0..<10).map { Double($0) }, probabilities: (0..<10).map { Double($0) / 10 + 0.05 },
            labels: (0..<10).map { $0 == 8 }, users: (0..<10).map { Int32($0) })
        let intervals = try await Bootstrap(replicates: 200).intervals(outcomes)
        #expect(EvaluationReport(outcomes).auc != nil)
        #expect(intervals[.auc] == nil)
        #expect(intervals[.logLoss] != nil)
    }

    @Test("scores that are no numbers have losses but no rank")
    func scoresThatAreNoNumbersHaveLossesButNoRank() async throws {
        var outcomes = pair().good
        outcomes.logOdds[4] = .nan
        let intervals = try await Bootstrap(replicates: 20).intervals(outcomes)
        #expect(intervals[.auc] == nil)
        #expect(intervals[.logLoss] != nil)
        #expect(intervals[.calibrationSlope] != nil)
        outcomes.probabilities[4] = .nan
        #expect(try await Bootstrap(replicates: 20).intervals(outcomes)[.logLoss] == nil)
    }
}
