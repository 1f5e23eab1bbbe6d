import LimpetDocuments
import ArgumentParser
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetPipelines
import LimpetReports
import LimpetScoring

/// `limpet describe`.
struct DescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract:
            "What an event log or a table holds, what looks wrong in it, and what labels it would give.",
        discussion: """
            limpet describe --events log.csv
            limpet describe --events log.csv --html log.html
            Of a table, what each column is read as:
            limpet describe --table customers.csv --target Churn
            Parquet comes in by a pipe:
            duckdb -c "copy (from 'x.parquet') to '/dev/stdout' (format csv)" \\
              | limpet describe --events -
            """)

    @OptionGroup(title: "Event log") var events: EventOptions
    @OptionGroup(title: "Flat table") var table: TableOptions

    @Option(help: "Also writes the profile as one HTML page, with plots, to this file.")
    var html: String?

    @Flag(help: "Lists users who stand out by id: personal data, so on request alone.")
    var showUsers = false

    @Option(help: "How the profile is printed: text or json.")
    var format = OutputFormat.text

    func validate() throws {
        guard (table.table == nil) != events.events.isEmpty else {
            throw ValidationError("describe either --events FILE or --table FILE")
        }
        try table.refuseUnused(events, more: [("--html", html != nil), ("--show-users", showUsers)])
        try UnusedFlags.refuse(
            [("--data-until", events.dataUntil != nil)], because: "the profile is of all events")
        try DistinctFiles.check(
            inputs: events.inputFiles + [("--table", table.table)],
            outputs: events.rejectFiles + [("--html", html)])
    }

    func run() async throws {
        guard table.table == nil else {
            let report = TableProfileReport(
                profile: try await TableProfile.read(try table.source(events.rows)))
            return try Terminal.result(format == .json ? report.document.pretty : report.text)
        }
        let log = try events.read(amounts: [:], texts: nil, keepsArrivals: true)
        let profile: LogProfile
        do { profile = try LogProfile(log, zone: events.zone) } catch {
            throw InputError(InputPlace(file: events.events.joined(separator: " ")), "\(error)")
        }
        let silences = SilenceProfile(
            log, events: .any, systemEvents: [], until: try events.end(of: log))
        let report = ProfileReport(
            profile, advice: ChurnAdvice(silences, log: log), source: events.events.joined(separator: " "),
            showsUsers: showUsers)
        if let html {
            try FileWriter.write(Array(report.html.utf8), to: html)
        }
        try Terminal.result(format == .json ? report.document.pretty : report.text)
        if let html { Terminal.note("the page is \(html)") }
    }
}
