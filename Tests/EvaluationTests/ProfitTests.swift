import Foundation
import LimpetEvaluation
import LimpetTestSupport
import Testing

@Suite struct ProfitTests {
    @Test("the error of a difference in profit is that of drawing users, at the thresholds that are best")
    func errorOfDifference() throws {
        var uniforms = Uniforms(seed: 71)
        let users = (0..<1_200).map { Int32($0 / 4) }
        let taste = (0..<300).map { _ in uniforms.normal() }
        let labels = users.map { uniforms.next() < 1 / (1 + exp(2 - taste[Int($0)])) }
        func outcomes(noise: Double) -> Outcomes {
            let logOdds = users.map { taste[Int($0)] - 2 + noise * uniforms.normal() }
            return Outcomes(
                logOdds: logOdds, probabilities: logOdds.map { 1 / (1 + exp(-$0)) }, labels: labels,
                users: users)
        }
        let (first, second) = (outcomes(noise: 0.2), outcomes(noise: 1.5))
        let profit = Profit(value: 100, successProbability: 0.4, offerCost: 10, contactCost: 2)
        let error = try #require(profit.standardErrorOfDifference(first, second))
        // The reference implementation draws users and adds up what each model brings.
        let thresholds = try [first, second].map { try #require(profit.best($0)).threshold }
        let brought = labels.indices.map { row -> Double in
            let gain = labels[row] ? 0.4 * 90 - 2 : -12.0
            return (first.probabilities[row] >= thresholds[0] ? gain : 0)
                - (second.probabilities[row] >= thresholds[1] ? gain : 0)
        }
        let draws = (0..<4_000).map { _ -> Double in
            (0..<300).reduce(0.0) { sum, _ in
                let user = Int(uniforms.next() * 300)
                return sum + brought[4 * user..<4 * user + 4].reduce(0, +)
            } / 1_200
        }
        let mean = draws.reduce(0, +) / 4_000
        let deviation = (draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3_999).squareRoot()
        #expect(abs(error / deviation - 1) < 0.06, "\(error) \(deviation)")
        #expect(profit.standardErrorOfDifference(first, first) == 0)
        let one = first.filtered { users[$0] == 0 }
        #expect(profit.standardErrorOfDifference(one, one) == nil)
    }

    private let profit = Profit(value: 100, successProbability: 0.5, offerCost: 10, contactCost: 2)

    /// Rows with ties, and a value of each user's own.
    private func outcomes(rows: Int, seed: UInt64) -> Outcomes {
        let sample = RandomScores(rows: rows, seed: seed, steps: 15)
        var uniforms = Uniforms(seed: seed + 50)
        return Outcomes(
            logOdds: sample.scores, probabilities: sample.scores, labels: sample.labels,
            users: sample.labels.indices.map { Int32($0) },
            weights: sample.labels.map { _ in (uniforms.next() * 3).rounded(.down) + 1 },
            values: sample.labels.map { _ in (uniforms.next() * 200).rounded() })
    }

    @Test("contacting a row brings what the formula says")
    func contactingARowBringsWhatTheFormulaSays() throws {
        let outcomes = Outcomes(
            logOdds: [2, 1, 0], probabilities: [0.8, 0.5, 0.2], labels: [true, false, true], users: [0, 1, 2])
        let all = try #require(profit.result(outcomes, threshold: 0))
        #expect(all.total == 74.0)
        #expect(all.fraction == 1)
        let some = try #require(profit.result(outcomes, threshold: 0.5))
        #expect(some.total == 31.0)
        #expect(abs(some.mean - 31.0 / 3) < 1e-14)
        #expect(abs(some.fraction - 2.0 / 3) < 1e-15)
        var owned = outcomes
        owned.values = [1_000, 5, 14]
        #expect(profit.result(owned, threshold: 0)?.total == 481.0)
        #expect(profit.result(owned, threshold: .infinity)?.total == 0)
    }

    @Test("the best threshold is the best of all", arguments: 1...8)
    func theBestThresholdIsTheBestOfAll(seed: Int) throws {
        let outcomes = outcomes(rows: 120, seed: UInt64(seed))
        let best = try #require(profit.best(outcomes))
        let all = (Set(outcomes.probabilities).sorted() + [.infinity]).compactMap {
            profit.result(outcomes, threshold: $0)
        }
        let most = try #require(all.map(\.total).max())
        #expect(abs(best.total - most) < 1e-9)
        // The same when it is applied, so no tie was split.
        let applied = try #require(profit.result(outcomes, threshold: best.threshold))
        #expect(abs(applied.total - best.total) < 1e-9)
        #expect(abs(applied.fraction - best.fraction) < 1e-12)
        #expect(abs(applied.mean - best.mean) < 1e-12)
    }

    @Test("a threshold is chosen on one set and applied to another")
    func aThresholdIsChosenOnOneSetAndAppliedToAnother() throws {
        let (earlier, later) = (outcomes(rows: 400, seed: 11), outcomes(rows: 400, seed: 12))
        let chosen = try #require(profit.best(earlier))
        let applied = try #require(profit.result(later, threshold: chosen.threshold))
        let hindsight = try #require(profit.best(later))
        #expect(applied.total <= hindsight.total + 1e-9)
        #expect(applied.total != chosen.total)
    }

    @Test("where nobody is worth it nobody is contacted")
    func whereNobodyIsWorthItNobodyIsContacted() throws {
        let dear = Profit(value: 100, successProbability: 0.5, offerCost: 99, contactCost: 2)
        let best = try #require(dear.best(outcomes(rows: 50, seed: 4)))
        #expect(best.threshold == .infinity)
        #expect(best.total == 0)
        #expect(best.fraction == 0)
    }

    @Test("equal scores are contacted together")
    func equalScoresAreContactedTogether() throws {
        let outcomes = Outcomes(
            logOdds: [1, 1, 1], probabilities: [0.4, 0.4, 0.4], labels: [true, false, false],
            users: [0, 1, 2])
        let best = try #require(profit.best(outcomes))
        #expect(best.threshold == 0.4)
        #expect(best.total == 19.0)
        #expect(best.fraction == 1)
    }

    @Test("of equal profits the fewest are contacted")
    func ofEqualProfitsTheFewestAreContacted() throws {
        // The second group brings nothing: its churner pays for three others and a little contact.
        let even = Profit(value: 46, successProbability: 1, offerCost: 10, contactCost: 2)
        let outcomes = Outcomes(
            logOdds: [2, 1, 1, 1, 1], probabilities: [0.9, 0.3, 0.3, 0.3, 0.3],
            labels: [true, true, false, false, false], users: [0, 1, 2, 3, 4])
        let all = try #require(even.result(outcomes, threshold: 0))
        var cheap = even
        cheap.value = 48
        #expect(all.total == 32.0)
        let best = try #require(cheap.best(outcomes))
        #expect(best.threshold == 0.9)
        #expect(best.total == 36)
        #expect(cheap.result(outcomes, threshold: 0.3)?.total == 36)
    }

    @Test("what is not defined is nil")
    func whatIsNotDefinedIsNil() {
        #expect(profit.best(Outcomes()) == nil)
        #expect(profit.result(Outcomes(), threshold: 0.5) == nil)
        let strange = Outcomes(
            logOdds: [0, 0], probabilities: [.nan, 0.5], labels: [true, false], users: [0, 1])
        #expect(profit.best(strange) == nil)
        #expect(profit.result(strange, threshold: 0.1) == nil)
        let fine = Outcomes(logOdds: [0], probabilities: [0.5], labels: [true], users: [0])
        #expect(profit.result(fine, threshold: .nan) == nil)
        var priceless = fine
        priceless.values = [.infinity]
        #expect(profit.best(priceless) == nil)
        #expect(profit.result(priceless, threshold: 0) == nil)
    }
}
