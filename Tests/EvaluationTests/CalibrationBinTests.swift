import LimpetEvaluation
import LimpetTestSupport
import Testing

@Suite struct CalibrationBinTests {
    private typealias Peers = MetricsSample.Peers

    @Test("errors are those of explicit repetition")
    func errorsAreThoseOfExplicitRepetition() throws {
        let sample = MetricsSample()
        let error = try #require(
            CalibrationError(probabilities: sample.probabilities, labels: sample.labels))
        #expect(abs(error.expected - Peers.calibrationError) < 1e-13)
        #expect(abs(error.maximum - Peers.maximumCalibrationError) < 1e-13)
    }

    @Test("parts are those of explicit repetition")
    func partsAreThoseOfExplicitRepetition() throws {
        let sample = MetricsSample()
        let parts = try #require(
            BrierDecomposition(probabilities: sample.probabilities, labels: sample.labels))
        #expect(abs(parts.reliability - Peers.reliability) < 1e-14)
        #expect(abs(parts.resolution - Peers.resolution) < 1e-14)
        #expect(abs(parts.uncertainty - Peers.uncertainty) < 1e-14)
        #expect(abs(parts.withinBinVariance - Peers.withinBinVariance) < 1e-14)
        #expect(abs(parts.withinBinCovariance - Peers.withinBinCovariance) < 1e-14)
    }

    @Test("parts add up to the score", arguments: [1, 2, 9, 10, 11, 137, 1_000], [1, 3, 10, 50])
    func partsAddUpToTheScore(rows: Int, bins: Int) throws {
        let sample = RandomScores(rows: rows, seed: UInt64(rows + bins), steps: rows % 2 == 0 ? 7 : 1e6)
        let parts = try #require(
            BrierDecomposition(probabilities: sample.scores, labels: sample.labels, bins: bins))
        let brier = try #require(
            ProbabilityLoss.brier(probabilities: sample.scores, labels: sample.labels))
        #expect(abs(parts.brier - brier) < 1e-13)
        #expect(parts.reliability >= 0 && parts.resolution >= 0 && parts.withinBinVariance > -1e-14)
        #expect(parts.resolution <= parts.uncertainty + 1e-14)
    }

    @Test("equal probabilities have nothing within their bins")
    func equalProbabilitiesHaveNothingWithinTheirBins() throws {
        // Ten values with ten rows each: every bin holds one of them.
        let probabilities = (0..<100).map { Double($0 / 10) / 10 + 0.05 }
        let labels = (0..<100).map { $0 * $0 % 7 < 3 }
        let parts = try #require(BrierDecomposition(probabilities: probabilities, labels: labels))
        #expect(abs(parts.withinBinVariance) < 1e-15)
        #expect(abs(parts.withinBinCovariance) < 1e-15)
        #expect(abs(parts.generalisedResolution - parts.resolution) < 1e-15)
    }

    @Test("a constant passes the error and nothing else")
    func aConstantPassesTheErrorAndNothingElse() throws {
        let labels = (0..<1_000).map { $0 % 5 == 0 }
        let constant = labels.map { _ in 0.2 }
        let error = try #require(CalibrationError(probabilities: constant, labels: labels))
        #expect(error.expected < 1e-12 && error.maximum < 1e-12)
        let parts = try #require(BrierDecomposition(probabilities: constant, labels: labels))
        #expect(abs(parts.generalisedResolution) < 1e-15)
        let skill = try #require(ProbabilityLoss.logLossSkill(probabilities: constant, labels: labels))
        #expect(abs(skill) < 1e-12)
        #expect(Calibration.line(logOdds: constant, labels: labels) == nil)
    }

    @Test("the order of rows does not matter", arguments: [3, 20, 101])
    func theOrderOfRowsDoesNotMatter(rows: Int) throws {
        let sample = RandomScores(rows: rows, seed: 5, steps: 6)
        let reversed = (Array(sample.scores.reversed()), Array(sample.labels.reversed()))
        let one = try #require(CalibrationError(probabilities: sample.scores, labels: sample.labels))
        let other = try #require(CalibrationError(probabilities: reversed.0, labels: reversed.1))
        #expect(abs(one.expected - other.expected) < 1e-14)
        #expect(abs(one.maximum - other.maximum) < 1e-14)
    }

    @Test("what cannot be binned has no error")
    func whatCannotBeBinnedHasNoError() {
        #expect(CalibrationError(probabilities: [], labels: []) == nil)
        #expect(CalibrationError(probabilities: [0.1, .nan], labels: [true, false]) == nil)
        #expect(CalibrationError(probabilities: [0.1], labels: [true], bins: 0) == nil)
        #expect(CalibrationError(probabilities: [0.1], labels: [true, false]) == nil)
        #expect(BrierDecomposition(probabilities: [], labels: []) == nil)
        #expect(BrierDecomposition(probabilities: [.nan], labels: [true]) == nil)
    }

    @Test("deciles are known in a simple case")
    func decilesAreKnownInASimpleCase() throws {
        let labels = (0..<20).map { $0 >= 17 || $0 == 3 }
        let outcomes = Outcomes(
            logOdds: (0..<20).map { Double($0) }, probabilities: (0..<20).map { Double($0) / 20 },
            labels: labels, users: labels.map { _ in 0 })
        let deciles = try #require(Decile.list(outcomes))
        #expect(deciles.map(\.rate) == [1, 0.5, 0, 0, 0, 0, 0, 0, 0.5, 0])
        #expect(deciles.map(\.gain) == [0.5, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 0.75, 1, 1])
        #expect(deciles[0].lift == 5)
        #expect(deciles[9].lift == 1)
        #expect(abs(deciles[0].meanProbability - 0.925) < 1e-15)
        for (index, decile) in deciles.enumerated() {
            #expect(decile.share == Double(index + 1) / 10)
        }
    }

    @Test("the first lift is that of the top tenth")
    func theFirstLiftIsThatOfTheTopTenth() throws {
        let outcomes = MetricsSample().outcomes()
        let deciles = try #require(Decile.list(outcomes))
        for (place, share) in [(0, 0.1), (4, 0.5), (9, 1)] {
            let lift = try #require(
                Ranking.lift(scores: outcomes.logOdds, labels: outcomes.labels, share: share))
            #expect(abs(deciles[place].lift - lift) < 1e-12)
        }
    }

    @Test("without a label of one there are no deciles")
    func withoutALabelOfOneThereAreNoDeciles() {
        #expect(Decile.list(Outcomes()) == nil)
        #expect(
            Decile.list(Outcomes(logOdds: [1], probabilities: [0.5], labels: [false], users: [0])) == nil)
        #expect(
            Decile.list(Outcomes(logOdds: [1], probabilities: [.nan], labels: [true], users: [0])) == nil)
    }
}
