import LimpetDocuments
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
    /// - Parameters:
    ///   - bytes: how a large log's rows are kept as bins; nil for numbers.
    ///   - clock: is told the stages.
    package static func read(
        _ extraction: LogExtraction, treatment: OfferTreatment?, bytes: ByteSettings? = nil, clock: StageClock
    ) async throws -> TrainingInput {
        guard let label = extraction.label else { throw RequestError("there is no label") }
        guard let bytes else {
            return try await read(
                try await extraction.run(clock: clock), extraction, label, treatment, clock)
        }
        clock.begin(.read)
        let columns = extraction.features.given?.columns
        // Where a log has few events, it is read whole, and its snapshots are numbers.
        let pass = try LogPass(
            extraction.source, amounts: columns?.numbers ?? [:], texts: columns?.texts,
            leastRows: bytes.leastEvents, partRows: bytes.partRows)
        if let log = pass.whole, pass.rows < bytes.leastEvents {
            return try await read(
                try await extraction.run(on: log, clock: clock), extraction, label, treatment, clock)
        }
        let rows = try await ByteExtraction(
            extraction: extraction, label: label, treatment: treatment, settings: bytes, clock: clock
        ).rows(of: pass)
        return TrainingInput(
            file: extraction.source.name, data: rows.data, names: rows.userIDs,
            source: .log(rows.features, extraction.population, label), log: rows.facts,
            treatment: rows.treatment, keptZeros: rows.keptZeros)
    }

    /// Makes the input of extracted snapshots.
    private static func read(
        _ extracted: ExtractedLog, _ extraction: LogExtraction, _ label: Label, _ treatment: OfferTreatment?,
        _ clock: StageClock
    ) async throws -> TrainingInput {
        let source = extraction.source
        clock.begin(.prepare)
        warnOfLeavers(extracted, label, source.observer)
        var data = TrainingData(extracted.table, log: extracted.log, label: label)
        var summary: TreatmentSummary?
        if let treatment {
            if !treatment.isAssumed {
                source.known(in: extracted.log).warn(treatment.offers, flag: "--offer-events")
            }
            (data, summary) = try treatment.applied(to: data, log: extracted.log, observer: source.observer)
        }
        return TrainingInput(
            file: source.name, data: data, names: extracted.log.users,
            source: .log(extracted.plan.featureSet, extracted.plan.population, label), log: extracted.facts,
            treatment: summary)
    }

    /// Warns where silence is predicted of users who have already left by an event that says so.
    private static func warnOfLeavers(
        _ extracted: ExtractedLog, _ label: Label, _ observer: any PipelineObserver
    ) {
        guard label.kind == .inactivity else { return }
        let left = extracted.plan.population.hasNotDone?.names ?? []
        for event in LeavingEvent.all(in: extracted.log).prefix(1) where !left.contains(verbatim: event.name)
        {
            let name = event.name.quoted
            observer.note(
                "warning: \(name) says who leaves, and users who have left are in the population, where "
                    + "their silence is no news; leave them out with --has-not-done \(name), or predict the "
                    + "event: --target-event \(name) --horizon 28d")
        }
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
        let (data, target, columns) = try source.trainingData(table)
        ColumnProfile.note(columns, file: table.file, to: source.observer)
        return TrainingInput(
            file: table.file, data: data, names: ids,
            source: .table(target: target.column, positive: target.positive), target: target,
            columns: columns)
    }
}
