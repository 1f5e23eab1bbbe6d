import LimpetNumerics
import LimpetEvaluation
import Testing

@Suite struct ExpectedMaximumProfitTests {
    private typealias Parameters = ExpectedMaximumProfit.Parameters

    /// The best of all thresholds at each of many acceptance probabilities, in the middle of cells that hold
    /// the same probability mass.
    private func integrated(
        _ scores: [Double], _ labels: [Bool], _ parameters: Parameters
    ) -> Double {
        let count = Double(labels.count)
        let cuts = [Double.infinity] + Set(scores).sorted(by: >)
        let shares = cuts.map { cut in
            let taken = scores.indices.filter { scores[$0] >= cut }
            let churners = taken.count { labels[$0] }
            return (Double(churners) / count, Double(taken.count - churners) / count)
        }
        var (sum, mass) = (0.0, 0.0)
        let cells = 4_000
        for cell in 0..<cells {
            let gamma = (Double(cell) + 0.5) / Double(cells)
            let density =
                BetaDistribution.cumulative(
                    Double(cell + 1) / Double(cells), alpha: parameters.alpha, beta: parameters.beta)
                - BetaDistribution.cumulative(
                    Double(cell) / Double(cells), alpha: parameters.alpha, beta: parameters.beta)
            let best = shares.map { churners, others in
                (gamma * (parameters.value - parameters.incentiveCost) - parameters.contactCost) * churners
                    - (parameters.incentiveCost + parameters.contactCost) * others
            }.max()
            sum += density * (best ?? 0)
            mass += density
        }
        return sum / mass
    }

    @Test("the profit is that of Empulse")
    func theProfitIsThatOfEmpulse() throws {
        let sample = MetricsSample()
        let profit = try #require(ExpectedMaximumProfit(scores: sample.logOdds, labels: sample.labels))
        #expect(abs(profit.profit - MetricsSample.Peers.empc) < 1e-11)
        #expect(abs(profit.fraction - MetricsSample.Peers.empcFraction) < 1e-12)
    }

    @Test("other costs are those of Empulse too")
    func otherCostsAreThoseOfEmpulseToo() throws {
        let sample = MetricsSample()
        let parameters = Parameters(
            alpha: 2.5, beta: 4, value: 120, incentiveCost: 17, contactCost: 3.5)
        let profit = try #require(
            ExpectedMaximumProfit(scores: sample.logOdds, labels: sample.labels, parameters: parameters))
        #expect(abs(profit.profit - MetricsSample.Peers.otherEmpc) < 1e-11)
        #expect(abs(profit.fraction - MetricsSample.Peers.otherEmpcFraction) < 1e-12)
    }

    @Test(
        "the hull finds the best threshold for each acceptance", arguments: [2, 7, 40, 150], [0.1, 0.5, 3])
    func theHullFindsTheBestThresholdForEachAcceptance(rows: Int, scale: Double) throws {
        for seed in 1...3 {
            var sample = RandomScores(rows: rows, seed: UInt64(seed), steps: 12)
            (sample.labels[0], sample.labels[1]) = (true, false)
            let parameters = Parameters(
                alpha: 6 * scale, beta: 14 * scale, value: 60, incentiveCost: 10 * scale, contactCost: 1)
            let profit = try #require(
                ExpectedMaximumProfit(
                    scores: sample.scores, labels: sample.labels, parameters: parameters))
            let reference = integrated(sample.scores, sample.labels, parameters)
            #expect(abs(profit.profit - reference) < 2e-3 * max(1, reference))
            #expect(profit.profit >= 0 && profit.fraction >= 0 && profit.fraction <= 1)
        }
    }

    @Test("a better order brings more")
    func aBetterOrderBringsMore() throws {
        let labels = (0..<200).map { $0 % 10 == 0 }
        let perfect = labels.map { $0 ? 1.0 : 0 }
        let best = try #require(ExpectedMaximumProfit(scores: perfect, labels: labels))
        let tied = try #require(ExpectedMaximumProfit(scores: labels.map { _ in 0 }, labels: labels))
        let worst = try #require(ExpectedMaximumProfit(scores: perfect.map { -$0 }, labels: labels))
        #expect(best.profit > tied.profit && tied.profit >= worst.profit)
        // With all churners first, each is worth 0.3 · 190 − 1 on average; hardly any acceptance is too rare.
        #expect(abs(best.profit - 0.1 * 56) < 1e-6)
        #expect(abs(best.fraction - 0.1) < 1e-6)
    }

    @Test("where nobody is worth it nobody is contacted")
    func whereNobodyIsWorthItNobodyIsContacted() throws {
        let parameters = Parameters(alpha: 6, beta: 14, value: 12, incentiveCost: 10, contactCost: 5)
        let profit = try #require(
            ExpectedMaximumProfit(
                scores: [3, 2, 1], labels: [true, false, true], parameters: parameters))
        #expect(profit.profit == 0)
        #expect(profit.fraction == 0)
    }

    @Test("what is not defined is nil")
    func whatIsNotDefinedIsNil() {
        #expect(ExpectedMaximumProfit(scores: [], labels: []) == nil)
        #expect(ExpectedMaximumProfit(scores: [1, 2], labels: [true, true]) == nil)
        #expect(ExpectedMaximumProfit(scores: [1, 2], labels: [false, false]) == nil)
        #expect(ExpectedMaximumProfit(scores: [1, .nan], labels: [true, false]) == nil)
        let bad = [
            Parameters(alpha: 0, beta: 14, value: 200, incentiveCost: 10, contactCost: 1),
            Parameters(alpha: 6, beta: .nan, value: 200, incentiveCost: 10, contactCost: 1),
            Parameters(alpha: 6, beta: 14, value: 10, incentiveCost: 10, contactCost: 1),
            Parameters(alpha: 6, beta: 14, value: 200, incentiveCost: -1, contactCost: 1),
            Parameters(alpha: 6, beta: 14, value: 200, incentiveCost: 10, contactCost: .infinity),
        ]
        for parameters in bad {
            #expect(
                ExpectedMaximumProfit(scores: [1, 2], labels: [true, false], parameters: parameters) == nil)
        }
    }
}
