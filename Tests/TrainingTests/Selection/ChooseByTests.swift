import LimpetDocuments
import Foundation
import LimpetEvaluation
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// Rounds, pairs and penalties that another metric than log loss chooses.
@Suite struct ChooseByTests {
    private func settings(_ kind: Model.Kind, by metric: Metric) -> TrainingSettings {
        var settings = TrainingSettings(kind: kind)
        settings.folds = 3
        settings.chooseBy = metric
        settings.calibration = .none
        return settings
    }

    private func train(_ data: TrainingData, _ settings: TrainingSettings) async throws -> ModelTrainer.Result
    {
        try await ModelTrainer(settings).train(data, source: .table(target: "y", positive: "1"))
    }

    /// Numbers with few values, which are binned alike in every subset of the rows.
    private func coarse(rows: Int, seed: UInt64) -> TrainingData {
        var uniforms = Uniforms(seed: seed)
        var columns: [[Double]] = [[], [], []]
        var labels: [Bool] = []
        for _ in 0..<rows {
            let x = (0..<3).map { _ in (uniforms.next() * 6).rounded(.down) }
            for place in columns.indices { columns[place].append(x[place]) }
            let eta = -1.5 + 0.5 * x[0] - 0.3 * abs(x[1] - 3)
            labels.append(uniforms.next() < 1 / (1 + exp(-eta)))
        }
        return Samples.data(
            [("a", .numbers(columns[0])), ("b", .numbers(columns[1])), ("c", .numbers(columns[2]))],
            labels: labels)
    }

    /// The metric over the predictions of an estimate with one setting.
    private func reference(_ data: TrainingData, _ settings: TrainingSettings, _ metric: Metric) async throws
        -> Double
    {
        let predictions = try #require(try await train(data, settings).estimate?.predictions)
            .sorted { $0.row < $1.row }
        let outcomes = Outcomes(
            logOdds: predictions.map(\.logOdds), probabilities: predictions.map(\.probability),
            labels: predictions.map { data.labels[$0.row] }, users: predictions.map { data.users[$0.row] })
        return try #require(metric.value(outcomes, settings: settings.metrics))
    }

    @Test(
        "the rounds are those where trainings of that many rounds are best on the same held-out rows",
        arguments: [Metric.auc, .brier, .profit, .prAuc])
    func rounds(metric: Metric) async throws {
        let data = coarse(rows: 500, seed: 71)
        var settings = settings(.stumps, by: metric)
        settings.stumps.maximumRounds = 18
        settings.stumps.learningRate = 0.4
        settings.stumps.form = .plain
        let chosen = try #require(try await train(data, settings).chosen["rounds"]?.integer)
        settings.stumps.stopsEarly = false
        var values: [Double] = []
        for rounds in 1...18 {
            settings.stumps.maximumRounds = rounds
            values.append(try await reference(data, settings, metric))
        }
        let best = try #require(metric.isBetterWhenHigher ? values.max() : values.min())
        #expect(abs(values[chosen - 1] - best) < 1e-9, "\(chosen) of \(values)")
        // No fewer rounds are as good.
        #expect(values.prefix(chosen - 1).allSatisfy { abs($0 - best) > 1e-12 })
    }

    @Test(
        "the penalty is one whose held-out rows are as good as those of any", arguments: [Metric.auc, .brier])
    func penalty(metric: Metric) async throws {
        let data = Samples.additive(rows: 700, seed: 72, isLinear: true).data
        var settings = settings(.logistic, by: metric)
        let chosen = try #require(try await train(data, settings).chosen["l2"]?.double)
        var values: [Double: Double] = [:]
        for penalty in settings.logistic.penalties {
            settings.logistic.penalty = penalty
            values[penalty] = try await reference(data, settings, metric)
        }
        let best = try #require(metric.isBetterWhenHigher ? values.values.max() : values.values.min())
        let value = try #require(values[chosen])
        #expect(abs(value - best) < 5e-4, "\(chosen) of \(values)")
    }

