import LimpetPipelines
import LimpetDocuments
public import ArgumentParser
import LimpetEvaluation
import LimpetEvents
import LimpetFeatures
import LimpetFiles
public import LimpetScoring
public import LimpetTraining

enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json
}

extension Model.Kind: ExpressibleByArgument {}
extension CalibrationMethod: ExpressibleByArgument {}

/// `limpet train`.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train a model on an event log, or on a flat table.",
        discussion: """
            From a log; churn is 60 days without a purchase:
              limpet train --events log.csv --churn-after 60d \\
                --churn-events purchase --output model.json
            From a table:
              limpet train --table customers.csv --target Churn --positive Yes \\
                --id customerID --model logistic --output model.json
            With a search over kinds and settings for two minutes, which the estimate contains:
              limpet train --events log.csv --churn-after 60d --tune 2m
            For the most profit, with the threshold that brings it:
              limpet train --events log.csv --churn-after 60d --choose-by profit \\
                --profit-value 80 --profit-success 0.2 --offer-cost 5 --contact-cost 0.5

            Ctrl-C ends the stage under way with what it has, and the training with a whole, valid model: the file
            is written and the exit code is 130. A second Ctrl-C ends at once, without a model.
            """)

    @OptionGroup(title: "Event log") var events: EventOptions
    @OptionGroup(title: "Label and population") var labels: LabelOptions
    @OptionGroup(title: "Snapshots") var snapshots: SnapshotOptions
    @OptionGroup(title: "Features") var features: FeatureOptions
    @OptionGroup(title: "Offers at work") var treatment: TreatmentOptions
    @OptionGroup(title: "Flat table") var table: TableOptions
    @OptionGroup(title: "Training") var training: TrainingOptions
    @OptionGroup(title: "Search") var tuning: TuneOptions

    @Flag(
        help:
            "Choose the threshold with the most profit on held-out rows, and ship it; any cost given does so."
    )
    var chooseThreshold = false

    @Option(help: "File of the model; without it the model is only judged.")
    var output: String?

    @Option(help: "File of the predictions for rows that were held out: CSV by row, repeat and fold.")
    var outOfFold: String?

    @Option(help: "How the report is printed: text or json.")
    var format = OutputFormat.text

    func validate() throws {
        guard (table.table == nil) != events.events.isEmpty else {
            throw ValidationError("train on either --events FILE or --table FILE")
        }
        try table.refuseUnused(
            events,
            more: labels.labelFlags + snapshots.snapshotFlags + features.featureFlags
                + [("--as-known", features.asKnown)] + treatment.treatmentFlags)
        guard table.table != nil || labels.isGiven else {
            throw ValidationError(
                "say what is predicted: --churn-after 60d, or --target-event NAME --horizon 28d "
                    + "(limpet label --events FILE helps to choose)")
        }
        if !tuning.isGiven { try training.refuseIdleChoice() }
        let kinds = tuning.kinds(training)
        try UnusedFlags.refuse(
            [("--model", training.givenModel.map { [$0] != kinds } ?? false)],
            because: "--tune-kinds says which kinds are tried")
        try training.check(kinds: kinds)
        try DistinctFiles.check(
            inputs: events.inputFiles + [
                ("--table", table.table), ("--features", features.features),
                ("--holdout-users", treatment.holdoutUsers),
            ],
            outputs: events.rejectFiles + [("--output", output), ("--out-of-fold", outOfFold)])
    }

    func run() async throws {
        var clock = Stopwatch()
        let input = try await input(clock: &clock).keepingZeros(training.keepZeros ?? 1, seed: training.seed)
        var settings = try training.settings(inputs: input.data.inputs)
        settings.treatmentInput = input.treatment?.input(of: input.data)
        // The model does not know the offers of the past: nothing can be worth as much as they say.
        guard settings.valueInput == nil || settings.valueInput != settings.treatmentInput else {
            throw ValidationError("--value-input \(TrainingData.treatmentName) is no input of the model")
        }
        settings.choosesThreshold = chooseThreshold || training.profit.isGiven
        let monitor = TrainingMonitor()
        settings.monitor = monitor
        let isWhole = try await Interruption.asking({
            monitor.stop()
            Terminal.note("stopping at the best model so far; Ctrl-C again ends at once, without one")
        }) {
            try await train(input, settings, clock)
        }
        // The model is there, but not all that was asked for: a script may want to know.
        guard isWhole else { throw ExitCode(ExitStatus.interrupted.rawValue) }
    }

    /// Trains, writes and reports; whether nothing was cut short.
    private func train(
        _ input: TrainingInput, _ given: TrainingSettings, _ started: Stopwatch
    ) async throws -> Bool {
        var (settings, clock) = (given, started)
        let search: (result: SearchResult, repeated: RepeatedSearch)?
        do {
            search = try await tuning.run(input.data, training: training, settings: &settings)
        } catch let error as TrainingError {
            throw input.placed(error)
        }
        if search != nil { clock.lap("tune") }
        let bar = ProgressBar("training")
        let result: ModelTrainer.Result
        do {
            result = try await ModelTrainer(settings, foundBy: search?.repeated).train(
                input.data, source: input.source
            ) {
                bar.update(
                    $1, title: "training: \($0.rawValue)",
                    warning: given.monitor?.loss.map { "log loss \(Format.fixed($0, 4))" })
            }
        } catch let error as TrainingError {
            throw input.placed(error)
        }
        bar.finish()
        clock.lap("fit", beside: [("bin", result.binSeconds)])
        let model = try finished(result, input: input, settings: settings, search: search?.result)
        let hash = try output.map { try ModelFile.write(model, to: $0) }
        if let outOfFold, let estimate = result.estimate {
            try input.writePredictions(estimate, to: outOfFold)
        }
        clock.lap("write")
        let inference = await inference(input, settings)
        if inference != nil { clock.lap("inference") }
        let report = TrainingReport(
            result: result, search: search?.result, inference: try? inference?.get(), model: model,
            input: input, hash: hash, output: output, calibration: training.usedCalibration,
            seconds: clock.stages, shareOfZeros: training.shareOfZeros,
            isTrainedFurther: training.initModel != nil)
        try Terminal.result(format == .json ? report.document.pretty : report.text)
        // The model is there and reported on, but not the errors that were asked for.
        if case .failure(let error)? = inference { throw error }
        return result.stopped == nil
    }

    /// Standard errors of coefficients, or why there are none; nil where none were asked for.
    private func inference(
        _ input: TrainingInput, _ settings: TrainingSettings
    ) async -> Result<LogisticInference, any Error>? {
        guard settings.kind != .stumps else { return nil }
        do {
            let data = ModelTrainer(settings).prepared(input.data)
            return try await training.logistic.inference(data, settings: settings).map { .success($0) }
        } catch {
            return .failure(error)
        }
    }

    private func input(clock: inout Stopwatch) async throws -> TrainingInput {
        if table.table != nil {
            let source = try table.source(events.rows)
            let read = try source.read()
            let ids = try source.ids(of: read)
            let data = try source.trainingData(read)
            clock.lap("read")
            return TrainingInput(
                file: read.file, data: data, ids: ids,
                source: .table(target: table.target ?? "", positive: table.positive ?? ""))
        }
        return try await TrainingInput.log(
            events: events, labels: labels, snapshots: snapshots, features: features,
            treatment: treatment, threads: training.threads, clock: &clock)
    }

    private func finished(
        _ result: ModelTrainer.Result, input: TrainingInput, settings: TrainingSettings,
        search: SearchResult?
    ) throws -> Model {
        var model = result.model
        model.training.dataUntil = input.log?.dataUntil
        model.provenance = .object([
            "limpet": .string(Release.version),
            "settings": training.document(
                chosen: result.chosen, settings: settings),
            "search": search.map {
                $0.document(seconds: false, pipelines: result.estimate?.pipelines ?? [])
            },
            "events": input.log.map { .number($0.log.count) },
            "stoppedDuring": result.stopped.map { .string($0.rawValue) },
            "inSampleAuc": result.inSample.auc.map { .number($0) },
        ])
        return try model.withGoldenInputs(zone: input.log?.plan.zone ?? .utc)
    }
}

