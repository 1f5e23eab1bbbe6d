import LimpetDocuments
package import LimpetEvents
package import LimpetFeatures
import LimpetFiles
package import LimpetScoring

/// A log read for a model: its own features, for its own population.
package struct ModelLog {
    package let log: EventLog
    package let plan: FeaturePlan
    package let dataUntil: Timestamp
    private let source: LogSource

    /// Reads a log for a model.
    ///
    /// - Parameters:
    ///   - extra: further features, put after the model's, e.g. for slices of a report.
    ///   - otherLabel: the label to evaluate on instead of the model's own, e.g. with a longer horizon.
    /// - Throws: ``RequestError`` when the model is of a table; `InputError` and others when the log cannot
    ///   be read.
    package init(
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
        self.source = source
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
