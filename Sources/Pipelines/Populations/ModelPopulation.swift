package import LimpetEvaluation
package import LimpetEvents
import LimpetFeatures
import LimpetFiles
package import LimpetScoring

/// The rows of a log or of a table with a model's inputs, for commands that need a whole population.
package struct ModelPopulation {
    package let numbers: [[Double]]
    package let keys: [[UInt64]]
    package let rowCount: Int
    /// A number for the user of each row.
    package let users: [Int32]
    /// The labels of rows that have one; nil where no label is known at all.
    package let labels: [Bool?]?
    /// The values of a table's target, where it has labels.
    package var target: TargetValues?
    /// The weights of the rows; nil where each counts once.
    package var weights: [Double]?
    /// The texts of categories by key.
    package let names: CategoryNames
    /// The name of a row in messages and lists.
    package let rowName: (Int) -> String
    /// The effect of the length of the log on each input.
    package let histories: [InputHistory]
    /// The check that scores are finite numbers.
    package let check: (Scorer) -> FiniteScores

    /// Returns the scores of a model with the same inputs.
    ///
    /// - Throws: `InputError` when one is no finite number.
    package func scores(_ scorer: Scorer) throws(InputError) -> [Scorer.Score] {
        let scores = scorer.scores(numbers: numbers, keys: keys, rowCount: rowCount)
        try check(scorer).check(scores)
        return scores
    }

    /// Returns the rows whose label is known, with a model's scores of them; nil without any.
    package func outcomes(_ scores: [Scorer.Score]) -> Outcomes? {
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
    /// - Parameter snapshotTimes: the times of the scores, each of the events before it; empty for the end of
    ///   the log.
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
            histories: InputHistory.ofInputs(
                verified.scorer.model, in: log.log, first: snapshotTimes.min() ?? log.dataUntil),
            check: { FiniteScores($0, table: snapshots, file: source.name) })
    }

    /// Reads the rows of a table. Labels are read where it has the target's column or one is named.
    package static func read(
        _ verified: ModelFile.Verified, table source: TableSource, threads: Int
    ) async throws -> ModelPopulation {
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
        let groups = try source.group.map { TableSource.codes(try read.column($0, flag: "--group").texts) }
        return ModelPopulation(
            numbers: inputs.numbers, keys: inputs.keys, rowCount: inputs.rowCount,
            users: groups ?? (0..<inputs.rowCount).map { Int32($0) }, labels: labels,
            target: values, weights: try source.weights(of: read),
            names: CategoryNames(read, inputs: model.inputs), rowName: { ids[$0] },
            histories: model.inputs.map { _ in .independent },
            check: { FiniteScores($0, table: read, inputs: inputs) })
    }
}
