import LimpetNumerics
import LimpetEvaluation
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// Trainings on data of which zeros were left out.
@Suite struct NegativeDownsamplingTests {
    /// About 4 % ones, that two numbers explain.
    private func rare(rows: Int) -> TrainingData {
        var uniforms = Uniforms(seed: 31)
        let a = (0..<rows).map { _ in uniforms.normal() }
        let b = (0..<rows).map { _ in uniforms.normal() }
        let labels = zip(a, b).map { a, b in
            uniforms.next() < ElementaryFunctions.logistic(-3.8 + a + 0.6 * b)
        }
        return Samples.data([("a", .numbers(a)), ("b", .numbers(b))], labels: labels)
    }

    private func train(_ data: TrainingData, _ kind: Model.Kind, zerosKept: Double) async throws
        -> ModelTrainer.Result
    {
        var settings = TrainingSettings(kind: kind)
        settings.folds = 3
        settings.stumps.maximumRounds = 300
        settings.threads = 2
        settings.zerosKept = zerosKept
        settings.bootstrap = Bootstrap(replicates: 100)
        return try await ModelTrainer(settings).train(data, source: .table(target: "y", positive: "1"))
    }

    @Test(
        "a model of a tenth of the zeros is that of all rows",
        arguments: [Model.Kind.logistic, .stumps, .blend])
    func tenth(kind: Model.Kind) async throws {
        let data = rare(rows: 30_000)
        let kept = data.rows(keepingZeros: 0.1, seed: 3)
        let zeros = Double(kept.count { !data.labels[$0] })
        #expect(kept.count { data.labels[$0] } == data.labels.count { $0 })
        let share = zeros / Double(data.labels.count { !$0 })
        #expect(abs(share - 0.1) < 0.01)
        let whole = try await train(data, kind, zerosKept: 1)
        let downsampled = try await train(data.selecting(kept), kind, zerosKept: 0.1)
        let report = try #require(downsampled.estimate?.pooled)
        let auc = try #require(report.auc)
        #expect(abs(auc - (whole.estimate?.pooled.auc ?? 0)) < 0.015)
        let interval = try #require(report.intervals?[.observedToExpected])
        #expect(interval.lower < 1.02 && interval.upper > 0.98)
        // The mean probability of all rows, which the downsampled model has never seen together.
        func mean(_ model: Model) throws -> Double {
            let fit = AdditiveFit(intercept: model.intercept, terms: model.terms)
            let sum = fit.logOdds(of: data).reduce(0) { $0 + model.calibrator.probability($1) }
            return sum / Double(data.count)
        }
        let rate = Double(data.labels.count { $0 }) / Double(data.count)
        #expect(abs(try mean(downsampled.model) / rate - 1) < 0.06)
        #expect(abs(try #require(report.baseRate) - rate) < 0.1 * rate)
    }

    @Test("the intercept and the coefficients are those of all rows, but for chance")
    func coefficients() async throws {
        let data = rare(rows: 60_000)
        let kept = data.selecting(data.rows(keepingZeros: 0.2, seed: 8))
        func fit(_ data: TrainingData, _ share: Double) async throws -> AdditiveFit {
            let model = try await train(data, .logistic, zerosKept: share).model
            return AdditiveFit(intercept: model.intercept, terms: model.terms)
        }
        let (whole, downsampled) = (try await fit(data, 1), try await fit(kept, 0.2))
        let probe = Samples.data(
            [("a", .numbers([0, 1, -1])), ("b", .numbers([0, 1, 2]))], labels: [true, false, true])
        for (one, other) in zip(whole.logOdds(of: probe), downsampled.logOdds(of: probe)) {
            #expect(abs(one - other) < 0.12)
        }
        #expect(abs(downsampled.logOdds(of: probe)[0] + 3.8) < 0.15)
    }

    @Test(
        "held-out rows are evaluated as all rows, whatever metric chooses",
        arguments: [Metric.prAuc, .brier, .profit, .logLoss, .calibrationError])
    func heldOutRows(metric: Metric) async throws {
        let data = rare(rows: 40_000)
        let kept = data.selecting(data.rows(keepingZeros: 0.1, seed: 5))
        func value(_ data: TrainingData, _ share: Double) async throws -> Double {
            var settings = TrainingSettings(kind: .logistic)
            settings.logistic.penalty = 1
            settings.folds = 3
            settings.zerosKept = share
            settings.metrics.profit = Profit(
                value: 100, successProbability: 0.3, offerCost: 2, contactCost: 0.2)
            let search = SettingSearch(SearchSpace(kinds: [.logistic]), metric: metric, maximumTrials: 1)
            return try #require(try await search.run(data, settings: settings).trials[0].value)
        }
        let (whole, downsampled) = (try await value(data, 1), try await value(kept, 0.1))
        // Of the downsampled rows alone these would be several times as large.
        let slack = metric == .calibrationError ? 0.01 : 0.12 * whole
        #expect(abs(downsampled - whole) < slack, "\(whole) \(downsampled)")
    }

    @Test("a draw keeps whole users, and one depends on the seed")
    func draw() {
        var uniforms = Uniforms(seed: 5)
        let data = Samples.data(
            [("a", .numbers((0..<900).map { _ in uniforms.next() }))],
            labels: (0..<900).map { $0 % 7 == 0 }, users: (0..<900).map { Int32($0 / 3) })
        let rows = data.rows(keepingZeros: 0.4, seed: 1)
        #expect(
            rows == data.rows(keepingZeros: 0.4, seed: 1) && rows != data.rows(keepingZeros: 0.4, seed: 2))
        #expect(data.rows(keepingZeros: 1, seed: 1) == Array(0..<900))
        let kept = Set(rows)
        for user in 0..<300 {
            let zeros = (user * 3..<user * 3 + 3).filter { !data.labels[$0] }
            #expect(Set(zeros.map { kept.contains($0) }).count == 1)
        }
    }
}
