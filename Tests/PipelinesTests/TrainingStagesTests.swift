import LimpetDocuments
import LimpetEvaluation
import LimpetEvents
import LimpetFeatures
import LimpetParallel
import LimpetPipelines
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Synchronization
import Testing

/// The stages that trainings and backtests report, and what a training is expected to cost.
@Suite final class TrainingStagesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A table in which those with few visits leave.
    private func table(_ kind: Model.Kind, _ clock: StageClock) async throws -> ModelTraining {
        let rows = (0..<600).map { row in
            "r\(row),\(row * 37 % 101),\(row * 53 % 89),\(row * 37 % 101 < 40 || row % 7 == 0 ? "yes" : "no")"
        }
        var source = TableSource(
            try folder.write("id,visits,age,left\n" + rows.joined(separator: "\n") + "\n", as: "table.csv"))
        (source.target, source.positive, source.id) = ("left", "yes", "id")
        let input = try await TrainingInput.read(source, threads: 2, clock: clock)
        var training = ModelTraining(input, settings: settings(kind))
        training.output = folder.file("model.json")
        return training
    }

    private func settings(_ kind: Model.Kind) -> TrainingSettings {
        var settings = TrainingSettings(kind: kind)
        (settings.folds, settings.threads, settings.bootstrap) = (4, 2, Bootstrap(replicates: 20))
        (settings.stumps.maximumRounds, settings.stumps.minimumUsers) = (60, 2)
        return settings
    }

    /// A log of 60 users, of whom every other one leaves after some weeks.
    private func extraction() throws -> LogExtraction {
        var lines = ["user,time,event"]
        for day in 0..<100 {
            for user in 0..<60 where (day + user) % 3 == 0 && (user % 2 == 0 || day < 20 + user) {
                let date = Timestamp(milliseconds: 1_735_689_600_000) + .days(Int64(day))
                lines.append("u\(user),\(date),\(day % 2 == 0 ? "visit" : "mail")")
            }
        }
        return LogExtraction(
            LogSource([try folder.write(lines.joined(separator: "\n") + "\n", as: "log.csv")]),
            label: Label(kind: .inactivity, events: .any, horizon: .days(7)),
            population: Population(activeWithin: .days(14)),
            snapshots: SnapshotSettings(every: .days(7)), threads: 2)
    }

    private func expectWhole(_ clock: StageClock, _ names: Set<String>) {
        let reading = clock.reading()
        #expect(reading.stages.reduce(.zero) { $0 + $1.time } == reading.total)
        #expect(Set(reading.stages.map(\.name)) == names)
    }

    @Test("a table: boosting side by side is one stage, and a blend has those of both of its parts")
    func tables() async throws {
        var clock = StageClock()
        var training = try await table(.stumps, clock)
        training.settings.stumps.form = .gram
        _ = try await training.run(clock: clock)
        let common: Set = ["other", "read", "prepare", "bin", "estimate", "metrics", "intervals", "summary"]
        expectWhole(clock, common.union(["boost", "write"]))
        clock = StageClock()
        _ = try await table(.logistic, clock).run(clock: clock)
        expectWhole(clock, common.subtracting(["bin"]).union(["choose", "fit", "write"]))
        clock = StageClock()
        _ = try await table(.blend, clock).run(clock: clock)
        expectWhole(clock, common.union(["choose", "fit", "write"]))
    }

    @Test("a log adds its extraction; without an estimate, lanes hold the choice and the fit")
    func logs() async throws {
        var clock = StageClock()
        let input = try await TrainingInput.read(try extraction(), treatment: nil, clock: clock)
        var settings = settings(.stumps)
        (settings.folds, settings.stumps.form) = (0, .gram)
        _ = try await ModelTraining(input, settings: settings).run(clock: clock)
        expectWhole(
            clock,
            [
                "other", "read", "extract", "prepare", "bin", "choose", "boost", "metrics", "summary",
                "write",
            ])
        clock = StageClock()
        settings.folds = 2
        var backtest = ModelBacktest(input, settings: settings)
        backtest.period = .length(.days(21))
        _ = try await backtest.run(clock: clock)
        expectWhole(clock, ["other", "prepare", "train", "bin", "metrics", "intervals", "write"])
    }

    @Test(
        "with nothing to choose and no estimate, the training fits once",
        arguments: [Model.Kind.stumps, .blend])
    func once(kind: Model.Kind) async throws {
        let clock = StageClock()
        var training = try await table(kind, clock)
        (training.settings.folds, training.settings.calibration) = (0, .none)
        training.settings.stumps.stopsEarly = false
        training.settings.logistic.penalty = 10
        let stages = StageList()
        let result = try await ModelTrainer(training.settings).train(
            training.input.data, source: training.input.source
        ) { stage, _ in stages.add(stage) }
        #expect(stages.all == [.fit])
        #expect(result.chosen["rounds"]?.integer == 60)
        // Where the calibrator is chosen, so are held-out rows.
        training.settings.calibration = .platt
        _ = try await ModelTrainer(training.settings).train(
            training.input.data, source: training.input.source
        ) { stage, _ in stages.add(stage) }
        #expect(stages.all == [.fit, .choose])
    }

    @Test("a long training is told before it begins, with its models, rows and inputs")
    func cost() {
        var settings = TrainingSettings(kind: .stumps)
        (settings.threads, settings.bootstrap) = (2, Bootstrap())
        func cost(_ rows: Int, _ pipelines: Int, _ settings: TrainingSettings) -> TrainingCost {
            TrainingCost(rows: rows, inputs: 40, pipelines: pipelines, settings, resident: 1e9)
        }
        #expect(cost(10_000, 5, settings).line == nil)
        let line = cost(3_000_000, 5, settings).line
        #expect(line?.hasPrefix("about ") == true)
        #expect(line?.hasSuffix("GB: 6 models of 3,000,000 rows × 40 inputs") == true)
        var first = settings
        (first.folds, first.bootstrap) = (0, nil)
        #expect(cost(3_000_000, 0, first).seconds < cost(3_000_000, 5, settings).seconds / 2)
        #expect(cost(9_000_000, 0, first).line?.contains(": 1 model of") == true)
        var paired = settings
        paired.stumps.pairs.count = .chosen(atMost: 5)
        #expect(cost(3_000_000, 5, paired).seconds > cost(3_000_000, 5, settings).seconds)
        var serial = settings
        serial.threads = 1
        #expect(cost(3_000_000, 5, serial).seconds > cost(3_000_000, 5, settings).seconds)
        let backtest = TrainingCost(
            origins: [(1_000_000, 300_000), (3_000_000, 300_000)], inputs: 40, settings, resident: 1e9)
        #expect(backtest.line?.hasSuffix("GB: 2 models of 1,000,000 to 3,000,000 rows × 40 inputs") == true)
        #expect(backtest.seconds > cost(3_000_000, 0, settings).seconds)
        #expect(LogCost([folder.file("none.csv"), "-"]).line == nil)
    }

    @Test("memory is that of the models which are boosted side by side, and of bins that are copied")
    func memory() {
        var settings = TrainingSettings(kind: .stumps)
        settings.bootstrap = nil
        func cost(inputs: Int = 40, _ pipelines: Int) -> TrainingCost {
            TrainingCost(
                rows: 1_000_000, inputs: inputs, keepsBins: true, pipelines: pipelines, settings, resident: 0)
        }
        settings.folds = 5
        // Each repetition of the estimate boosts the same models side by side.
        #expect(cost(10).bytes == cost(5).bytes && cost(5).bytes > cost(1).bytes)
        #expect(abs(cost(10).seconds - 2 * cost(5).seconds) < 0.2)
        #expect(cost(inputs: 200, 1).bytes == cost(inputs: 40, 1).bytes)
        let matrices = LanePlan.folds(5).correlationBytes(
            inputs: 40, rows: 1_000_000, settings: settings.stumps)
        #expect(matrices > 200_000_000 && matrices <= settings.stumps.memory)
        #expect(cost(inputs: 400, 1).bytes == cost(inputs: 40, 1).bytes - Double(matrices) + 5 * 400e6)
        // Folds choose one after the other where three of them are held out in turn.
        settings.folds = 3
        #expect(cost(3).bytes == cost(1).bytes)
        #expect(ByteSettings(settings).partValues == 1 << 24)
        #expect(ByteSettings(settings, memory: 1 << 26).partValues == 1 << 20)
    }

    @Test(
        "the memory of a large log is about that of processes that were measured",
        arguments: [(12_961_474, 3.91e9), (8_949_163, 2.83e9)])
    func measured(rows: Int, peak: Double) {
        var settings = TrainingSettings(kind: .stumps)
        (settings.folds, settings.threads) = (5, 2)
        let bytes = ByteSettings(settings).bytes(rows: Double(rows), inputs: 166, isForward: true)
        #expect(abs(bytes / peak - 1) < 0.1)
        settings.stumps.memory = 64 << 20
        #expect(ByteSettings(settings).bytes(rows: Double(rows), inputs: 166, isForward: true) != bytes)
    }

    @Test("a log that is read whole is refused by its size, a columnar one in parts is not")
    func logCost() throws {
        let sample = LargeLogSample(folder: folder.path, users: 30)
        let path = try sample.write()
        let columnar = try sample.columnar(path)
        for cost in [LogCost([path], inParts: true), LogCost([path]), LogCost([columnar])] {
            #expect(throws: RequestError.self) { try cost.refuse(over: 1_000) }
            #expect(throws: Never.self) { try cost.refuse(over: 1 << 30) }
        }
        #expect(throws: Never.self) { try LogCost([columnar], inParts: true).refuse(over: 1_000) }
        #expect(throws: RequestError.self) {
            try LogCost([columnar, path], inParts: true).refuse(over: 1_000)
        }
    }
}

/// The stages that a training reports, each once.
private final class StageList: Sendable {
    private let stages = Mutex<[ModelTrainer.Stage]>([])

    var all: [ModelTrainer.Stage] { stages.withLock { $0 } }

    func add(_ stage: ModelTrainer.Stage) {
        stages.withLock { if !$0.contains(stage) { $0.append(stage) } }
    }
}
