import LimpetPipelines
import LimpetDocuments
import ArgumentParser
import LimpetEvents
import LimpetFiles
import LimpetParallel
import LimpetScoring

/// `limpet import`.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Sort event logs into one columnar file, which every command reads faster.",
        discussion: """
            limpet import --events 2011-*.csv.gz --output log.limpetlog
            limpet train --events log.limpetlog --churn-after 30d --output model.json
            Parquet comes in by a pipe:
            duckdb -c "copy (from 'x.parquet') to '/dev/stdout' (format csv)" \\
              | limpet import --events - --output log.limpetlog

            The file is the same whatever --memory is. Rows beyond that are laid
            aside beside the output until they are merged; they need about the
            output's size there.
            """)

    @OptionGroup(title: "Event log") var events: EventOptions

    @Option(help: "The columnar log, usually named .limpetlog; - is standard output.")
    var output: String

    @Option(help: "What an import may take before rows are laid aside, e.g. 512MB; texts may need more.")
    var memory = "1GB"

    @Flag(help: "Leave out message ids, 16 bytes each, which serve needs to know messages that come again.")
    var noMessageIds = false

    @Option(help: "How the summary is printed on standard error: text or json.")
    var format = OutputFormat.text

    func validate() throws {
        try UnusedFlags.refuse(
            [("--data-until", events.dataUntil != nil)],
            because: "the file keeps all events; the commands that read it take the flag")
        try UnusedFlags.refuse(
            [("--attributes", !events.attributes.isEmpty)],
            because: "the file keeps events; the commands that read it take the flag")
        _ = try MemorySize.bytes(memory, flag: "--memory")
        if output.ends(with: ".gz") {
            throw ValidationError("--output \(output): a columnar log is packed already; drop the .gz")
        }
        try DistinctFiles.check(
            inputs: events.inputFiles, outputs: events.rejectFiles + [("--output", output)])
    }

    func run() async throws {
        for path in events.paths where try ColumnarLog.isOne(path: path) {
            throw InputError(InputPlace(file: path), "is a columnar log already; expected events as rows")
        }
        let clock = StageClock.ofProcess()
        clock.begin(.read)
        var writer = ColumnarLogWriter(
            path: output, memory: try MemorySize.bytes(memory, flag: "--memory"), threads: Processors.count,
            keepsMessageIDs: !noMessageIds)
        try events.source().read(into: &writer)
        clock.begin(.write)
        let bar = ProgressBar("writing")
        let runs = writer.runCount
        let summary = try writer.finish { bar.update($0) }
        bar.finish()
        if summary.duplicateCount > 0 {
            Terminal.note(
                "\(Format.count(summary.duplicateCount)) rows repeat a message id and were left out")
        }
        Terminal.note(format == .json ? document(summary, runs, clock).pretty : text(summary, runs, clock))
    }

    private func text(_ summary: ColumnarLogSummary, _ runs: Int, _ clock: StageClock) -> String {
        let span = "\(summary.span.lowerBound) to \(summary.span.upperBound)"
        let laidAside = runs > 0 ? ", sorted in \(runs + 1) runs" : ""
        let times = StagesReport(clock).text.map { "\n" + $0 } ?? ""
        return """
            \(Format.count(summary.rows)) events of \(Format.count(summary.users)) users, \
            \(Format.count(summary.eventNames.count)) names, \(Format.count(summary.properties.count)) \
            properties, \(span)\(laidAside)\(times)
            """
    }

    private func document(_ summary: ColumnarLogSummary, _ runs: Int, _ clock: StageClock) -> JSON {
        .object([
            "rows": .number(summary.rows), "users": .number(summary.users),
            "duplicates": .number(summary.duplicateCount),
            "eventNames": .array(summary.eventNames.map { .string($0) }),
            "properties": .array(summary.properties.map { .string($0) }),
            "first": .string(summary.span.lowerBound.description),
            "last": .string(summary.span.upperBound.description),
            "runs": .number(max(1, runs + (runs > 0 ? 1 : 0))),
            "seconds": StagesReport(clock).document,
        ])
    }
}
