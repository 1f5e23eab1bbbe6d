import Foundation
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetPipelines
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// Trainings in process, from the data to the files.
@Suite final class ModelTrainingTests {
    private let folder: TemporaryFolder
    private let observer = RecordingObserver()

    init() throws { folder = try TemporaryFolder() }

    /// A training on a table of 400 rows in which those with few visits leave.
    private func training(_ kind: Model.Kind) async throws -> ModelTraining {
        let rows = (0..<400).map { "r\($0),\($0 % 20),\($0 % 20 < 8 || $0 % 7 == 0 ? "yes" : "no")" }
        var source = TableSource(
            try folder.write("id,visits,left\n" + rows.joined(separator: "\n") + "\n", as: "table.csv"))
        (source.target, source.positive, source.id) = ("left", "yes", "id")
        var settings = TrainingSettings(kind: kind)
        settings.folds = 2
        return ModelTraining(try await TrainingInput.read(source), settings: settings, observer: observer)
    }

    @Test("the model and the predictions for held-out rows are written, and told with their hash")
    func files() async throws {
        var training = try await training(.stumps)
        (training.output, training.outOfFold) = (folder.file("model.json"), folder.file("out.csv"))
        let outcome = try await training.run()
        #expect(outcome.isWhole && outcome.search == nil && outcome.inference == nil)
        let read = try ModelFile.read(folder.file("model.json"))
        #expect(read.hash == outcome.hash && read.scorer.model == outcome.result.model)
        let lines = try String(contentsOfFile: folder.file("out.csv"), encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 401 && lines[0] == "id,repeat,fold,label,probability,log_odds")
        #expect(observer.stages == ["training"])
        // The same as the trainer by itself, and without names nothing is written.
        let plain = try await ModelTrainer(training.settings).train(
            training.input.data, source: training.input.source)
        #expect(plain.model == outcome.result.model)
        (training.output, training.outOfFold) = (nil, nil)
        #expect(try await training.run().hash == nil)
    }

    @Test("rows with label 0 that were left out, by the training and before it, are undone")
    func negatives() async throws {
        let whole = try await training(.stumps)
        var settings = whole.settings
        settings.zerosKept = 0.5
        let outcome = try await ModelTraining(whole.input, settings: settings, negativeRate: 0.5).run()
        #expect(outcome.settings.zerosKept == 0.25)
        let (all, kept) = (whole.input.data.labels, outcome.input.data.labels)
        #expect(kept.count { $0 } == all.count { $0 } && kept.count { !$0 } < all.count { !$0 })
        #expect(outcome.input.data.count == kept.count)
    }

    @Test("a search decides the settings, and the estimate repeats it")
    func search() async throws {
        var training = try await training(.stumps)
        training.search = SettingSearch(SearchSpace(kinds: [.logistic]), maximumTrials: 2)
        let outcome = try await training.run()
        #expect(outcome.search?.trials.count == 2 && outcome.settings.kind == .logistic)
        #expect(outcome.result.model.kind == .logistic)
        #expect(outcome.result.estimate?.pipelines.count == 2)
        #expect(observer.stages == ["training"])
    }

    @Test("standard errors come with the model, or the reason why there are none")
    func inference() async throws {
        var training = try await training(.logistic)
        training.settings.logistic.penalty = 0
        training.inference = ModelTraining.Inference(.allRows, robust: .hc0)
        let errors = try #require(try await training.run().inference).get()
        #expect(errors.robust == .hc0 && errors.coefficients.count == 2)
        training.settings.logistic.penalty = 1
        training.output = folder.file("penalised.json")
        let outcome = try await training.run()
        #expect(throws: LogisticInferenceError.penalised) { try outcome.inference?.get() }
        #expect(try ModelFile.read(folder.file("penalised.json")).hash == outcome.hash)
        training.settings.kind = .stumps
        #expect(try await training.run().inference == nil)
    }

    @Test("data that allow no training are named by file, and a stop request is told")
    func refusals() async throws {
        var training = try await training(.stumps)
        training.settings.folds = 300
        let folds = training
        await #expect(throws: InputError.self) { try await folds.run() }
        training.settings.folds = 2
        let monitor = TrainingMonitor()
        monitor.stop()
        training.settings.monitor = monitor
        let stopped = try await training.run()
        #expect(!stopped.isWhole && stopped.result.stopped == .estimate)
    }

    @Test("the input of offers is no value of a user")
    func treatment() async throws {
        let log = """
            user,time,event
            a,2025-01-01,visit
            b,2025-01-02,visit
            b,2025-01-11,offer_shown
            c,2025-01-20,visit

            """
        let extraction = LogExtraction(
            LogSource([try folder.write(log, as: "log.csv")]),
            label: Label(kind: .inactivity, events: .any, horizon: .days(5)),
            snapshots: SnapshotSettings(times: [try #require(TimeParser().parse("2025-01-10")).timestamp]),
            features: .set(FeatureSet(systemEvents: ["offer_shown"], features: [Feature(kind: .recency)])))
        let offers = OfferTreatment(offers: ["offer_shown"], windows: .term)
        let input = try await TrainingInput.read(extraction, treatment: offers)
        var training = ModelTraining(input, settings: TrainingSettings(kind: .stumps))
        training.settings.valueInput = 1
        let valued = training
        await #expect(throws: RequestError("--value-input treated is no input of the model")) {
            try await valued.run()
        }
    }
}
