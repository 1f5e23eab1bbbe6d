import LimpetDocuments
import ArgumentParser
import LimpetEvents
import LimpetFiles
import LimpetReports
import LimpetScoring

/// `limpet describe`.
struct DescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "What an event log holds, what looks wrong in it, and what labels it would give.",
        discussion: """
            limpet describe --events log.csv
            limpet describe --events log.csv --html log.html
            Parquet comes in by a pipe:
            duckdb -c "copy (from 'x.parquet') to '/dev/stdout' (format csv)" \\
              | limpet describe --events -
            """)

    @OptionGroup(title: "Event log") var events: EventOptions

    @Option(help: "Also writes the profile as one HTML page, with plots, to this file.")
    var html: String?

    @Flag(help: "Lists users who stand out by id: personal data, so on request alone.")
    var showUsers = false

    @Option(help: "How the profile is printed: text or json.")
    var format = OutputFormat.text

    func validate() throws {
        try UnusedFlags.refuse(
            [("--data-until", events.dataUntil != nil)], because: "the profile is of all events")
        try DistinctFiles.check(
            inputs: events.inputFiles, outputs: events.rejectFiles + [("--html", html)])
    }

    func run() async throws {
        let log = try events.read(amounts: [:], texts: nil, keepsArrivals: true)
        let profile: LogProfile
        do { profile = try LogProfile(log, zone: events.zone) } catch {
            throw InputError(InputPlace(file: events.events.joined(separator: " ")), "\(error)")
        }
        let report = ProfileReport(
            profile, source: events.events.joined(separator: " "), showsUsers: showUsers)
        if let html {
            try FileWriter.write(Array(report.html.utf8), to: html)
        }
        try Terminal.result(format == .json ? report.document.pretty : report.text)
        if let html { Terminal.note("the page is \(html)") }
    }
}
