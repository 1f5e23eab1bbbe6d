package import LimpetEvaluation
package import LimpetEvents
import LimpetFeatures
import LimpetFiles
package import LimpetScoring

/// Rows of a log or of a table with a model's inputs: for commands that look at a population as a whole.
package struct ModelPopulation {
    package let numbers: [[Double]]
    package let keys: [[UInt64]]
    package let rowCount: Int
    /// The user of each row, as any number.
    package let users: [Int32]
    /// The labels of rows that have one; nil where no label is known at all.
    package let labels: [Bool?]?
    /// The texts behind the keys of categories.
    package let names: CategoryNames
    /// What a row is called in messages and lists.
    package let rowName: (Int) -> String
    /// Names the first row whose score is no number.
    package let check: (Scorer) -> FiniteScores

    /// The scores of a model with the same inputs.
    ///
    /// - Throws: `InputError` when one is no finite number.
    package func scores(_ scorer: Scorer) throws(InputError) -> [Scorer.Score] {
        let scores = scorer.scores(numbers: numbers, keys: keys, rowCount: rowCount)
        try check(scorer).check(scores)
        return scores
    }

    /// The rows whose label is known, with a model's scores of them; nil without any.
    package func outcomes(_ scores: [Scorer.Score]) -> Outcomes? {
        guard let labels else { return nil }
        let rows = labels.indices.filter { labels[$0] != nil }
        guard !rows.isEmpty else { return nil }
        return Outcomes(
            logOdds: rows.map { scores[$0].logOdds }, probabilities: rows.map { scores[$0].probability },
            labels: rows.map { labels[$0] ?? false }, users: rows.map { users[$0] })
    }
}

extension ModelPopulation {
    /// The model's population of a log.
    ///
    /// - Parameter snapshotTimes: the times of the scores, each of the events before it; none for the end of the log.
    package static func read(
        _ verified: ModelFile.Verified, log source: LogSource, at snapshotTimes: [Timestamp], threads: Int
    ) async throws -> ModelPopulation {
        let log = try ModelLog(verified, source: source)
        let snapshots = try await log.population(at: snapshotTimes, threads: threads)
        return ModelPopulation(
            numbers: snapshots.numbers, keys: snapshots.keys, rowCount: snapshots.count,
            users: snapshots.users, labels: snapshots.labels,
            names: CategoryNames(log.log, features: log.plan.featureSet.features),
            rowName: { snapshots.userIDs[Int(snapshots.users[$0])] },
            check: { FiniteScores($0, table: snapshots, file: source.name) })
    }

    /// The rows of a table. Labels are read where it has the target's column or one is named.
    package static func read(
        _ verified: ModelFile.Verified, table source: TableSource
    ) throws -> ModelPopulation {
        let model = verified.scorer.model
        let categories = Set(model.inputs.filter(\.isCategorical).map(\.name))
        var target = source.target
        var positive = source.positive
        if case .table(let own, let ownPositive) = model.source {
            target = target ?? own
            positive = positive ?? ownPositive
        }
        let read = try source.read(texts: categories.union([target].compactMap { $0 }))
        let inputs = try ModelTable(read, model: model)
        let ids = try source.ids(of: read)
        let hasTarget = target.map { name in read.columns.contains { $0.name == name } } ?? false
        var labels: [Bool?]?
        if hasTarget || source.target != nil, let target, let positive {
            labels = try source.labels(of: read, target: target, positive: positive)
        }
        let groups = try source.group.map { TableSource.codes(try read.column($0, flag: "--group").texts) }
        return ModelPopulation(
            numbers: inputs.numbers, keys: inputs.keys, rowCount: inputs.rowCount,
            users: groups ?? (0..<inputs.rowCount).map { Int32($0) }, labels: labels,
            names: CategoryNames(read), rowName: { ids[$0] },
            check: { FiniteScores($0, table: read, inputs: inputs) })
    }
}
