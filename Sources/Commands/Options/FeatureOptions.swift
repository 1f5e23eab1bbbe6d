import ArgumentParser
import LimpetPipelines

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

    /// Returns the feature set of the file, or the proposal where none is named.
    func source() throws -> FeatureSource {
        guard let features else { return .proposal(systemEvents: systemEvents) }
        let source = try FeatureSource.file(features)
        guard systemEvents.isEmpty else {
            throw ValidationError("--system-events stands in the feature set's file when --features is given")
        }
        return source
    }

    /// Returns the extraction of the features that the flags describe.
    func extraction(
        events: EventOptions, labels: LabelOptions, snapshots: SnapshotOptions, threads: Int
    ) throws -> LogExtraction {
        let (label, population) = (try labels.label(), try labels.population())
        let features = try source()
        return LogExtraction(
            try events.source(), label: label, population: population,
            snapshots: try snapshots.settings(events), features: features, asKnown: asKnown, threads: threads)
    }
}
