import LimpetPipelines
import LimpetDocuments
import ArgumentParser
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetParallel
import LimpetScoring

/// `limpet features`.
struct FeaturesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "features",
        abstract: "Propose a feature set, extract features into a table, or prove them right.",
        subcommands: [
            FeaturesInitCommand.self, FeaturesExtractCommand.self, FeaturesCheckCommand.self,
            FeaturesSQLCommand.self,
        ])
}

/// `limpet features init`.
struct FeaturesInitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Propose a feature set for a log, as YAML to read and to change.",
        discussion: """
            limpet features init --events log.csv --until 2011-06-01 \\
              --output features.yaml
            """)

    @OptionGroup(title: "Event log") var events: EventOptions

    @Option(help: "Look only at events before this time, the last training snapshot (default: all).")
    var until: String?

    @Option(
        parsing: .upToNextOption, help: "Events that users do not cause themselves, e.g. offer_shown.")
    var systemEvents: [String] = []

    @Option(parsing: .upToNextOption, help: "Events without features, e.g. the one that is predicted.")
    var exclude: [String] = []

    @Option(help: "YAML file; - is standard output.")
    var output = "-"

    func validate() throws {
        try DistinctFiles.check(
            inputs: events.inputFiles, outputs: events.rejectFiles + [("--output", output)])
    }

    func run() async throws {
        let log = try events.read()
        let known = events.known(in: log)
        known.warn(systemEvents, flag: "--system-events")
        known.warn(exclude, flag: "--exclude")
        let end = try until.map { try events.time($0, flag: "--until") } ?? events.end(of: log)
        let set = FeatureProposal(systemEvents: systemEvents, excluded: VerbatimSet(exclude))
            .propose(for: log, before: end, timeZone: events.timeZone)
        let header = """
            # Features of \(events.events.joined(separator: ", ")), proposed from the events before \(end).
            # Change what you like; limpet train --features reads this file.

            """
        try FileWriter.write(Array((header + set.document.yaml).utf8), to: output)
        Terminal.note("\(set.features.count) features of \(log.eventNames.count) events")
    }
}

/// `limpet features extract`.
struct FeaturesExtractCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extract", abstract: "Write the features of users at snapshot times as a table.",
        discussion: """
            limpet features extract --events log.csv --features features.yaml \\
              --at 2011-09-01 --churn-after 60d --output table.csv
            The very rows of a model, for other tools to be compared with:
            limpet features extract --events log.csv --model model.json \\
              --at 2011-09-01 --output table.csv
            """)

    @OptionGroup(title: "Event log") var events: EventOptions
    @OptionGroup(title: "Label and population") var labels: LabelOptions
    @OptionGroup(title: "Snapshots") var snapshots: SnapshotOptions
    @OptionGroup(title: "Features") var features: FeatureOptions

    @Option(help: "Take features, label and population from this model file.")
    var model: String?

    @Option(help: "CSV file; - is standard output.")
    var output = "-"

    @Option(help: "Parts worked on at the same time (default: the processors).")
    var threads = Processors.count

    func validate() throws {
        try ThreadCount.check(threads)
        if model != nil {
            try UnusedFlags.refuse(
                features.featureFlags + labels.populationFlags,
                because: "features and population are those of --model")
        }
        try DistinctFiles.check(
            inputs: events.inputFiles + [("--features", features.features), ("--model", model)],
            outputs: events.rejectFiles + [("--output", output)])
    }

    func run() async throws {
        let clock = StageClock.ofProcess()
        let written = try await extraction().write(to: output, clock: clock)
        Terminal.note(
            StagesReport(clock).adding(
                to: "\(Format.count(written.rows)) rows × \(written.features) features", separator: "\n"))
    }

    private func extraction() throws -> LogExtraction {
        guard let model else {
            return try features.extraction(
                events: events, labels: labels, snapshots: snapshots, threads: threads)
        }
        let verified = try ModelFile.read(model)
        return try LogExtraction(
            verified, source: events.source(), otherLabel: labels.label(),
            snapshots: snapshots.settings(events), asKnown: features.asKnown, threads: threads)
    }
}
