import LimpetPipelines
import LimpetDocuments
import ArgumentParser
import LimpetEvents
import LimpetFeatures
import LimpetFiles
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
        let set = FeatureProposal(systemEvents: systemEvents, excluded: Set(exclude))
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
        let rows: (count: Int, features: Int)
        if let plan = try givenPlan() {
            rows = try await extract(plan)
        } else {
            rows = try await extractProposed()
        }
        Terminal.note("\(Format.count(rows.count)) rows × \(rows.features) features")
    }

    /// The plan of the features to extract; nil where a set is proposed from the log.
    private func givenPlan() throws -> FeaturePlan? {
        if let model {
            let verified = try ModelFile.read(model)
            guard case .log(let set, let population, let label) = verified.scorer.model.source else {
                throw ValidationError("the model is of a flat table, which has no features to extract")
            }
            let other = try labels.isGiven ? labels.label() : nil
            return try FeaturePlan(set, population: population, label: other ?? label, zone: verified.zone)
        }
        guard let set = try features.fromFile() else { return nil }
        return try FeaturePlan(
            set, population: try labels.population(), label: try labels.label(),
            zone: try LogExtraction.zone(of: set))
    }

    /// Extracts in partitions of users where the log allows it, so that memory does not grow with the log.
    private func extract(_ plan: FeaturePlan) async throws -> (count: Int, features: Int) {
        let columns = plan.featureSet.columns
        let pass = try LogPass(events.source(), amounts: columns.numbers, texts: columns.texts)
        let snapshotTimes = try snapshots.snapshotTimes(
            events: events, span: pass.span, end: pass.end,
            horizon: plan.label?.horizon ?? TimeSpan(milliseconds: 0))
        let writer = try FeatureTableWriter(path: output, features: plan.featureSet.features)
        let bar = ProgressBar("extracting")
        defer { bar.finish() }
        var isFirst = true
        try await pass.forEach { log, known, end in
            if isFirst { try check(log, known, plan.featureSet.features) }
            isFirst = false
            let table = try await SnapshotTable.extract(
                from: log, plan: plan, at: snapshotTimes, dataUntil: pass.end, asKnown: features.asKnown,
                threads: threads, observer: SilentObserver())
            try writer.write(table, of: log)
            bar.update(Double(end) / Double(max(1, pass.rows)))
        }
        try writer.finish()
        return (writer.count, plan.featureSet.features.count)
    }

    /// Extracts the features that are proposed for the log, which is read whole for that.
    private func extractProposed() async throws -> (count: Int, features: Int) {
        var clock = Stopwatch()
        let extracted = try await LogExtraction(
            events: events, labels: labels, snapshots: snapshots, features: features, threads: threads
        ).run(clock: &clock)
        let set = extracted.plan.featureSet.features
        try check(extracted.log, events.known(in: extracted.log), set)
        let writer = try FeatureTableWriter(path: output, features: set)
        try writer.write(extracted.table, of: extracted.log)
        try writer.finish()
        return (writer.count, set.count)
    }

    private func check(_ log: EventLog, _ known: KnownEvents, _ set: [Feature]) throws {
        try labels.check(known)
        known.warn(features.systemEvents, flag: "--system-events")
        known.warn(set, in: try features.document())
        try features.check(log, file: events.fileNames)
    }
}
