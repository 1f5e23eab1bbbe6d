import LimpetDocuments
import LimpetEvaluation
import LimpetScoring
import LimpetTraining
import Synchronization
import Testing

/// Trainings with a monitor, and trainings that receive a stop request.
@Suite struct TrainingMonitorTests {
    private let sample = Samples.additive(rows: 1_500, seed: 12)
    private let source = Model.Source.table(target: "left", positive: "1")

    private func settings(_ kind: Model.Kind) -> TrainingSettings {
        var settings = TrainingSettings(kind: kind)
        settings.folds = 3
        settings.stumps.maximumRounds = 400
        settings.stumps.minimumUsers = 5
        settings.threads = 2
        return settings
    }

    /// Trains, and requests a stop when a stage is first reported.
    private func trained(
        _ settings: TrainingSettings, stoppingIn stage: ModelTrainer.Stage?
    ) async throws -> ModelTrainer.Result {
        var settings = settings
        let monitor = TrainingMonitor()
        settings.monitor = monitor
        let losses = Mutex<[Double]>([])
        let result = try await ModelTrainer(settings).train(sample.data, source: source) { current, _ in
            if current == stage { monitor.stop() }
            if let loss = monitor.loss { losses.withLock { $0.append(loss) } }
        }
        #expect(losses.withLock { !$0.isEmpty && $0.allSatisfy { (0.1...1).contains($0) } })
        return result
    }

    @Test("a monitor alone changes nothing", arguments: [Model.Kind.stumps, .logistic, .blend])
    func monitored(kind: Model.Kind) async throws {
        var settings = settings(kind)
        settings.logistic.elasticNet = kind == .logistic ? ElasticNet(l1Ratio: 0.5) : nil
        let alone = try await ModelTrainer(settings).train(sample.data, source: source)
        let monitored = try await trained(settings, stoppingIn: nil)
        #expect(monitored.stopped == nil)
        #expect(monitored.model == alone.model)
    }

    @Test(
        "a stop in any stage ends in a model that ranks",
        arguments: [ModelTrainer.Stage.estimate, .choose, .fit], [Model.Kind.stumps, .blend])
    func stopping(stage: ModelTrainer.Stage, kind: Model.Kind) async throws {
        let result = try await trained(settings(kind), stoppingIn: stage)
        // Progress of a fit is reported after its last block of rounds too, when nothing is left to cut.
        #expect(result.stopped == stage)
        #expect(try #require(result.inSample.auc) > 0.6)
        // Folds that the stop has cut short are not in the estimate.
        #expect(result.estimate?.folds.count == (stage == .estimate ? nil : 3))
        guard case .platt = result.model.calibrator else {
            Issue.record("a stopped training calibrates")
            return
        }
    }

    @Test("a stop while the setting is chosen keeps the one that the estimate has chosen")
    func choosing() async throws {
        let result = try await trained(settings(.stumps), stoppingIn: .choose)
        let whole = try await trained(settings(.stumps), stoppingIn: nil)
        #expect(result.chosen == result.estimate?.pipelines.first?.chosen)
        #expect(result.estimate?.pipelines.map(\.chosen) == whole.estimate?.pipelines.map(\.chosen))
        // The model is fitted to all rows, not to those of the estimate's part.
        #expect(result.model.training.rows == sample.data.count)
        #expect(abs(try #require(result.inSample.logLoss) - (try #require(whole.inSample.logLoss))) < 0.01)
    }

    @Test("a late stop keeps what was finished: repeats of the estimate, and the choice for all rows")
    func late() async throws {
        var settings = settings(.stumps)
        settings.repeats = 3
        let whole = try await trained(settings, stoppingIn: nil)
        let monitor = TrainingMonitor()
        settings.monitor = monitor
        let result = try await ModelTrainer(settings).train(sample.data, source: source) { stage, share in
            if stage == .estimate, share > 0.4 { monitor.stop() }
        }
        #expect(result.stopped == .estimate)
        let estimate = try #require(result.estimate)
        #expect(estimate.isIncomplete && estimate.folds.count == 3)
        #expect(estimate.folds.map(\.auc) == whole.estimate?.folds.prefix(3).map(\.auc))
        #expect(result.chosen == whole.chosen)
    }

    @Test("a stop during the fit leaves rounds out, and bags that were not begun")
    func bags() async throws {
        var settings = settings(.stumps)
        settings.folds = 0
        settings.stumps.bags = 40
        let whole = try await trained(settings, stoppingIn: nil)
        let stopped = try await trained(settings, stoppingIn: .fit)
        #expect(stopped.stopped == .fit && whole.stopped == nil)
        #expect(stopped.model != whole.model)
        #expect(try #require(stopped.inSample.auc) > 0.6)
    }

    @Test("a stop before pairs are chosen still leaves the pairs that were asked for")
    func pairs() async throws {
        var settings = settings(.stumps)
        settings.folds = 0
        settings.stumps.pairs.count = .exactly(2)
        let stopped = try await trained(settings, stoppingIn: .choose)
        #expect(stopped.stopped == .choose && stopped.chosen["pairs"]?.integer == 2)
    }
}