extension TrainingSettings {
    /// A direction is a promise of the whole model: all kinds that it may be made of keep it.
    fileprivate mutating func shareDirections(_ inputs: [Model.Input]) {
        let steps = stumps.directions
        for (index, input) in inputs.enumerated() where !input.isCategorical {
            if let sign = logistic.signs[input.name] {
                stumps.directions[index] = sign == .nonNegative ? 1 : -1
            }
            if let direction = steps[index] {
                logistic.signs[input.name] = direction > 0 ? .nonNegative : .nonPositive
            }
        }
    }
}

/// How training is done.
struct TrainingOptions: ParsableArguments {
    @OptionGroup(title: "Boosted stumps") var stumps: StumpOptions
    @OptionGroup(title: "Logistic regression") var logistic: LogisticOptions
    @OptionGroup(title: "Profit") var profit: ProfitOptions

    @Option(
        name: .customLong("model"),
        help: "What is trained: stumps, logistic, or blend, the mean of both in log-odds (default: stumps).")
    var givenModel: Model.Kind?

    var model: Model.Kind { givenModel ?? .stumps }

    @Option(help: "A model file that is trained further: its terms stay, and what they leave is learnt.")
    var initModel: String?

    @Option(help: "How often users are drawn for intervals of 95 % of the estimate; 0 for none.")
    var bootstrap = 200

