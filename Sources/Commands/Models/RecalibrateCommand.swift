import LimpetPipelines
import LimpetDocuments
import ArgumentParser
import LimpetFiles
import LimpetScoring

/// `limpet recalibrate`.
struct RecalibrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recalibrate",
        abstract: "Recalibrate a model's probabilities on rows whose outcome is known.",
        discussion: """
            limpet recalibrate --model model.json --events log.csv \\
              --at 2011-09-01 --output recalibrated.json
            limpet recalibrate --model model.json --table labelled.csv \\
              --output recalibrated.json

            First the intercept is corrected, so that as many are expected as happened.
            The slope is corrected too where that pays beyond chance (5 %), rows of one
            user counting once. Terms, reasons and the order of users stay as they
            are. At least 50 rows of each label are needed.
            """)

    @Option(help: "Model file, or a model of a registry such as name@champion.")
    var model: String

    @OptionGroup(title: "Rows") var population: PopulationOptions
    @OptionGroup(title: "Confidence intervals") var intervals: IntervalOptions

    @Option(help: "Model file to write.")
    var output: String

    @Option(help: "How the report is printed: text or json.")
    var format = OutputFormat.text

    func validate() throws {
        try DistinctFiles.check(
            inputs: population.inputFiles + [("--model", model)],
            outputs: population.events.rejectFiles + [("--output", output)])
    }

    func run() async throws {
        let verified = try ModelFile.read(model)
        let rows = try await population.read(verified)
        let recalibrated = try await RecalibratedModel(
            verified, rows, file: population.table.table ?? population.events.fileNames,
            bootstrap: intervals.parsed, threads: population.threads, observer: TerminalObserver())
        let hash = try ModelFile.write(recalibrated.model, to: output)
        let report = RecalibrationReport(recalibrated, hash: hash)
        try Terminal.result(format == .json ? report.document.pretty : report.text)
        if recalibrated.model.decision != nil {
            Terminal.note("The threshold is that of the old probabilities; choose it anew.")
        }
    }
}