    @Test("of equal settings the simpler is taken: the fewest rounds, the strongest penalty")
    func ties() async throws {
        let labels = (0..<300).map { $0 % 3 == 0 }
        let data = Samples.data([("x", .numbers(labels.map { _ in 1 }))], labels: labels)
        var stumps = settings(.stumps, by: .auc)
        stumps.stumps.maximumRounds = 30
        #expect(try await train(data, stumps).chosen["rounds"] == .number(1))
        let chosen = try await train(data, settings(.logistic, by: .auc)).chosen["l2"]?.double
        #expect(chosen == LogisticSettings().penalties.first)
    }

    @Test("two inputs that say nothing alone are paired for the order of users too")
    func pairs() async throws {
        var uniforms = Uniforms(seed: 73)
        let a = (0..<1_500).map { _ in uniforms.next() }
        let b = (0..<1_500).map { _ in uniforms.next() }
        let labels = zip(a, b).map { uniforms.next() < (($0 > 0.5) == ($1 > 0.5) ? 0.8 : 0.2) }
        let data = Samples.data([("a", .numbers(a)), ("b", .numbers(b))], labels: labels)
        var settings = settings(.stumps, by: .auc)
        settings.stumps.maximumRounds = 20
        settings.stumps.pairs.count = .chosen(atMost: 1)
        let result = try await train(data, settings)
        #expect(result.chosen["pairs"] == .number(1))
        #expect((result.estimate?.pooled.auc ?? 0) > 0.7)
    }

    @Test("one standard error is that of the folds' own values, and takes no weaker penalty than the best")
    func oneStandardError() async throws {
        let validation = PenaltyValidation(
            penalties: [3, 2, 1], deviances: [[-0.70, -0.74, -0.75], [-0.60, -0.62, -0.60]], weights: [1, 1])
        #expect(validation.place(.minimum) == 1)
        // The best mean is −0.68 with an error of 0.06: −0.65 is within it.
        #expect(validation.place(.oneStandardError) == 0)
        let gaps = PenaltyValidation(
            penalties: [3, 2, 1], deviances: [[.nan, -0.7, -0.6], [-0.9, -0.7, -0.6]], weights: [1, 1])
        #expect(gaps.place(.oneStandardError) == 1)
        let data = Samples.additive(rows: 500, seed: 74, isLinear: true).data
        var settings = settings(.logistic, by: .auc)
        settings.logistic.elasticNet = ElasticNet(l1Ratio: 0.5)
        let least = try #require(try await train(data, settings).chosen["elasticNet"]?.double)
        settings.logistic.rule = .oneStandardError
        let simpler = try #require(try await train(data, settings).chosen["elasticNet"]?.double)
        #expect(simpler > least)
    }

    @Test("threads change nothing", arguments: Model.Kind.allCases)
    func threads(kind: Model.Kind) async throws {
        let data = Samples.additive(rows: 600, seed: 75).data
        var settings = settings(kind, by: .profit)
        settings.calibration = .platt
        settings.stumps.maximumRounds = 30
        settings.stumps.pairs.count = .chosen(atMost: 2)
        let one = try await train(data, settings)
        settings.threads = 2
        let two = try await train(data, settings)
        #expect(one.model == two.model && one.chosen == two.chosen)
    }

    @Test("rows of no weight do not influence the choice")
    func weights() async throws {
        let sample = coarse(rows: 400, seed: 76)
        func chosen(_ data: TrainingData) async throws -> JSON {
            var settings = settings(.logistic, by: .prAuc)
            settings.logistic.penalties = [1_000, 30, 1]
            return try await train(data, settings).chosen
        }
        func weighted(flipping: Bool) -> TrainingData {
            TrainingData(
                inputs: sample.inputs, columns: sample.columns, isSkewed: sample.isSkewed,
                labels: sample.labels.indices.map { (flipping && $0 >= 380) != sample.labels[$0] },
                users: sample.labels.indices.map { Int32($0 % 100) },
                weights: sample.labels.indices.map { $0 < 380 ? 1 : 0 })
        }
        #expect(try await chosen(weighted(flipping: false)) == chosen(weighted(flipping: true)))
    }
}