    @Option(help: "Folds of users for choosing settings and, where time does not do it, for the estimate.")
    var folds = 5

    @Option(help: "How often the estimate by folds is repeated.")
    var repeats = 1

    @Option(
        help: "By what rounds, pairs and penalties are chosen on held-out rows (default: logLoss).")
    var chooseBy: Metric?

    @Option(
        help: """
            Learn from all rows with label 1 and from those with label 0 of this share of the users, e.g. 0.1; the \
            model, its probabilities and the report are those of all rows.
            """)
    var keepZeros: Double?

    @Option(
        help: """
            The data hold this share of the rows with label 0, because the rest was left out before; undone as with \
            --keep-zeros.
            """)
    var zerosKept: Double?

    /// The share of the rows with label 0 that is learnt from.
    var shareOfZeros: Double { (keepZeros ?? 1) * (zerosKept ?? 1) }

    @Flag(help: "Leave probabilities as the model gives them.")
    var noCalibration = false

    @Option(help: "platt, isotonic (from 1,000 users with label 1 on) or none.")
    var calibration = CalibrationMethod.platt

    @Option(help: "Categories of fewer users are not named in the model.")
    var minimumLevelUsers = 20

    @Option(help: "Parts worked on at the same time (default: the processors); no result depends on it.")
    var threads = Processors.count

    @Option(help: "Decides the folds.")
    var seed: UInt64 = 1

    var usedCalibration: CalibrationMethod { noCalibration ? .none : calibration }

    func validate() throws {
        func check(_ isValid: Bool, _ message: String) throws {
            guard isValid else { throw ValidationError(message) }
        }
        try check(folds == 0 || (2...100).contains(folds), "--folds must be 0 (no estimate) or from 2 to 100")
        try check((1...100).contains(repeats), "--repeats must be from 1 to 100")
        for (flag, share) in [("--keep-zeros", keepZeros), ("--zeros-kept", zerosKept)] {
            try check(share.map { $0 > 0 && $0 <= 1 } ?? true, "\(flag) must be above 0 and at most 1")
        }
        try check((1...256).contains(threads), "--threads must be from 1 to 256")
        try check((0...100_000).contains(bootstrap), "--bootstrap must be from 0 to 100,000")
        try check(minimumLevelUsers >= 1, "--minimum-level-users must be 1 or more")
    }

    func settings(inputs: [Model.Input]) throws -> TrainingSettings {
        var settings = TrainingSettings(kind: model)
        settings.stumps = try stumps.settings(inputs: inputs, seed: seed)
        settings.logistic = logistic.settings
        try logistic.checkSplines(inputs: inputs)
        for (flag, names) in [
            ("--non-negative", logistic.nonNegative), ("--non-positive", logistic.nonPositive),
        ] {
            for name in names { _ = try stumps.index(name, flag, inputs) }
        }
        settings.shareDirections(inputs)
        settings.folds = folds
        settings.zerosKept = shareOfZeros
        settings.repeats = repeats
        settings.calibration = usedCalibration
        settings.minimumLevelUsers = minimumLevelUsers
        settings.chooseBy = chooseBy ?? settings.chooseBy
        settings.metrics = try profit.settings()
        settings.valueInput = try profit.valuePlace(inputs)
        settings.bootstrap = bootstrap > 0 ? Bootstrap(replicates: bootstrap, seed: seed) : nil
        if let initModel {
            do {
                settings.initial = try InitialModel(ModelFile.read(initModel).scorer.model, inputs: inputs)
            } catch let error as InitialModelError {
                throw InputError(InputPlace(file: initModel), "\(error)")
            }
        }
        settings.threads = threads
        settings.seed = seed
        return settings
    }

    /// The settings that decide the result; threads do not.
    func document(chosen: JSON, settings: TrainingSettings) -> JSON {
        let stumps = settings.stumps
        return .object([
            "model": .string(settings.kind.rawValue), "seed": .number(String(seed)), "folds": .number(folds),
            "repeats": .number(repeats), "maximumRounds": .number(stumps.maximumRounds),
            "learningRate": .number(stumps.learningRate), "bins": .number(stumps.maximumBins),
            "earlyStopping": .boolean(stumps.stopsEarly), "bags": .number(stumps.bags),
            "minimumUsers": .number(stumps.minimumUsers),
            "splines": settings.kind == .stumps ? nil : settings.logistic.splines.document,
            "calibration": .string(usedCalibration.rawValue), "chosen": chosen,
            "zerosKept": shareOfZeros < 1 ? .number(shareOfZeros) : nil,
            "chooseBy": chooseBy.map { .string($0.rawValue) },
        ])
    }
}
