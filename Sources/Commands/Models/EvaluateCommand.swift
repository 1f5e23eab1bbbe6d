import LimpetPipelines
import LimpetDocuments
import ArgumentParser
import LimpetFiles
import LimpetParallel
import LimpetScoring

/// `limpet evaluate`.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Evaluate a model on other data than it was trained on.",
        discussion: """
            limpet evaluate --model model.json --events later.csv --at 2011-09-01
            limpet evaluate --model model.json --table other.csv \\
              --target Churn --positive Yes
            limpet evaluate --model model.json --table other.csv --by Contract tenure
            """)

    @Option(help: "Model file.")
    var model: String

    @OptionGroup(title: "Event log") var events: EventOptions
    @OptionGroup(title: "Another label than the model's") var otherLabel: HorizonOptions
    @OptionGroup(title: "Snapshots") var snapshots: SnapshotOptions
    @OptionGroup(title: "Flat table") var table: TableOptions

    @OptionGroup(title: "Confidence intervals") var intervals: IntervalOptions
    @OptionGroup(title: "Profit") var profit: ProfitOptions

    @Option(
        parsing: .upToNextOption,
        help: """
            Also evaluates segments: by these inputs, columns of the table, or properties of the log \
            (their last values).
            """)
    var by: [String] = []

    @Option(help: "Also writes the report as one HTML page, with plots, to this file.")
    var html: String?

    @Option(
        help: """
            Users whose probability is at least this get the offer (default: the threshold that the model \
            ships).
            """)
    var profitThreshold: Double?

    @Option(help: "How the report is printed: text or json.")
    var format = OutputFormat.text

    @Option(help: "Parts worked on at the same time (default: the processors).")
    var threads = Processors.count

    func validate() throws {
        guard (table.table == nil) != events.events.isEmpty else {
            throw ValidationError("evaluate on either --events FILE or --table FILE")
        }
        try table.refuseUnused(events, more: otherLabel.labelFlags + snapshots.snapshotFlags)
        try table.refuseUnread(except: TableOptions.outcomeFlags)
        try ThreadCount.check(threads)
        guard (profitThreshold ?? 0.5).isFinite else {
            throw ValidationError("--profit-threshold is a probability")
        }
        try DistinctFiles.check(
            inputs: events.inputFiles + [("--table", table.table), ("--model", model)],
            outputs: events.rejectFiles + [("--html", html)])
    }

    func run() async throws {
        let clock = StageClock.ofProcess()
        clock.begin(.read)
        let verified = try ModelFile.read(model)
        var evaluation = ModelEvaluation(
            verified, decision: try profit.decision(threshold: profitThreshold, model: verified.scorer.model),
            bootstrap: intervals.parsed, threads: threads)
        (evaluation.clock, evaluation.segments) = (clock, by)
        let report =
            table.table == nil
            ? try await evaluation.run(
                events.source(), otherLabel: otherLabel.label(), snapshots: snapshots.settings(events))
            : try await evaluation.run(table.source(events.rows))
        try PageFile.write(report.html, to: html)
        let stages = StagesReport(clock)
        try Terminal.result(
            format == .json ? stages.adding(to: report.document).pretty : stages.adding(to: report.text))
    }
}
