import ArgumentParser
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetParallel
import LimpetScoring

/// Scores the model's population of a log, some users at a time where the log allows it.
struct LogScoring {
    private let verified: ModelFile.Verified
    private let events: EventOptions
    private let plan: FeaturePlan
    private let pass: LogPass
    private let snapshotTimes: [Timestamp]
    private let lines: ScoreLines
    private let threads: Int

    /// Opens the log.
    ///
    /// - Parameter at: snapshot times; none for the end of the log.
    init(
        _ verified: ModelFile.Verified, events: EventOptions, at: [String], lines: ScoreLines, threads: Int
    ) throws {
        guard case .log(let set, let population, let label) = verified.scorer.model.source else {
            throw ValidationError("the model is of a flat table; give --table FILE instead of --events")
        }
        self.verified = verified
        self.events = events
        self.lines = lines
        self.threads = threads
        plan = try FeaturePlan(set, population: population, label: label, zone: verified.zone)
        pass = try LogPass(events, amounts: set.columns.numbers, texts: set.columns.texts)
        snapshotTimes = at.isEmpty ? [pass.end] : try at.map { try events.time($0, flag: "--at") }
    }

    var isResumable: Bool { pass.isResumable }

    /// Scores the users and writes a line for each and each snapshot time.
    func run(to output: ScoreOutput) async throws -> ScoreSummary {
        var summary = output.start?.summary ?? ScoreSummary(hash: verified.hash)
        if output.start == nil, let header = lines.header { try output.write(Array(header.utf8)) }
        let bar = ProgressBar("scoring")
        defer { bar.finish() }
        let first = output.start?.input.offset ?? 0
        var isFirst = true
        var spent: SnapshotTable?
        try await pass.forEach(from: first) { log, known, end in
            if isFirst { known.remarkIfForeign(to: plan.featureSet.features) }
            isFirst = false
            try await score(log, to: output, &summary, reusing: &spent)
            try output.note(TablePosition(offset: end, line: 0), summary, rejected: 0)
            bar.update(Double(end) / Double(max(1, pass.rows)))
        }
        guard summary.rows > 0 else {
            throw InputError(
                InputPlace(file: events.fileNames),
                "nobody is in the model's population (\(plan.population.description)) at "
                    + snapshotTimes.map(\.description).joined(separator: ", "))
        }
        return summary
    }

    private func score(
        _ log: EventLog, to output: ScoreOutput, _ summary: inout ScoreSummary,
        reusing spent: inout SnapshotTable?
    ) async throws {
        let table = try await SnapshotTable.extract(
            from: log, plan: plan, at: snapshotTimes, dataUntil: pass.end, reusing: spent.take(),
            threads: threads)
        defer { spent = table }
        let scores = verified.scorer.scores(table)
        try FiniteScores(verified.scorer, table: table, file: events.fileNames).check(scores)
        for score in scores { summary.add(score.probability) }
        let names = CategoryNames(log, features: plan.featureSet.features)
        // Reasons cost more than all else: they are written by all processors, a few blocks ahead.
        let size = 2_048
        let blocks = stride(from: 0, to: scores.count, by: size).map { $0..<min($0 + size, scores.count) }
        for start in stride(from: 0, to: blocks.count, by: 64) {
            let some = Array(blocks[start..<min(start + 64, blocks.count)])
            let (scorer, lines) = (verified.scorer, lines)
            let written = try await concurrentMap(some, threads: threads) { rows in
                var bytes: [UInt8] = []
                for row in rows {
                    let reasons =
                        lines.reasonCount > 0
                        ? scorer.reasons(
                            scorer.vector(table, row: row), count: lines.reasonCount, categoryName: names.name
                        )
                        : []
                    lines.appendID(table.userIDs[Int(table.users[row])], to: &bytes)
                    lines.append(scores[row], time: table.times[row], reasons: reasons, to: &bytes)
                }
                return bytes
            }
            for bytes in written { try output.write(bytes) }
        }
    }
}
