import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetParallel
import LimpetScoring

/// The model's population of a log, in partitions of users where the log allows it.
struct PopulationRows: ScoringRows {
    private let verified: ModelFile.Verified
    private let flat: FlatScorer
    private let plan: FeaturePlan
    private let pass: LogPass
    private let file: String
    private let snapshotTimes: [Timestamp]
    private let lines: ScoreLines
    private let threads: Int
    private let observer: any PipelineObserver

    /// The number of rows that are scored and written together, and of blocks that are scored before any is
    /// written. Reasons cost more than all else, so that all processors format them.
    private static let (rowsPerBlock, blocksAhead) = (2_048, 64)

    /// Opens the log.
    init(
        _ verified: ModelFile.Verified, source: LogSource, at snapshotTimes: [Timestamp], lines: ScoreLines,
        threads: Int
    ) throws {
        guard case .log(let set, let population, let label) = verified.scorer.model.source else {
            throw RequestError.modelOfTable
        }
        self.verified = verified
        self.lines = lines
        (self.threads, observer) = (threads, source.observer)
        flat = FlatScorer(verified.scorer)
        file = source.name
        plan = try FeaturePlan(set, population: population, label: label, zone: verified.zone)
        pass = try LogPass(source, amounts: set.columns.numbers, texts: set.columns.texts)
        self.snapshotTimes = snapshotTimes.isEmpty ? [pass.end] : snapshotTimes
    }

    var isResumable: Bool { pass.isResumable }

    var errorWithoutRows: InputError? { .nobody(in: plan.population, at: snapshotTimes, file: file) }

    func forEachBatch(
        from start: ScoreCheckpoint?, _ clock: StageClock, progress: @escaping @Sendable (Double) -> Void,
        _ body: (ScoredBatch) throws -> Void
    ) async throws {
        var isFirst = true
        var spent: SnapshotTable?
        var levels = UnseenLevels(verified.scorer.model)
        // The texts are the same in all parts of a log.
        var names: CategoryNames?
        clock.begin(.read)
        try await pass.forEach(from: start?.input.offset ?? 0) { log, known, end in
            if isFirst { known.warnIfForeign(to: plan.featureSet.features) }
            isFirst = false
            let texts = names ?? CategoryNames(log, features: plan.featureSet.features)
            names = texts
            let most = SnapshotTable.mostUsers(
                features: plan.featureSet.features.count, times: snapshotTimes.count)
            for first in stride(from: 0, to: log.users.count, by: most) {
                let users = first..<min(first + most, log.users.count)
                try await score(log, users: users, texts, reusing: &spent, &levels, clock, body)
            }
            let rest = ScoredBlock(hash: verified.hash)
            try body(ScoredBatch(block: rest, end: TablePosition(offset: end, line: 0)))
            progress(Double(end) / Double(max(1, pass.rows)))
            clock.begin(.read)
        }
        for warning in levels.warnings { observer.note(warning) }
    }

    private func score(
        _ log: EventLog, users: Range<Int>, _ names: CategoryNames, reusing spent: inout SnapshotTable?,
        _ levels: inout UnseenLevels, _ clock: StageClock, _ body: (ScoredBatch) throws -> Void
    ) async throws {
        clock.begin(.extract)
        let table = try await SnapshotTable.extract(
            from: log, plan: plan, at: snapshotTimes, dataUntil: pass.end, users: users,
            reusing: spent.take(), threads: threads)
        defer { spent = table }
        clock.begin(.score)
        levels.add(keys: table.keys, rowCount: table.count, name: names.name)
        let size = Self.rowsPerBlock
        let blocks = stride(from: 0, to: table.count, by: size).map { $0..<min($0 + size, table.count) }
        for first in stride(from: 0, to: blocks.count, by: Self.blocksAhead) {
            let some = Array(blocks[first..<min(first + Self.blocksAhead, blocks.count)])
            let (flat, lines, hash, file) = (flat, lines, verified.hash, file)
            let scored = try await concurrentMap(some, threads: threads) { range in
                let rows = SnapshotRows(table: table, range: range, flat: flat, names: names, file: file)
                return ScoredBlock(rows, flat, lines, hash: hash, keepsProbabilities: true)
            }
            for block in scored { try body(ScoredBatch(block: block)) }
        }
    }
}

/// A range of a snapshot table as rows of a model.
private struct SnapshotRows: ScorableRows {
    private let table: SnapshotTable
    private let first: Int
    private let scorer: Scorer
    private let names: CategoryNames
    private let file: String
    let count: Int
    let numbers: [Double]

    init(table: SnapshotTable, range: Range<Int>, flat: FlatScorer, names: CategoryNames, file: String) {
        (self.table, first, count) = (table, range.lowerBound, range.count)
        (scorer, self.names, self.file) = (flat.scorer, names, file)
        var numbers = [Double](repeating: 0, count: flat.width * range.count)
        for (input, description) in flat.scorer.model.inputs.enumerated() {
            var place = input
            for row in range {
                numbers[place] =
                    description.isCategorical
                    ? flat.code(of: TextKey(stored: table.keys[input][row]), input: input)
                    : table.numbers[input][row]
                place += flat.width
            }
        }
        self.numbers = numbers
    }

    func id(_ row: Int) -> String? { table.userIDs[Int(table.users[first + row])] }

    func time(_ row: Int) -> Timestamp? { table.times[first + row] }

    func place(_ row: Int) -> InputPlace {
        FiniteScores.place(table, row: first + row, file: file)
    }

    func vector(_ row: Int) -> (vector: FeatureVector, text: (TextKey) -> String?) {
        (scorer.vector(table, row: first + row), names.name)
    }
}
