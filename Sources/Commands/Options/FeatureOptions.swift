import LimpetPipelines
import LimpetDocuments
import ArgumentParser
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetScoring
import LimpetTraining

/// The flags of the features that are extracted from a log.
struct FeatureOptions: ParsableArguments {
    @Option(help: "Feature set in YAML (default: one is proposed from the log, see limpet features init).")
    var features: String?

    @Option(
        parsing: .upToNextOption,
        help: "Events that users do not cause themselves, e.g. offer_shown: no activity, no session.")
    var systemEvents: [String] = []

    @Flag(
        help: """
            Let each snapshot see only what had arrived by its time, by the column of --received-column (or \
            receivedAt of messages).
            """)
    var asKnown = false

    /// Refuses `--as-known` for a log that does not hold when its rows arrived.
    func check(_ log: EventLog, file: String) throws(InputError) {
        guard asKnown, log.received == nil else { return }
        throw InputError(
            InputPlace(file: file),
            "no event says when it came in, which --as-known needs; name its column with --received-column")
    }

    /// Reads the file, keeping the line of each value; returns nil when none is named.
    func document() throws -> YAMLDocument? { try features.map { try YAMLDocument(path: $0) } }

    /// Reads the feature set of the file; returns nil when none is named.
    func fromFile() throws -> FeatureSet? {
        guard let document = try document() else { return nil }
        guard systemEvents.isEmpty else {
            throw ValidationError("--system-events stands in the feature set's file when --features is given")
        }
        return try Self.read(document)
    }

    /// Returns the rules by which a set is proposed: the predicted event gets no features.
    func proposal(for population: Population) -> FeatureProposal {
        FeatureProposal(systemEvents: systemEvents, excluded: Set(population.hasNotDone?.names ?? []))
    }

    /// Returns the feature set of a document.
    static func read(_ document: YAMLDocument) throws -> FeatureSet {
        do {
            return try document.read { node throws(DocumentError) in try FeatureSet(node) }
        } catch {
            throw ConfigurationError(error)
        }
    }
}

/// A log with the features of its users at the snapshot times.
struct ExtractedLog {
    let log: EventLog
    let plan: FeaturePlan
    let table: SnapshotTable
    let snapshotTimes: [Timestamp]
    let dataUntil: Timestamp

    /// The facts that a model records.
    var facts: TrainingLog { TrainingLog(dataUntil: dataUntil, events: log.count, zone: plan.zone) }
}

/// An extraction: it reads a log, finds its feature set and snapshot times, and extracts all snapshots.
struct LogExtraction {
    var events: EventOptions
    var labels: LabelOptions
    var snapshots: SnapshotOptions
    var features: FeatureOptions
    var threads: Int

    /// - Parameter clock: records how long reading and extracting take.
    func run(clock: inout Stopwatch) async throws -> ExtractedLog {
        let label = try labels.label()
        let population = try labels.population()
        let given = try features.fromFile()
        var log = try read(given, population: population, label: label)
        let end = try events.end(of: log)
        clock.lap("read")
        let snapshotTimes = try snapshots.snapshotTimes(
            events: events, span: log.span, end: end, horizon: label?.horizon ?? TimeSpan(milliseconds: 0))
        let set =
            given
            ?? features.proposal(for: population)
            .propose(for: log, before: snapshotTimes.max() ?? end, timeZone: events.timeZone)
        log = try events.reading(amountsOf: set, in: log)
        let plan = try FeaturePlan(set, population: population, label: label, zone: try Self.zone(of: set))
        try features.check(log, file: events.fileNames)
        let table = try await SnapshotTable.extract(
            from: log, plan: plan, at: snapshotTimes, dataUntil: end, asKnown: features.asKnown,
            threads: threads,
            observer: TerminalObserver())
        clock.lap("extract")
        return ExtractedLog(log: log, plan: plan, table: table, snapshotTimes: snapshotTimes, dataUntil: end)
    }

    private func read(_ set: FeatureSet?, population: Population, label: Label?) throws -> EventLog {
        guard let set else { return try events.read() }
        return try events.read(amounts: set.columns.numbers, texts: set.columns.texts)
    }

    static func zone(of set: FeatureSet) throws -> TimeZoneRules {
        guard let zone = ZoneDirectory.system.rules(named: set.timeZone) else {
            throw ConfigurationError(
                InputError(
                    InputPlace(file: "feature set", field: "timeZone"), "\(set.timeZone) is no time zone"))
        }
        return zone
    }
}
