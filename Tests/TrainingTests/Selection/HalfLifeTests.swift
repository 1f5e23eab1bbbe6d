import LimpetEvaluation
import LimpetEvents
import LimpetNumerics
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// Snapshots whose weight fades with their age.
@Suite struct HalfLifeTests {
    private static let start = Timestamp(milliseconds: 1_735_689_600_000)

    /// Users at weekly snapshots, for whom the sign of what a number tells turns slowly where the law drifts.
    private func log(drifts: Bool, users: Int = 400, weeks: Int = 24) -> TrainingData {
        var uniforms = Uniforms(seed: 5)
        var (x, labels): ([Double], [Bool]) = ([], [])
        var (ids, times): ([Int32], [Timestamp]) = ([], [])
        for week in 0..<weeks {
            let slope = drifts ? 2 - 4 * Double(week) / Double(weeks) : 1.5
            for user in 0..<users {
                let number = uniforms.normal()
                x.append(number)
                labels.append(uniforms.next() < ElementaryFunctions.logistic(-0.5 + slope * number))
                ids.append(Int32(user))
                times.append(Self.start + .days(Int64(7 * week)))
            }
        }
        return Samples.data(
            [("x", .numbers(x))], labels: labels, users: ids, times: times, horizon: .days(7))
    }

    private func settings() -> TrainingSettings {
        var settings = TrainingSettings(kind: .stumps)
        (settings.stumps.maximumRounds, settings.folds, settings.choosesHalfLife) = (60, 2, true)
        return settings
    }

    private let source = Model.Source.table(target: "left", positive: "yes")

    @Test("weights halve with each half-life before the latest snapshot, beside those of the rows")
    func weights() throws {
        let data = log(drifts: false, users: 2, weeks: 3)
        let faded = try #require(data.fading(.days(7)).weights)
        #expect(zip(faded, [0.25, 0.25, 0.5, 0.5, 1, 1]).allSatisfy { abs($0 - $1) < 1e-12 })
        let weighted = data.with(weights: [1, 2, 3, 4, 5, 6]).fading(.days(14)).weights
        #expect(abs((weighted?[1] ?? 0) - 1) < 1e-12 && weighted?[5] == 6)
    }

    @Test("a half-life is chosen where the law drifts, and not where it stays")
    func chosen() async throws {
        let drifting = try await ModelTrainer(settings()).train(log(drifts: true), source: source)
        let choice = try #require(drifting.halfLife)
        #expect(choice.halfLife != nil && choice.difference + choice.standardError < 0)
        #expect(choice.tried == [.days(81), .days(40), .days(20)])
        #expect(drifting.settings.halfLife == choice.halfLife)
        let steady = try await ModelTrainer(settings()).train(log(drifts: false), source: source)
        #expect(steady.halfLife != nil && steady.halfLife?.halfLife == nil)
        var even = settings()
        even.choosesHalfLife = false
        let plain = try await ModelTrainer(even).train(log(drifts: true), source: source)
        #expect(plain.halfLife == nil)
        let losses = [drifting, plain].compactMap { $0.estimate?.pooled.logLoss }
        #expect(losses.count == 2 && losses[0] < losses[1] - 0.01)
        // Without a choice the same log gives the model of equal weights.
        let same = try await ModelTrainer(even).train(log(drifts: false), source: source)
        #expect(same.model.terms == steady.model.terms && same.model.calibrator == steady.model.calibrator)
    }

    @Test("a stated half-life is that of the fit, and metrics and counts are of rows that weigh the same")
    func stated() async throws {
        let data = log(drifts: true, users: 120)
        var settings = settings()
        (settings.choosesHalfLife, settings.halfLife, settings.folds) = (false, .days(14), 0)
        (settings.stumps.stopsEarly, settings.calibration) = (false, .none)
        let faded = try await ModelTrainer(settings).train(data, source: source)
        settings.halfLife = nil
        let weighted = try await ModelTrainer(settings).train(data.fading(.days(14)), source: source)
        #expect(faded.model.terms.map(\.shape) == weighted.model.terms.map(\.shape))
        #expect(faded.model.intercept == weighted.model.intercept)
        #expect(!faded.model.training.isWeighted && weighted.model.training.isWeighted)
    }

    @Test("few users, and rows without times, are not tried")
    func few() async throws {
        let short = try await ModelTrainer(settings()).train(log(drifts: true, users: 90), source: source)
        #expect(short.halfLife == nil)
    }
}
