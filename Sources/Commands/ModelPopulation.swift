import ArgumentParser
import LimpetEvaluation
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetScoring

/// Rows of a log or of a table with a model's inputs: for commands that look at a population as a whole.
struct ModelPopulation {
    let numbers: [[Double]]
    let keys: [[UInt64]]
    let rowCount: Int
    /// The user of each row, as any number.
    let users: [Int32]
    /// The labels of rows that have one; nil where no label is known at all.
    let labels: [Bool?]?
    /// The texts behind the keys of categories.
    let names: CategoryNames
    /// What a row is called in messages and lists.
    let rowName: (Int) -> String
    /// Names the first row whose score is no number.
    let check: (Scorer) -> FiniteScores

    /// The scores of a model with the same inputs.
    ///
    /// - Throws: `InputError` when one is no finite number.
    func scores(_ scorer: Scorer) throws(InputError) -> [Scorer.Score] {
        let scores = scorer.scores(numbers: numbers, keys: keys, rowCount: rowCount)
        try check(scorer).check(scores)
        return scores
    }

    /// The rows whose label is known, with a model's scores of them; nil without any.
    func outcomes(_ scores: [Scorer.Score]) -> Outcomes? {
        guard let labels else { return nil }
        let rows = labels.indices.filter { labels[$0] != nil }
        guard !rows.isEmpty else { return nil }
        return Outcomes(
            logOdds: rows.map { scores[$0].logOdds }, probabilities: rows.map { scores[$0].probability },
            labels: rows.map { labels[$0] ?? false }, users: rows.map { users[$0] })
    }
}

/// Where a population comes from: the flags that commands about populations share.
struct PopulationOptions: ParsableArguments {
    @OptionGroup(title: "Event log") var events: EventOptions
    @OptionGroup(title: "Flat table") var table: TableOptions

    @Option(
        parsing: .upToNextOption,
        help: "Moments of the scores, of the events before them (default: the end of the log).")
    var at: [String] = []

    @Option(help: "Parts worked on at the same time (default: the processors).")
    var threads = Processors.count

    func validate() throws {
        guard (table.table == nil) != events.events.isEmpty else {
            throw ValidationError("give either --events FILE or --table FILE")
        }
        try table.refuseUnused(events, more: [("--at", !at.isEmpty)])
    }

    var inputFiles: [(String, String?)] { events.inputFiles + [("--table", table.table)] }

    /// Reads the rows for a model. Labels of a table are read where it has the target's column or one is named.
    func read(_ verified: ModelFile.Verified) async throws -> ModelPopulation {
        table.table == nil ? try await readLog(verified) : try readTable(verified)
    }

    private func readLog(_ verified: ModelFile.Verified) async throws -> ModelPopulation {
        let log = try ModelLog(verified, events: events)
        let snapshots = try await log.population(at: at, events: events, threads: threads)
        return ModelPopulation(
            numbers: snapshots.numbers, keys: snapshots.keys, rowCount: snapshots.count,
            users: snapshots.users, labels: snapshots.labels,
            names: CategoryNames(log.log, features: log.plan.featureSet.features),
            rowName: { snapshots.userIDs[Int(snapshots.users[$0])] },
            check: { FiniteScores($0, table: snapshots, file: events.fileNames) })
    }

    private func readTable(_ verified: ModelFile.Verified) throws -> ModelPopulation {
        let model = verified.scorer.model
        let categories = Set(model.inputs.filter(\.isCategorical).map(\.name))
        var target = table.target
        var positive = table.positive
        if case .table(let own, let ownPositive) = model.source {
            target = target ?? own
            positive = positive ?? ownPositive
        }
        let read = try table.read(events.rows, texts: categories.union([target].compactMap { $0 }))
        let inputs = try ModelTable(read, model: model)
        let ids = try table.ids(of: read)
        let hasTarget = target.map { name in read.columns.contains { $0.name == name } } ?? false
        var labels: [Bool?]?
        if hasTarget || table.target != nil, let target, let positive {
            labels = try table.labels(of: read, target: target, positive: positive)
        }
        let groups = try table.group.map { TableOptions.codes(try read.column($0, flag: "--group").texts) }
        return ModelPopulation(
            numbers: inputs.numbers, keys: inputs.keys, rowCount: inputs.rowCount,
            users: groups ?? (0..<inputs.rowCount).map { Int32($0) }, labels: labels,
            names: CategoryNames(read), rowName: { ids[$0] },
            check: { FiniteScores($0, table: read, inputs: inputs) })
    }
}
