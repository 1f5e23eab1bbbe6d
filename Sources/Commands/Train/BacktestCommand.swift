import LimpetPipelines
import LimpetDocuments
import ArgumentParser
import LimpetEvaluation
import LimpetEvents
import LimpetFiles
import LimpetParallel
import LimpetScoring
import LimpetTraining

/// `limpet backtest`.
struct BacktestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Train each month on what was known by then, and test on the month that follows.",
        discussion: """
            limpet backtest --events log.csv --churn-after 30d --every 7d
            limpet backtest --events log.csv --churn-after 30d --every 7d \\
              --model logistic --period 28d --predictions predictions.csv
            Between what a model learns from and its test lies one horizon. The feature set is proposed from \
            events before the last snapshot; to evaluate that choice too, write one with \
            limpet features init --until.
            Ctrl-C ends with the report of the origins that are done, and exit code 130.
            """)

    @OptionGroup(title: "Event log") var events: EventOptions
    @OptionGroup(title: "Label and population") var labels: LabelOptions
    @OptionGroup(title: "Snapshots") var snapshots: SnapshotOptions
    @OptionGroup(title: "Features") var features: FeatureOptions
    @OptionGroup(title: "Offers at work") var treatment: TreatmentOptions
    @OptionGroup(title: "Rolling origin") var rolling: BacktestOptions
    @OptionGroup(title: "Training") var training: TrainingOptions

    @Option(help: "File of all predictions for test rows: CSV by origin and row.")
    var predictions: String?

    @Option(help: "Also writes the report as one HTML page, with plots, to this file.")
    var html: String?

    @Option(help: "How the report is printed: text, json, or csv with one line for each origin.")
    var format = BacktestFormat.text

    func validate() throws {
        guard !events.events.isEmpty else {
            throw ValidationError("name the event log with --events FILE: a table has no order in time")
        }
        guard labels.isGiven else {
            throw ValidationError(
                "say what is predicted: --churn-after 60d, or --target-event NAME --horizon 28d "
                    + "(limpet label --events FILE helps to choose)")
        }
        try UnusedFlags.refuse(
            [("--init-model", training.initModel != nil)],
            because: "a model that was trained before may have seen the test")
        try UnusedFlags.refuse(
            [("--inference", training.logistic.inference != nil)],
            because: "coefficients are those of one model, see limpet train")
        try UnusedFlags.refuse(
            [("--negative-rate", training.sampledShare != nil)],
            because: "a backtest learns from all rows that are there, and is evaluated on them")
        try training.check(kinds: candidates?.kinds ?? [training.model])
        try training.refuseIdleChoice()
        try UnusedFlags.refuse(
            [("--value-input", training.profit.valueInput != nil && training.chooseBy != .profit)],
            because: "a backtest reports no profit at a threshold; it goes with --choose-by profit")
        try UnusedFlags.refuse(
            [("--repeats", training.repeats != 1)], because: "each origin is trained and tested once")
        try DistinctFiles.check(
            inputs: events.inputFiles + [
                ("--features", features.features), ("--holdout-users", treatment.holdoutUsers),
            ],
            outputs: events.rejectFiles + [("--predictions", predictions), ("--html", html)])
    }

    func run() async throws {
        let clock = StageClock.ofProcess()
        if let line = LogCost(events.paths).line { Terminal.note(line) }
        let extraction = try features.extraction(
            events: events, labels: labels, snapshots: snapshots, threads: training.threads)
        let input = try await TrainingInput.read(
            extraction, treatment: treatment.treatment(), clock: clock)
        let monitor = TrainingMonitor()
        var settings = try training.settings(inputs: input.data.inputs)
        if training.stumps.minimumUsers == nil { settings = settings.suited(to: input.data) }
        settings.monitor = monitor
        settings.kind = candidates?.kinds.first ?? settings.kind
        var pipeline = ModelBacktest(input, settings: settings, observer: TerminalObserver())
        (pipeline.period, pipeline.firstOrigin) = (try rolling.length(), try rolling.first(events))
        pipeline.search = candidates?.search(training, settings)
        (pipeline.zone, pipeline.predictions) = (events.zone, predictions)
        let result = try await Interruption.asking({
            monitor.stop()
            Terminal.note("stopping with the origins that are done; Ctrl-C again ends at once")
        }) {
            try await pipeline.run(clock: clock)
        }
        let report = BacktestReport(
            result: result, input: input, kind: training.givenModel?.rawValue ?? settings.kind.rawValue,
            zone: events.zone, clock: clock)
        try PageFile.write(report.html, to: html)
        try Terminal.result(report.rendered(format))
        guard result.isWhole else { throw ExitCode(ExitStatus.interrupted.rawValue) }
    }
}

extension BacktestCommand {
    /// The candidates of each origin; nil where one kind is tested, as it is unless `--model auto` says
    /// otherwise.
    fileprivate var candidates: CandidateOptions? {
        training.givenModel == .auto ? CandidateOptions(training) : nil
    }
}

/// The formats of a backtest's report.
enum BacktestFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json, csv
}
