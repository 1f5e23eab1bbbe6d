import LimpetPipelines
import LimpetDocuments
import ArgumentParser
import LimpetEvents
import LimpetFeatures
import LimpetScoring

/// `limpet label`.
struct LabelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label",
        abstract: "How often users come back after each length of silence: choose a definition of churn.",
        discussion: """
            limpet label --events log.csv
            limpet label --events log.csv --churn-events purchase
            """)

    @OptionGroup(title: "Event log") var events: EventOptions

    @Option(parsing: .upToNextOption, help: "Only these events count as coming back.")
    var churnEvents: [String] = []

    @Option(parsing: .upToNextOption, help: "Events that users do not cause themselves.")
    var systemEvents: [String] = []

    @Option(help: "How the table is printed: text or json.")
    var format = OutputFormat.text

    func validate() throws {
        try DistinctFiles.check(inputs: events.inputFiles, outputs: events.rejectFiles)
    }

    func run() async throws {
        let log = try events.read(texts: [])
        let known = events.known(in: log)
        try known.require(churnEvents, flag: "--churn-events")
        known.warn(systemEvents, flag: "--system-events")
        let profile = SilenceProfile(
            log, events: EventPattern(names: churnEvents), systemEvents: systemEvents,
            until: try events.end(of: log))
        let advice = ChurnAdvice(profile, log: log)
        try Terminal.result(
            format == .json ? document(profile, advice).pretty : text(profile, advice))
    }

    private func document(_ profile: SilenceProfile, _ advice: ChurnAdvice) -> JSON {
        .object([
            "medianGapDays": profile.medianGapDays.map { .number($0) },
            "verdict": .string(advice.verdict.name),
            "wholeFrom": profile.wholeFrom.map { .string($0.description) },
            "suggestion": profile.suggestion().map { .string($0.description) },
            "leavingEvents": .array(
                advice.leaving.map {
                    .object([
                        "name": .string($0.name), "users": .number($0.users),
                        "lastShare": .number($0.lastShare),
                    ])
                }),
            "silences": .array(
                profile.rows.map { row in
                    .object([
                        "silence": .string(row.silence.description), "count": .number(row.count),
                        "returned": .number(row.returned),
                        "returnShare": row.returnShare.map { .number($0) },
                        "silentShare": .number(row.silentShare),
                    ])
                }),
        ])
    }

    private func text(_ profile: SilenceProfile, _ advice: ChurnAdvice) -> String {
        var table = TextTable([
            ("silent for", .right), ("seen", .right), ("came back within as long", .right), ("", .left),
            ("users silent now", .right),
        ])
        for row in profile.rows where row.count > 0 {
            table.append([
                row.silence.description, Format.count(row.count),
                row.isTelling ? Format.percent(row.returnShare) : "too few",
                row.isTelling ? Bar.filled(row.returnShare ?? 0, width: 30) : "",
                Format.percent(row.silentShare),
            ])
        }
        let gap = profile.medianGapDays.map {
            "The median gap between two events is \(Format.span(days: $0))."
        }
        let start = profile.wholeFrom.map {
            "Silences that began before \($0) do not count: until then the log has few events, of users "
                + "who were still there later."
        }
        return ([gap, start, table.text].compactMap { $0 } + advice.sentences).joined(separator: "\n\n")
    }
}
