import LimpetPipelines
import LimpetDocuments
import ArgumentParser
import LimpetEvaluation
import LimpetEvents
import LimpetFiles
import LimpetParallel
import LimpetScoring

/// `limpet monitor`.
struct MonitorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "monitor",
        abstract: "Compare a population with the one that a model was trained on.",
        discussion: """
            limpet monitor --model model.json --events log.csv
            Of a month ago, whose outcomes are known by now:
              limpet monitor --model model.json --events log.csv --at 2011-09-01
            For a job that must notice:
              limpet monitor --model shop@champion --table today.csv --fail-above 0.25

            Each input and the score have a population stability index (PSI) in the
            model's own bins: worth a look from 0.1 on, an alarm from 0.25 on, and
            chance where it is within what as few rows move by themselves. AUC and
            log loss are estimated from the probabilities, which assumes that the
            concept has not drifted, and realised where labels are known.

            With --fail-above the exit code is 1 when a PSI that is not chance is
            above it.
            """)

    @Option(help: "Model file, or a model of a registry such as name@champion.")
    var model: String

    @OptionGroup(title: "Population") var population: PopulationOptions
    @OptionGroup(title: "Confidence intervals") var intervals: IntervalOptions

    @Option(help: "Also writes the report as one HTML page, with plots, to this file.")
    var html: String?

    @Option(help: "A PSI that ends the command with exit code 1.")
    var failAbove: Double?

    @Option(help: "How the report is printed: text or json.")
    var format = OutputFormat.text

    func validate() throws {
        guard failAbove.map({ $0 > 0 && $0.isFinite }) ?? true else {
            throw ValidationError("--fail-above must be above 0")
        }
        try DistinctFiles.check(
            inputs: population.inputFiles + [("--model", model)],
            outputs: population.events.rejectFiles + [("--html", html)])
    }

    func run() async throws {
        let clock = StageClock.ofProcess()
        clock.begin(.read)
        let verified = try ModelFile.read(model)
        let rows = try await population.read(verified, clock: clock)
        let report = try await DriftReport(
            verified, rows, bootstrap: intervals.parsed, threads: population.threads,
            observer: TerminalObserver(), clock: clock)
        try PageFile.write(report.html, to: html)
        let stages = StagesReport(clock)
        try Terminal.result(
            format == .json ? stages.adding(to: report.document).pretty : stages.adding(to: report.text))
        if let failAbove, let worst = report.worst, worst.stability.index > failAbove {
            Terminal.note(
                "\(worst.name) has moved by \(Format.fixed(worst.stability.index, 3)), above "
                    + "--fail-above \(failAbove)")
            throw ExitCode(1)
        }
    }
}
