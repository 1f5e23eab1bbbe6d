import LimpetDocuments
public import LimpetEvents
public import LimpetFeatures
import LimpetFiles
package import LimpetParallel
package import LimpetTraining

/// A log with the features of its users at snapshot times.
public struct ExtractedLog: Sendable {
    /// The log, with the columns that the features read.
    public let log: EventLog
    /// The features, the population and the label.
    public let plan: FeaturePlan
    /// The snapshots: one user at one snapshot time each.
    public let table: SnapshotTable
    /// The snapshot times, as they were given or found.
    public let snapshotTimes: [Timestamp]
    /// The exclusive end of the log.
    public let dataUntil: Timestamp

    /// The facts that a model records.
    package var facts: TrainingLog {
        TrainingLog(dataUntil: dataUntil, events: log.count, zone: plan.zone)
    }
}

/// An extraction: it reads a log, finds its feature set and snapshot times, and extracts all snapshots.
///
///     let churn = Label(kind: .inactivity, events: .any, horizon: .days(30))
///     let active = Population(activeWithin: .days(30))
///     let extraction = LogExtraction(LogSource(["events.csv.gz"]), label: churn, population: active)
///     let extracted = try await extraction.run()
public struct LogExtraction: Sendable {
    /// The log, whose observer is told of the stages and receives warnings.
    public var source: LogSource
    /// The label; nil for none.
    public var label: Label?
    /// The users who get a snapshot.
    public var population: Population
    /// The snapshot times.
    public var snapshots: SnapshotSettings
    /// The features.
    public var features: FeatureSource
    /// True when each snapshot sees only what had arrived by its time.
    public var asKnown: Bool
    /// The number of users worked on at the same time; no result depends on it.
    public var threads: Int
    /// The largest number of values of the snapshots that are written together; those of one user more where
    /// they have more.
    package var partValues = SnapshotTable.partValues
    /// False for the label of a model, whose events a later log need not have.
    package var requiresLabel = true
    /// False for the population of a model.
    package var requiresPopulation = true

    /// Makes an extraction.
    public init(
        _ source: LogSource, label: Label? = nil, population: Population = Population(),
        snapshots: SnapshotSettings = SnapshotSettings(), features: FeatureSource = .proposal(),
        asKnown: Bool = false, threads: Int = Processors.count
    ) {
        (self.source, self.label, self.population) = (source, label, population)
        (self.snapshots, self.features) = (snapshots, features)
        (self.asKnown, self.threads) = (asKnown, threads)
    }

    /// Reads the log and extracts its snapshots.
    ///
    /// - Throws: ``RequestError``, `InputError`, `FileError`, or ``ConfigurationError`` for a feature set
    ///   whose time zone is unknown; an error for a label or a population of events that never occur.
    public func run() async throws -> ExtractedLog {
        try await run(clock: StageClock())
    }

    /// Reads the log and extracts its snapshots.
    ///
    /// - Parameter clock: is told the stages.
    package func run(clock: StageClock) async throws -> ExtractedLog {
        clock.begin(.read)
        let columns = features.given?.columns
        let log = try source.read(amounts: columns?.numbers ?? [:], texts: columns?.texts)
        return try await run(on: log, clock: clock)
    }

    /// Extracts the snapshots of a log that is read, with the columns of the feature set, or all of them for
    /// a proposal.
    func run(on log: EventLog, clock: StageClock) async throws -> ExtractedLog {
        clock.begin(.extract)
        let proposedBefore = try snapshotTimes(span: log.span, end: source.end(of: log)).max()
        let set = featureSet(for: log, before: proposedBefore ?? source.end(of: log))
        // Rows may go where amounts make it read the log again, so that it may end earlier.
        let log = try source.reading(amountsOf: set, in: log)
        let end = source.end(of: log)
        let snapshotTimes = try snapshotTimes(span: log.span, end: end)
        let plan = try FeaturePlan(set, population: population, label: label, zone: set.zoneRules())
        // A misspelt event is told before the work, not after it.
        try check(log, source.known(in: log), set)
        let table = try await SnapshotTable.extract(
            from: log, plan: plan, at: snapshotTimes, dataUntil: end, asKnown: asKnown, threads: threads,
            observer: source.observer)
        return ExtractedLog(log: log, plan: plan, table: table, snapshotTimes: snapshotTimes, dataUntil: end)
    }

    /// Returns the snapshot times for a log.
    package func snapshotTimes(
        span: (first: Timestamp, last: Timestamp)?, end: Timestamp
    ) throws -> [Timestamp] {
        try snapshots.times(
            of: source, span: span, end: end, horizon: label?.horizon ?? TimeSpan(milliseconds: 0))
    }

    /// Returns the feature set for a log, proposed from the events before `end` where none is given.
    package func featureSet(for log: EventLog, before end: Timestamp) -> FeatureSet {
        features.set(for: log, population: population, before: end, zone: source.zone)
    }

    /// Refuses a label or a population of events that the log does not have, and one without arrivals where
    /// they are needed; warns of features that read nothing.
    package func check(_ log: EventLog, _ known: KnownEvents, _ set: FeatureSet) throws {
        guard !asKnown || log.received != nil else {
            throw InputError(
                InputPlace(file: source.name),
                "no event says when it came in, which --as-known needs; name its column with "
                    + "--received-column")
        }
        try known.check(requiresLabel ? label : nil, requiresPopulation ? population : nil)
        known.warn(features.systemEvents, flag: "--system-events")
        known.warn(set.features, in: features.document)
    }
}
