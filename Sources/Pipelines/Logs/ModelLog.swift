import LimpetDocuments
public import LimpetEvents
public import LimpetFeatures
import LimpetFiles
public import LimpetScoring

/// A log read for a model: its own features, for its own population.
///
///     let log = try ModelLog(ModelFile.read("model.json"), source: LogSource(["log.csv"]))
///     let user = try log.user("u17")
///     print(try user.explanation().score.probability)
///     print(user.change(between: (log.dataUntil - .days(7))...log.dataUntil).change)
public struct ModelLog: Sendable {
    /// The log, with the columns that the features read.
    public let log: EventLog
    /// The features, the population and the label.
    public let plan: FeaturePlan
    /// The exclusive end of the log.
    public let dataUntil: Timestamp
    /// The model.
    let verified: ModelFile.Verified
    /// The files, and the observer.
    let source: LogSource

    /// Reads a log for a model.
    ///
    /// - Parameters:
    ///   - verified: the model.
    ///   - source: the log, whose observer is told of the stages and receives warnings.
    ///   - extra: further features, put after the model's, e.g. for slices of a report.
    ///   - otherLabel: the label to evaluate on instead of the model's own, e.g. with a longer horizon.
    /// - Throws: ``RequestError`` when the model is of a table; `InputError` and others when the log cannot
    ///   be read.
    public init(
        _ verified: ModelFile.Verified, source: LogSource, extra: [Feature] = [], otherLabel: Label? = nil
    ) throws {
        let model = verified.scorer.model
        guard case .log(var set, let population, let label) = model.source else {
            throw RequestError.modelOfTable
        }
        set.features += extra.filter { feature in !set.features.contains { $0.name.isVerbatim(feature.name) }
        }
        log = try source.read(amounts: set.columns.numbers, texts: set.columns.texts)
        source.known(in: log).warnIfForeign(to: model.featureSet?.features ?? [])
        plan = try FeaturePlan(set, population: population, label: otherLabel ?? label, zone: verified.zone)
        dataUntil = source.end(of: log)
        (self.verified, self.source) = (verified, source)
    }

    /// Returns the model's population at snapshot times, or at the end of the log where none are given.
    ///
    /// - Throws: `InputError` when nobody is in it.
    package func population(at snapshotTimes: [Timestamp], threads: Int) async throws -> SnapshotTable {
        let snapshotTimes = snapshotTimes.isEmpty ? [dataUntil] : snapshotTimes
        let snapshots = try await SnapshotTable.extract(
            from: log, plan: plan, at: snapshotTimes, dataUntil: dataUntil, threads: threads,
            observer: source.observer)
        guard snapshots.count > 0 else {
            throw InputError.nobody(in: plan.population, at: snapshotTimes, file: source.name)
        }
        return snapshots
    }
}

extension RequestError {
    /// The error of a log that is given for a model of a table.
    static let modelOfTable = RequestError(
        "the model is of a flat table; give --table FILE instead of --events")
}

extension InputError {
    /// Returns the error of a log in which nobody is in the model's population.
    static func nobody(in population: Population, at times: [Timestamp], file: String) -> InputError {
        InputError(
            InputPlace(file: file),
            "nobody is in the model's population (\(population.description)) at "
                + times.map(\.description).joined(separator: ", "))
    }
}
