import LimpetEvents
import LimpetFeatures
import LimpetFiles
package import LimpetParallel
import LimpetScoring
import LimpetTraining

extension TrainingInput {
    /// Reads a log and extracts the snapshots that have a label.
    ///
    /// - Parameters:
    ///   - extraction: the log, with a label.
    ///   - treatment: the offers of the log; nil to look for none.
    /// - Throws: ``RequestError`` without a label, and the errors of ``LogExtraction/run()``.
    public static func read(
        _ extraction: LogExtraction, treatment: OfferTreatment? = nil
    ) async throws -> TrainingInput {
        try await read(extraction, treatment: treatment, clock: StageClock())
    }

    /// Reads a log and extracts the snapshots that have a label.
    ///
    /// - Parameter clock: is told the stages.
    package static func read(
        _ extraction: LogExtraction, treatment: OfferTreatment?, clock: StageClock
    ) async throws -> TrainingInput {
        guard let label = extraction.label else { throw RequestError("there is no label") }
        let source = extraction.source
        let extracted = try await extraction.run(clock: clock)
        clock.begin(.prepare)
        var data = TrainingData(extracted.table, log: extracted.log, label: label)
        var summary: TreatmentSummary?
        if let treatment {
            if !treatment.isAssumed {
                source.known(in: extracted.log).warn(treatment.offers, flag: "--offer-events")
            }
            (data, summary) = try treatment.applied(to: data, log: extracted.log, observer: source.observer)
        }
        return TrainingInput(
            file: source.name, data: data, ids: data.users.map { extracted.log.users[Int($0)] },
            source: .log(extracted.plan.featureSet, extracted.plan.population, label), log: extracted,
            treatment: summary)
    }

    /// Reads a table with its target.
    ///
    /// - Parameter threads: the number of blocks that are read at the same time.
    /// - Throws: ``RequestError`` when the source names no target; `FileError`, `InputError` or
    ///   `TooManyBadRows`.
    public static func read(
        _ source: TableSource, threads: Int = Processors.count
    ) async throws -> TrainingInput {
        try await read(source, threads: threads, clock: StageClock())
    }

    /// Reads a table with its target.
    ///
    /// - Parameter clock: is told the stages.
    package static func read(
        _ source: TableSource, threads: Int, clock: StageClock
    ) async throws -> TrainingInput {
        clock.begin(.read)
        let table = try await source.read(threads: threads)
        clock.begin(.prepare)
        let ids = try source.ids(of: table)
        source.warnOfLostMeaning(in: table)
        let (data, target) = try source.trainingData(table)
        return TrainingInput(
            file: table.file, data: data, ids: ids,
            source: .table(target: source.target ?? "", positive: source.positive ?? ""), target: target)
    }
}
