import LimpetPipelines
import LimpetDocuments
public import ArgumentParser
import LimpetEvaluation
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetParallel
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
            For a first look, without an estimate of how good the model is:
              limpet train --events log.csv --churn-after 60d --fast

            Of rows that are held out (--folds) come the estimate, the setting and the
            calibrator; a run is mostly that. With --folds 0 a training fits once where
            nothing is to be chosen: with --rounds N --no-early-stopping and
            with --calibration none.

            Ctrl-C ends the stage under way with what it has, and the training with a whole,
            valid model: the file is written and the exit code is 130. A second Ctrl-C ends
            at once, without a model.
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
        help: """
            A first look: no estimate and no intervals (--folds 0 --bootstrap 0); the setting and the \
            calibrator are still chosen on held-out rows.
            """)
    var fast = false

    @Option(
        help: """
            Memory that the process may take, e.g. 4GB: a training that would need more is refused before it \
            begins. Stumps read a columnar log of 2,000,000 events or more in parts of users (default: no \
            limit).
            """)
    var memory: String?

    @Flag(
        help:
            "Choose the threshold with the most profit on held-out rows, and ship it; any cost given does so."
    )
    var chooseThreshold = false

    @Option(help: "File of the model; without it the model is only evaluated.")
    var output: String?

    @Option(
        help: """
            COLUMN or COLUMN=TIME of a table: the estimate is that of a model of the rows before TIME on the \
            others (default of TIME: that after which the last quarter lies). The model learns from all.
            """)
    var splitTime: String?

    @Option(help: "Also writes the report as one HTML page, with plots, to this file.")
    var html: String?

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
        if table.table == nil {
            try UnusedFlags.refuse([("--split-time", splitTime != nil)], because: UnusedFlags.onlyTable)
        }
        _ = try split()
        try refuseSlow()
        _ = try memoryLimit()
        if !tuning.isGiven {
            try training.refuseIdleChoice()
            UnusedFlags.warning(
                [("--no-pair", training.neverPairs && !training.stumps.noPair.isEmpty)],
                because: "no pairs are fitted without --pairs")
        }
        let kinds = tuning.kinds(training)
        try UnusedFlags.refuse(
            [("--model", training.givenModel.map { [$0.kind] != kinds && tuning.isGiven } ?? false)],
            because: "--tune-kinds says which kinds are tried")
        try training.check(kinds: kinds)
        try DistinctFiles.check(
            inputs: events.inputFiles + [
                ("--table", table.table), ("--features", features.features),
                ("--holdout-users", treatment.holdoutUsers),
            ],
            outputs: events.rejectFiles + [
                ("--output", output), ("--html", html), ("--out-of-fold", outOfFold),
            ])
    }

    /// Refuses what contradicts `--fast`, and a file of predictions where nothing is held out for them.
    private func refuseSlow() throws {
        let outOfFold = ("--out-of-fold", outOfFold != nil)
        if training.givenFolds == 0 {
            try UnusedFlags.refuse([outOfFold], because: "with --folds 0 there is no estimate")
        }
        guard fast else { return }
        let slow = [
            ("--folds", training.givenFolds ?? 0 != 0), ("--bootstrap", training.givenBootstrap ?? 0 != 0),
            ("--repeats", training.repeats != 1), outOfFold,
        ]
        if let flag = slow.first(where: { $0.1 }) {
            throw ValidationError(
                "--fast and \(flag.0) exclude each other: a first look has no estimate and no intervals")
        }
    }

    func run() async throws {
        let clock = StageClock.ofProcess()
        let cost = LogCost(events.paths, inParts: try bytes(treatment.treatment()) != nil)
        let limit = try memoryLimit()
        if let limit { try cost.refuse(over: limit) }
        if let line = cost.line { Terminal.note(line) }
        let input = try await input(clock: clock)
        let monitor = TrainingMonitor()
        var settings = try training.settings(inputs: input.data.inputs)
        if training.stumps.minimumUsers == nil { settings = settings.suited(to: input.data) }
        let candidates =
            training.givenModel?.kind == nil && !tuning.isGiven
            ? CandidateOptions(training, inBins: input.data.byteTable != nil) : nil
        settings.kind = candidates?.kinds.first ?? settings.kind
        settings.choosesThreshold = chooseThreshold || training.profit.isGiven
        settings.monitor = monitor
        if fast { (settings.folds, settings.bootstrap) = (0, nil) }
        var pipeline = ModelTraining(
            input, settings: settings, negativeRate: training.sampledShare ?? 1, observer: TerminalObserver())
        pipeline.memory = limit
        pipeline.search = try tuning.search(
            training, settings, candidates: candidates, rows: input.data.count)
        pipeline.inference = training.logistic.requestedErrors
        (pipeline.output, pipeline.outOfFold) = (output, outOfFold)
        let isWhole = try await Interruption.asking({
            monitor.stop()
            Terminal.note("stopping at the best model so far; Ctrl-C again ends at once, without one")
        }) {
            try await train(pipeline, restriction: candidates?.reason, clock)
        }
        // A model was written, but work was cut short: a script may want to know.
        guard isWhole else { throw ExitCode(ExitStatus.interrupted.rawValue) }
    }

    /// Trains, writes and reports.
    ///
    /// - Returns: true when nothing was cut short.
    private func train(
        _ pipeline: ModelTraining, restriction: String?, _ clock: StageClock
    ) async throws -> Bool {
        let outcome = try await pipeline.run(clock: clock)
        let report = TrainingReport(
            outcome: outcome, restriction: restriction, output: output, clock: clock)
        try PageFile.write(report.html, to: html)
        try Terminal.result(format == .json ? report.document.pretty : report.text)
        if !fast, training.folds > 0, let hint = StagesReport(clock).hint { Terminal.note(hint) }
        // The model is written and reported, but the requested standard errors are missing.
        if case .failure(let error)? = outcome.inference { throw error }
        return outcome.isWhole
    }

    private func input(clock: StageClock) async throws -> TrainingInput {
        guard table.table == nil else {
            var source = try table.source(events.rows)
            source.split = try split()
            return try await TrainingInput.read(source, threads: training.threads, clock: clock)
        }
        let extraction = try features.extraction(
            events: events, labels: labels, snapshots: snapshots, threads: training.threads)
        let offers = treatment.treatment()
        return try await TrainingInput.read(
            extraction, treatment: offers, bytes: try bytes(offers), clock: clock)
    }

    /// The split in time that is asked for.
    private func split() throws -> TableSplit? {
        guard let splitTime else { return nil }
        // A column may have a sign of equality in its name, where no time follows.
        guard let sign = splitTime.lastIndex(of: "=") else { return TableSplit(column: splitTime) }
        let text = String(splitTime[splitTime.index(after: sign)...])
        guard let time = TimeParser().parse(text) else {
            throw ValidationError(
                "--split-time \(splitTime): expected \(TimeParser().expectation) after the =")
        }
        return TableSplit(column: String(splitTime[..<sign]), time: time.timestamp)
    }

    private func memoryLimit() throws -> Int? {
        try memory.map { try MemorySize.bytes($0, flag: "--memory") }
    }

    /// Returns how the rows of a large log are kept as bins; nil where the training needs the numbers
    /// themselves.
    private func bytes(_ offers: OfferTreatment) throws -> ByteSettings? {
        let stumps = training.stumps
        let fades = try training.givenHalfLife() != nil
        let needsNumbers =
            !tuning.kinds(training).contains(.stumps) || tuning.isGiven || training.profit.valueInput != nil
            || training.initModel != nil || fades || offers.windows == .term
        // These are fitted in other ways than side by side, which copy rows, or keep weights of each lane.
        let copiesRows =
            stumps.pairs != nil || stumps.bags ?? 1 > 1 || training.repeats > 1 || !stumps.cap.isEmpty
            || stumps.boosting == .plain || training.folds + 1 > 16
        guard !needsNumbers, !copiesRows else { return nil }
        var settings = TrainingSettings(kind: .stumps)
        settings.stumps.maximumBins = stumps.bins ?? settings.stumps.maximumBins
        settings.stumps.memory = try stumps.bytes() ?? settings.stumps.memory
        settings.stumps.form = stumps.boosting ?? settings.stumps.form
        settings.threads = training.threads
        (settings.folds, settings.seed) = (fast ? 0 : training.folds, training.seed)
        settings.minimumLevelUsers = training.minimumLevelUsers ?? settings.minimumLevelUsers
        return ByteSettings(
            settings, negativeRate: training.sampledShare ?? 1, memory: try memoryLimit())
    }
}
