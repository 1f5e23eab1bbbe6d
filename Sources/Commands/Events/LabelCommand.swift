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
        try Terminal.result(format == .json ? document(profile).pretty : text(profile))
    }

    private func document(_ profile: SilenceProfile) -> JSON {
        .object([
            "medianGapDays": profile.medianGapDays.map { .number($0) },
            "verdict": .string(profile.verdict().name),
            "wholeFrom": profile.wholeFrom.map { .string($0.description) },
            "suggestion": profile.suggestion().map { .string($0.description) },
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

    private func text(_ profile: SilenceProfile) -> String {
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
        return [gap, start, table.text, profile.verdict().sentence].compactMap { $0 }.joined(
            separator: "\n\n")
    }
}

extension SilenceProfile.Verdict {
    /// The advice as one word, for scripts.
    fileprivate var name: String {
        switch self {
        case .goneAfter: "goneAfter"
        case .comesBack: "comesBack"
        case .tooLittle: "tooLittle"
        }
    }

    fileprivate var sentence: String {
        switch self {
        case .goneAfter(let silence):
            "After \(silence) of silence at most one user in five comes back within as long again: "
                + "a first choice is --churn-after \(silence)."
        case .comesBack(let longest):
            "Up to \(longest) of silence, more than one user in five comes back within as long again. "
                + "Churn is not a matter of silence here, or the log is too short: try --churn-events, "
                + "or a longer log."
        case .tooLittle:
            "Too little data to tell: no length of silence was seen \(SilenceProfile.leastSilences) times "
                + "and then watched for as long again. Take a longer log, or more users."
        }
    }
}
