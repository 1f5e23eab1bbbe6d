import LimpetDocuments
import LimpetEvaluation
import LimpetEvents
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// The threshold that is chosen on held-out rows and shipped.
@Suite struct ThresholdTests {
    private static let profit = Profit(value: 60, successProbability: 0.5, offerCost: 8, contactCost: 2)

    private func settings(_ kind: Model.Kind = .logistic) -> TrainingSettings {
        var settings = TrainingSettings(kind: kind)
        settings.folds = 3
        settings.stumps.maximumRounds = 40
        settings.metrics.profit = Self.profit
        settings.choosesThreshold = true
        return settings
    }

    private func train(_ data: TrainingData, _ settings: TrainingSettings) async throws -> ModelTrainer.Result
    {
        try await ModelTrainer(settings).train(data, source: .table(target: "y", positive: "1"))
    }

    /// The same rows at two snapshot times, the later ones after an embargo.
    private func twoSnapshotTimes(rows: Int, seed: UInt64, flippingLate: Bool = false) -> TrainingData {
        let sample = Samples.additive(rows: rows, seed: seed).data
        let times = sample.labels.indices.map { Timestamp(milliseconds: $0 < rows / 2 ? 0 : 86_400_000) }
        let labels = sample.labels.indices.map { row in
            (flippingLate && row >= rows / 2) != sample.labels[row]
        }
        return TrainingData(
            inputs: sample.inputs, columns: sample.columns, isSkewed: sample.isSkewed, labels: labels,
            users: sample.users, times: times, horizon: .days(1))
    }

    @Test("with one setting and no calibration it is the best one on the estimate's own predictions")
    func outOfFold() async throws {
        let data = Samples.additive(rows: 1_500, seed: 51).data
        var settings = settings()
        settings.logistic.penalty = 10
        settings.calibration = .none
        let result = try await train(data, settings)
        let decision = try #require(result.model.decision)
        // The folds of the choice on all rows are those of the estimate, and so are the fits: up to rounding
        // and the design's standard deviations, of all rows in one and of each fold's in the other.
        let predictions = try #require(result.estimate?.predictions)
        let outcomes = Outcomes(
            logOdds: predictions.map(\.logOdds), probabilities: predictions.map(\.probability),
            labels: predictions.map { data.labels[$0.row] }, users: predictions.map { data.users[$0.row] })
        let best = try #require(Self.profit.best(outcomes))
        let shipped = try #require(Self.profit.result(outcomes, threshold: decision.threshold))
        #expect(shipped.mean <= best.mean)
        #expect(shipped.mean > best.mean - 0.02 * abs(best.mean))
        #expect(Profit(decision) == Self.profit && decision.valueInput == nil)
    }

    @Test("the threshold of the forward estimate does not know the rows on which it is evaluated")
    func earlierRows() async throws {
        var settings = settings(.stumps)
        settings.stumps.stopsEarly = false
        let whole = twoSnapshotTimes(rows: 2_400, seed: 52)
        let estimate = try #require(try await train(whole, settings).estimate)
        #expect(estimate.method == .forwardInTime)
        let threshold = try #require(estimate.pipelines.first?.threshold)
        let early = whole.selecting(Array(0..<1_200))
        // Trained on the early rows alone, a model ships this very threshold.
        let alone = try await train(early, settings)
        #expect(alone.model.decision?.threshold == threshold)
        let late = twoSnapshotTimes(rows: 2_400, seed: 52, flippingLate: true)
        let flipped = try #require(try await train(late, settings).estimate)
        #expect(flipped.pipelines.first?.threshold == threshold)
        // Its profit is measured on the late rows.
        let outcomes = Outcomes(
            logOdds: estimate.predictions.map(\.logOdds),
            probabilities: estimate.predictions.map(\.probability),
            labels: estimate.predictions.map { whole.labels[$0.row] },
            users: estimate.predictions.map { whole.users[$0.row] })
        let expected = try #require(Self.profit.result(outcomes, threshold: threshold))
        let report = try #require(estimate.decision)
        #expect(abs(report.mean.value - expected.mean) < 1e-9)
        #expect(report.fraction.value == expected.fraction)
        let best = try #require(Self.profit.best(outcomes))
        #expect(best.mean >= report.mean.value)
    }

    @Test("an offer that costs more than it brings is made to nobody")
    func nobody() async throws {
        let data = Samples.additive(rows: 600, seed: 53).data
        var settings = settings()
        settings.metrics.profit = Profit(value: 20, successProbability: 0.1, offerCost: 19, contactCost: 5)
        let result = try await train(data, settings)
        #expect(result.model.decision?.threshold == .infinity)
        #expect(result.estimate?.decision?.fraction.value == 0)
        let document = try #require(result.estimate?.document["decision"])
        #expect(document["thresholds"] == .array([.null, .null, .null]))
    }

    @Test("users who are worth more move the threshold; a missing value is the common one")
    func values() async throws {
        let sample = Samples.additive(rows: 1_200, seed: 54).data
        // Values of one's own that are all the common one, or missing, change nothing.
        let rows = sample.labels.indices
        let common = rows.map { $0 % 3 == 0 ? Double.nan : Self.profit.value }
        func data(_ values: [Double]) -> TrainingData {
            TrainingData(
                inputs: sample.inputs + [.init(name: "worth", isCategorical: false)],
                columns: sample.columns + [.numbers(values)], isSkewed: sample.isSkewed + [false],
                labels: sample.labels, users: sample.users)
        }
        var owned = settings()
        owned.valueInput = sample.inputs.count
        let one = try await train(data(common), settings()).model.decision
        var two = try await train(data(common), owned).model.decision
        #expect(two?.valueInput == "worth")
        two?.valueInput = nil
        #expect(one == two)
        let rich = try await train(data(common.map { _ in 6_000 }), owned).model.decision
        let threshold = try #require(rich?.threshold)
        #expect(threshold < (try #require(one?.threshold)))
    }

    @Test("without costs no threshold is shipped")
    func withoutCostsNoThresholdIsShipped() async throws {
        let data = Samples.additive(rows: 600, seed: 55).data
        var settings = settings()
        settings.choosesThreshold = false
        let result = try await train(data, settings)
        #expect(result.model.decision == nil && result.estimate?.decision == nil)
        #expect(result.estimate?.document["decision"] == nil)
        #expect(result.model.format == 1)
    }
}
