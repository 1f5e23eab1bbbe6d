import LimpetPipelines
import LimpetDocuments
public import ArgumentParser
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetParallel
import LimpetScoring

/// `limpet score`.
struct ScoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Score all users of a log, or all rows of a table.",
        discussion: """
            Every user of the model's population, at the end of the log:
              limpet score --model model.json --events log.csv --output scores.csv
            Where the model ships a threshold, the last column says whom to contact.
            As of a past time, with the three strongest reasons:
              limpet score --model model.json --events log.csv --at 2011-09-01 \\
                --top-reasons 3
            A table of any size (CSV, or NDJSON with an object a line), in memory that
            does not grow with it; so is a log of limpet import:
              limpet score --model model.json --table users.csv.gz --id user \\
                --top-reasons 0 --output scores.ndjson
            A run of hours that goes on where it was interrupted, when it is
            started again:
              limpet score --model model.json --events log.limpetlog \\
                --output scores.csv --resume
            """)

    @Option(help: "Model file.")
    var model: String

    @OptionGroup(title: "Event log") var events: EventOptions
    @OptionGroup(title: "Flat table") var table: TableOptions

    @Option(
        parsing: .upToNextOption,
        help: "Snapshot times of the scores, each of the events before it (default: the end of the log).")
    var at: [String] = []

    @Option(help: "Reasons that raise the risk, by user.")
    var topReasons = 3

    @Option(
        help: "Mark who has at least this probability, in the last column (default: the model's own, if any)."
    )
    var threshold: Double?

    @Option(help: "File of the scores; - is standard output.")
    var output = "-"

    @Option(help: "csv, or ndjson: an object a line (default: by the end of the file's name, else csv).")
    var lines: ScoreLines.Form?

    @Option(
        parsing: .upToNextOption,
        help: "What is written, of id, time, probability, log_odds, reasons, above_threshold (default: all).")
    var columns: [ScoreLines.Column] = []

    @Flag(help: "Go on with a run that was interrupted; noted beside the output until it is complete.")
    var resume = false

    @Option(help: "How the summary is printed on standard error: text or json.")
    var format = OutputFormat.text

    @Option(help: "Parts worked on at the same time (default: the processors).")
    var threads = Processors.count

    func validate() throws {
        guard (table.table == nil) != events.events.isEmpty else {
            throw ValidationError("score either --events FILE or --table FILE")
        }
        try table.refuseUnused(events, more: [("--at", !at.isEmpty)])
        try table.refuseUnread(except: ["--id"])
        try ThreadCount.check(threads)
        guard (0...20).contains(topReasons) else {
            throw ValidationError("--top-reasons must be from 0 to 20")
        }
        if let threshold, !(0...1).contains(threshold) {
            throw ValidationError("--threshold \(threshold) is no probability from 0 to 1")
        }
        if resume, output == "-" || output.ends(with: ".gz") {
            throw ValidationError("--resume needs an --output that is a plain file, not \(output)")
        }
        if resume, events.rows.rejects != nil {
            throw ValidationError(
                "--resume and --rejects exclude each other: rows rejected before an interruption would be "
                    + "missing")
        }
        try DistinctFiles.check(
            inputs: events.inputFiles + [("--table", table.table), ("--model", model)],
            outputs: events.rejectFiles + [("--output", output)])
    }

    func run() async throws {
        let clock = StageClock.ofProcess()
        clock.begin(.read)
        let verified = try ModelFile.read(model)
        var scoring = try scoring(verified)
        scoring.clock = clock
        if resume, !scoring.isResumable {
            throw ValidationError(
                "--resume needs a log of limpet import: rows of other logs come in any order")
        }
        let running = scoring
        let summary = try await write(verified) { try await running.run(to: $0) }
        let stages = StagesReport(clock)
        Terminal.note(
            format == .json
                ? stages.adding(to: summary.document).compact
                : stages.adding(to: summary.text, separator: "\n"))
    }

    private func scoring(_ verified: ModelFile.Verified) throws -> BatchScoring {
        guard table.table == nil else {
            return BatchScoring(
                verified, table: try table.source(events.rows), lines: form(verified, hasTimes: false),
                threads: threads)
        }
        return try BatchScoring(
            verified, log: try events.source(), at: try events.times(at),
            lines: form(verified, hasTimes: true),
            threads: threads)
    }

    private func write(
        _ verified: ModelFile.Verified, _ scores: (ScoreOutput) async throws -> ScoreSummary
    ) async throws -> ScoreSummary {
        let file =
            resume
            ? try ScoreOutput(resuming: output, identity: try identity(verified), model: verified.hash)
            : try ScoreOutput(path: output)
        if let start = file.start {
            Terminal.note("goes on after \(Format.count(start.summary.rows)) rows that are scored already")
        }
        return try await file.keepingCheckpoint { scored in
            Terminal.note(
                "\(Format.count(scored.rows)) rows are scored; the same command goes on after them")
        } _: {
            let summary = try await scores(file)
            try file.finish()
            return summary
        }
    }

    /// The model, the input and the settings, which a run shares with the interrupted one that it continues.
    private func identity(_ verified: ModelFile.Verified) throws -> VerbatimDictionary<String> {
        let input = table.table ?? events.fileNames
        guard let stamp = FileStamp.of(input) else {
            throw ValidationError("--resume needs a file to read from, which \(input) is not")
        }
        let form = form(verified, hasTimes: table.table == nil)
        let columns = form.columns.map(\.rawValue).sorted().joined(separator: " ")
        return [
            "model": verified.hash, "input": stamp,
            "moments": at.joined(separator: " ") + (events.dataUntil.map { " until \($0)" } ?? ""),
            "id": table.id ?? "none",
            "output": "\(form.form), \(columns), \(form.reasonCount) reasons",
            "threshold": form.threshold.map { "\($0)" } ?? "none",
            "missing texts": events.rows.missingTexts.sorted().joined(separator: " "),
            "delimiter": events.rows.delimiter ?? "guessed",
        ]
    }

    private func form(_ verified: ModelFile.Verified, hasTimes: Bool) -> ScoreLines {
        ScoreLines(
            form: lines ?? ScoreLines.Form(path: output),
            columns: Set(columns.isEmpty ? ScoreLines.Column.allCases : columns), hasTimes: hasTimes,
            reasonCount: topReasons, threshold: threshold ?? verified.scorer.model.decision?.threshold)
    }
}

extension ScoreLines.Form: ExpressibleByArgument {}
extension ScoreLines.Column: ExpressibleByArgument {}

extension ScoreSummary {
    var text: String {
        let most = Double(max(1, tenths.max() ?? 1))
        let plot = (0..<10).map { tenth in
            "  \(tenth * 10)–\(tenth * 10 + 10) %".padded(to: 12)
                + Format.count(tenths[tenth]).paddedLeft(to: 10) + "  "
                + Bar.filled(Double(tenths[tenth]) / most, width: 40)
        }
        return """
            \(Format.count(rows)) scored with model \(hash.prefix(12))…, mean probability \
            \(Format.percent(mean))
            \(plot.joined(separator: "\n"))
            """
    }
}
