public import LimpetEvaluation
public import LimpetEvents
import LimpetFeatures
import LimpetFiles
package import LimpetParallel
public import LimpetScoring

/// The rows of a log or of a table with a model's inputs, where a whole population is needed.
///
///     let model = try ModelFile.read("model.json")
///     let rows = try await ModelPopulation.read(model, log: LogSource(["log.csv"]))
///     let scores = try rows.scores(model.scorer)
///     print(rows.rowName(0), scores[0].probability)
public struct ModelPopulation: Sendable {
    /// The values of the inputs that are numbers, `[inputs][rows]`; an input of texts has no rows here.
    public let numbers: [[Double]]
    /// The keys of the inputs that are texts, `[inputs][rows]`; an input of numbers has no rows here.
    public let keys: [[UInt64]]
    /// The number of rows.
    public let rowCount: Int
    /// A number for the user of each row.
    public let users: [Int32]
    /// The labels of rows that have one; nil where no label is known at all.
    public let labels: [Bool?]?
    /// The values of a table's target, where it has labels.
    public let target: TargetValues?
    /// The weights of the rows; nil where each counts once.
    public let weights: [Double]?
    /// The texts of categories by key.
    package let names: CategoryNames
    /// The name of a row in messages and lists.
    public let rowName: @Sendable (Int) -> String
    /// The effect of the length of the log on each input.
    package let histories: [InputHistory]
    /// The check that scores are finite numbers.
    package let check: @Sendable (Scorer) -> FiniteScores

    /// Returns the scores of a model with the same inputs.
    ///
    /// - Throws: `InputError` when one is no finite number.
    public func scores(_ scorer: Scorer) throws(InputError) -> [Scorer.Score] {
        let scores = scorer.scores(numbers: numbers, keys: keys, rowCount: rowCount)
        try check(scorer).check(scores)
        return scores
    }

    /// Returns the rows whose label is known, with a model's scores of them; nil without any.
    public func outcomes(_ scores: [Scorer.Score]) -> Outcomes? {
        guard let labels else { return nil }
        let rows = labels.indices.filter { labels[$0] != nil }
        guard !rows.isEmpty else { return nil }
        return Outcomes(
            logOdds: rows.map { scores[$0].logOdds }, probabilities: rows.map { scores[$0].probability },
            labels: rows.map { labels[$0] ?? false }, users: rows.map { users[$0] },
            weights: weights.map { weights in rows.map { weights[$0] } })
    }
}

extension ModelPopulation {
    /// Reads the model's population of a log.
    ///
    /// - Parameters:
    ///   - verified: the model.
    ///   - source: the log, whose observer is told of the stages and receives warnings.
    ///   - snapshotTimes: the times of the scores, each of the events before it; empty for the end of the
    ///     log.
    ///   - threads: the number of parts worked on at the same time; no result depends on it.
    /// - Throws: ``RequestError`` when the model is of a table, `InputError` when nobody is in its
    ///   population, and the errors of reading a log.
    public static func read(
        _ verified: ModelFile.Verified, log source: LogSource, at snapshotTimes: [Timestamp] = [],
        threads: Int = Processors.count
    ) async throws -> ModelPopulation {
        try await read(verified, log: source, at: snapshotTimes, threads: threads, clock: StageClock())
    }

    /// Reads the model's population of a log.
    ///
    /// - Parameter clock: is told the stages.
    package static func read(
        _ verified: ModelFile.Verified, log source: LogSource, at snapshotTimes: [Timestamp], threads: Int,
        clock: StageClock
    ) async throws -> ModelPopulation {
        clock.begin(.read)
        let log = try ModelLog(verified, source: source)
        clock.begin(.extract)
        let snapshots = try await log.population(at: snapshotTimes, threads: threads)
        return ModelPopulation(
            numbers: snapshots.numbers, keys: snapshots.keys, rowCount: snapshots.count,
            users: snapshots.users, labels: snapshots.labels, target: nil, weights: nil,
            names: CategoryNames(log.log, features: log.plan.featureSet.features),
            rowName: { snapshots.userIDs[Int(snapshots.users[$0])] },
            histories: InputHistory.ofInputs(
                verified.scorer.model, in: log.log, first: snapshotTimes.min() ?? log.dataUntil),
            check: { FiniteScores($0, table: snapshots, file: source.name) })
    }

    /// Reads the rows of a table. Labels are read where it has the target's column or one is named.
    ///
    /// - Parameters:
    ///   - verified: the model.
    ///   - source: the table, whose observer is told of the stages.
    ///   - threads: the number of blocks that are read at the same time.
    /// - Throws: `InputError` for a column that is missing or of another type, a repeated id or a weight
    ///   below 0, and the errors of reading a table.
    public static func read(
        _ verified: ModelFile.Verified, table source: TableSource, threads: Int = Processors.count
    ) async throws -> ModelPopulation {
        try await read(verified, table: source, threads: threads, clock: StageClock())
    }

    /// Reads the rows of a table.
    ///
    /// - Parameter clock: is told the stages.
    package static func read(
        _ verified: ModelFile.Verified, table source: TableSource, threads: Int, clock: StageClock
    ) async throws -> ModelPopulation {
        clock.begin(.read)
        let model = verified.scorer.model
        var target = source.target
        var positive = source.positive
        if case .table(let own, let ownPositive) = model.source {
            target = target ?? own
            positive = positive ?? ownPositive
        }
        let read = try await source.read(
            inputsOf: model, target: target, hasTarget: source.target != nil, threads: threads)
        let inputs = try ModelTable(read, model: model)
        let ids = try source.ids(of: read)
        var (labels, values): ([Bool?]?, TargetValues?)
        if let target, let positive, (try? read.column(target, flag: "--target")) != nil {
            let found = try source.labels(of: read, target: target, positive: positive)
            (labels, values) = (found.labels, found.values)
        }
        let groups = try source.group.map { TableSource.codes(try read.column($0, flag: "--group")) }
        return ModelPopulation(
            numbers: inputs.numbers, keys: inputs.keys, rowCount: inputs.rowCount,
            users: groups ?? (0..<inputs.rowCount).map { Int32($0) }, labels: labels,
            target: values, weights: try source.weights(of: read),
            names: CategoryNames(read, inputs: model.inputs), rowName: { ids[$0] },
            histories: model.inputs.map { _ in .independent },
            check: { FiniteScores($0, table: read, inputs: inputs) })
    }
}
