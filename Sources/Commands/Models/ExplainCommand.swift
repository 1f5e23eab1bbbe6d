import LimpetPipelines
import LimpetDocuments
import ArgumentParser
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetScoring

/// `limpet explain`.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "What a model has learnt, or one user's score term by term.",
        discussion: """
            limpet explain --model model.json
            limpet explain --model model.json --term recency_any
            limpet explain --model model.json --events log.csv --user 17850 \\
              --at 2011-09-01
            Why the score changed since an earlier time, event by event:
              limpet explain --model model.json --events log.csv --user 17850 \\
                --since 2011-08-01 --at 2011-09-01
            """)

    @Option(help: "Model file.")
    var model: String

    @Option(parsing: .upToNextOption, help: "Only these inputs' terms.")
    var term: [String] = []

    @Option(help: "The user (of --events) or the row's id (of --table) whose score is explained.")
    var user: String?

    @OptionGroup(title: "Event log") var events: EventOptions
    @OptionGroup(title: "Flat table") var table: TableOptions

    @Option(help: "The snapshot time of the score (default: the end of the log).")
    var at: String?

    @Option(help: "Also writes the report as one HTML page, with plots, to this file.")
    var html: String?

    @Option(help: "An earlier time: explains how the score changed from then.")
    var since: String?

    @Option(help: "How the explanation is printed: text or json.")
    var format = OutputFormat.text

    func validate() throws {
        try UnusedFlags.refuse(
            [("--html", html != nil && since != nil)], because: "a change of a score has no page")
        guard user != nil || (events.events.isEmpty && table.table == nil) else {
            throw ValidationError("name the user with --user ID")
        }
        guard user == nil || (table.table == nil) != events.events.isEmpty else {
            throw ValidationError("--user needs either --events FILE or --table FILE")
        }
        if user == nil {
            try UnusedFlags.refuse(
                events.logFlags + events.rows.rowFlags + table.tableFlags
                    + [("--at", at != nil), ("--since", since != nil)],
                because: "this goes with --user")
        } else {
            try UnusedFlags.refuse(
                [("--term", !term.isEmpty)], because: "this is of the model, not of one --user")
            try table.refuseUnused(events, more: [("--at", at != nil), ("--since", since != nil)])
            try table.refuseUnread(except: ["--id"])
        }
        try DistinctFiles.check(
            inputs: events.inputFiles + [("--table", table.table), ("--model", model)],
            outputs: events.rejectFiles + [("--html", html)])
    }

    func run() async throws {
        let verified = try ModelFile.read(model)
        if let user, let since {
            let report = try change(user, since: since, verified)
            try Terminal.result(format == .json ? report.document.pretty : report.text)
        } else if let user {
            let explanation = try await explain(user, verified)
            try PageFile.write(explanation.html, to: html)
            try Terminal.result(format == .json ? explanation.document.pretty : explanation.text)
        } else {
            let known = VerbatimSet(verified.scorer.model.inputs.map(\.name))
            for name in term where !known.contains(name) {
                throw ValidationError(
                    "the model has no input \(name)\(Suggestion.text(for: name, among: known.sorted()))")
            }
            let page = ModelExplanation(
                model: verified.scorer.model, hash: verified.hash, only: VerbatimSet(term))
            try PageFile.write(page.html, to: html)
            try Terminal.result(format == .json ? page.document.pretty : page.text)
        }
    }

    private func change(
        _ user: String, since: String, _ verified: ModelFile.Verified
    ) throws -> ScoreChangeReport {
        let log = try ModelLog(verified, source: events.source())
        let found = try log.user(user)
        let start = try events.time(since, flag: "--since")
        let end = try at.map { try events.time($0, flag: "--at") } ?? log.dataUntil
        guard start < end else {
            throw ValidationError("--since \(since) is \(start), expected a time before \(end)")
        }
        return ScoreChangeReport(
            user: user, snapshotTimes: start...end, change: found.change(between: start...end),
            hash: verified.hash)
    }

    private func explain(_ user: String, _ verified: ModelFile.Verified) async throws -> Explanation {
        guard table.table == nil else {
            return try await Explanation.read(verified, row: user, of: table.source(events.rows))
        }
        let found = try ModelLog(verified, source: events.source()).user(user)
        return try found.explanation(at: at.map { try events.time($0, flag: "--at") })
    }
}
