import Foundation
import LimpetEvaluation
import Testing

@Suite struct ProbabilityLossTests {
    @Test("losses are those of scikit-learn")
    func lossesAreThoseOfScikitLearn() throws {
        let sample = MetricsSample()
        let logLoss = try #require(
            ProbabilityLoss.logLoss(probabilities: sample.probabilities, labels: sample.labels))
        let brier = try #require(
            ProbabilityLoss.brier(probabilities: sample.probabilities, labels: sample.labels))
        #expect(abs(logLoss - MetricsSample.Peers.logLoss) < 1e-14)
        #expect(abs(brier - MetricsSample.Peers.brier) < 1e-14)
    }

    @Test("losses are the plain means", arguments: [1, 2, 50, 333])
    func lossesAreThePlainMeans(rows: Int) throws {
        let sample = RandomScores(rows: rows, seed: UInt64(rows), steps: 1e6)
        let probabilities = sample.scores.map { 0.001 + 0.998 * $0 }
        let rows = zip(probabilities, sample.labels)
        let count = Double(sample.labels.count)
        let logLoss = rows.reduce(0.0) { $0 - log($1.1 ? $1.0 : 1 - $1.0) } / count
        let brier = rows.reduce(0.0) { $0 + pow($1.0 - ($1.1 ? 1 : 0), 2) } / count
        let ours = try #require(ProbabilityLoss.logLoss(probabilities: probabilities, labels: sample.labels))
        let oursBrier = try #require(
            ProbabilityLoss.brier(probabilities: probabilities, labels: sample.labels))
        #expect(abs(ours - logLoss) < 1e-13)
        #expect(abs(oursBrier - brier) < 1e-14)
    }

    @Test("a certain error costs much but not everything")
    func aCertainErrorCostsMuchButNotEverything() throws {
        let wrong = try #require(ProbabilityLoss.logLoss(probabilities: [0, 1], labels: [true, false]))
        #expect(wrong.isFinite && wrong > 30)
        #expect(ProbabilityLoss.logLoss(probabilities: [1, 0], labels: [true, false]) == 0)
        #expect(ProbabilityLoss.brier(probabilities: [0, 1], labels: [true, false]) == 1)
    }

    @Test("the base loss is that of the best constant", arguments: [1, 25, 50, 99])
    func theBaseLossIsThatOfTheBestConstant(positives: Int) throws {
        let labels = (0..<100).map { $0 < positives }
        let share = Double(positives) / 100
        let base = try #require(ProbabilityLoss.baseLogLoss(labels: labels))
        for (constant, isBest) in [(share, true), (share * 0.98, false), (min(0.999, share * 1.009), false)] {
            let loss = try #require(
                ProbabilityLoss.logLoss(probabilities: labels.map { _ in constant }, labels: labels))
            if isBest { #expect(abs(loss - base) < 1e-14) } else { #expect(loss > base) }
        }
    }

    @Test("one class is no surprise")
    func oneClassIsNoSurprise() {
        #expect(ProbabilityLoss.baseLogLoss(labels: [true, true]) == 0)
        #expect(ProbabilityLoss.baseLogLoss(labels: [false]) == 0)
    }

    @Test("without rows there is no loss")
    func withoutRowsThereIsNoLoss() {
        #expect(ProbabilityLoss.logLoss(probabilities: [], labels: []) == nil)
        #expect(ProbabilityLoss.baseLogLoss(labels: []) == nil)
        #expect(ProbabilityLoss.brier(probabilities: [], labels: []) == nil)
    }

    @Test("the skill is that of scikit-learn")
    func theSkillIsThatOfScikitLearn() throws {
        let sample = MetricsSample()
        let skill = try #require(
            ProbabilityLoss.logLossSkill(probabilities: sample.probabilities, labels: sample.labels))
        #expect(abs(skill - MetricsSample.Peers.logLossSkill) < 1e-13)
    }

    @Test("the base rate has no skill and certainty all")
    func theBaseRateHasNoSkillAndCertaintyAll() throws {
        let labels = [true, false, false, false]
        let base = try #require(
            ProbabilityLoss.logLossSkill(probabilities: [0.25, 0.25, 0.25, 0.25], labels: labels))
        #expect(abs(base) < 1e-15)
        #expect(ProbabilityLoss.logLossSkill(probabilities: [1, 0, 0, 0], labels: labels) == 1)
        let wrong = try #require(
            ProbabilityLoss.logLossSkill(probabilities: [0.1, 0.9, 0.9, 0.9], labels: labels))
        #expect(wrong < 0)
        #expect(ProbabilityLoss.logLossSkill(probabilities: [0.5], labels: [true]) == nil)
    }

    @Test("what is no number has no loss")
    func whatIsNoNumberHasNoLoss() {
        #expect(ProbabilityLoss.logLoss(probabilities: [0.5, .nan], labels: [true, false]) == nil)
        #expect(ProbabilityLoss.logLoss(probabilities: [.nan, 0.5], labels: [true, false]) == nil)
        #expect(ProbabilityLoss.brier(probabilities: [.nan], labels: [true]) == nil)
        #expect(ProbabilityLoss.brier(probabilities: [0.1, 0.2], labels: [true]) == nil)
    }
}
