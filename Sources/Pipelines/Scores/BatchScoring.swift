public import LimpetEvents
import LimpetFiles
package import LimpetParallel
public import LimpetScoring

/// Batch scoring of the model's population of a log, or of the rows of a table, in memory that does not grow
/// with the input where its form allows that.
///
///     let model = try ModelFile.read("model.json")
///     let output = try ScoreOutput(path: "scores.csv")
///     let summary = try await BatchScoring(model, log: LogSource(["events.limpetlog"])).run(to: output)
///     try output.finish()
public struct BatchScoring {
    private let verified: ModelFile.Verified
    private let rows: any ScoringRows
    private let lines: ScoreLines
    private let observer: any PipelineObserver
    /// The clock that is told the stages.
    package var clock = StageClock()

    /// Opens a log.
    ///
    /// - Parameters:
    ///   - snapshotTimes: the times of the scores, each of the events before it; none for the end of the log.
    ///   - lines: what is written of each row; nil for all columns as CSV, with three reasons.
    ///   - threads: the number of parts worked on at the same time.
    /// - Throws: ``RequestError`` when the model is of a table; `InputError` and others when the log cannot
    ///   be read.
    public init(
        _ verified: ModelFile.Verified, log: LogSource, at snapshotTimes: [Timestamp] = [],
        lines: ScoreLines? = nil, threads: Int = Processors.count
    ) throws {
        let lines = lines ?? ScoreLines(verified.scorer.model, hasTimes: true)
        rows = try PopulationRows(verified, source: log, at: snapshotTimes, lines: lines, threads: threads)
        (self.verified, self.lines, observer) = (verified, lines, log.observer)
    }

    /// Prepares to read a table; its file is opened by ``run(to:)``.
    ///
    /// - Parameters:
    ///   - lines: what is written of each row; nil for all columns as CSV, with three reasons.
    ///   - threads: the number of parts worked on at the same time.
    public init(
        _ verified: ModelFile.Verified, table: TableSource, lines: ScoreLines? = nil,
        threads: Int = Processors.count
    ) {
        let lines = lines ?? ScoreLines(verified.scorer.model, hasTimes: false)
        rows = TableRows(verified, source: table, lines: lines, threads: threads)
        (self.verified, self.lines, observer) = (verified, lines, table.observer)
    }

    /// True when a run that was interrupted can go on: of tables, and of columnar logs.
    public var isResumable: Bool { rows.isResumable }

    /// Scores all rows and writes a line for each, in the order of the input; the caller finishes the output.
    ///
    /// - Returns: a summary of the rows, including those of an earlier run that the output continues.
    /// - Throws: `InputError` with the place of the mistake, also for a score that is no finite number;
    ///   `FileError`; `CancellationError`.
    public func run(to output: ScoreOutput) async throws -> ScoreSummary {
        var summary = output.start?.summary ?? ScoreSummary(hash: verified.hash)
        if output.start == nil, let header = lines.header { try output.write(Array(header.utf8)) }
        let stage = observer.begin("scoring")
        defer { stage.finish() }
        try await rows.forEachBatch(
            from: output.start, clock, progress: { stage.update($0) },
            { batch in
                if let failure = batch.block.failure { throw failure }
                try clock.within(.write) {
                    try write(batch.block, to: output, rowsBefore: summary.rows)
                    summary.add(batch.block)
                    if let end = batch.end { try output.note(end, summary, rejected: batch.rejected) }
                }
            })
        // The caller finishes the output.
        clock.begin(.write)
        if summary.rows == 0, let error = rows.errorWithoutRows { throw error }
        return summary
    }

    private func write(_ block: ScoredBlock, to output: ScoreOutput, rowsBefore: Int) throws {
        guard !block.ends.isEmpty else { return try output.write(block.bytes) }
        var (bytes, start): ([UInt8], Int) = ([], 0)
        bytes.reserveCapacity(block.bytes.count + 12 * block.ends.count)
        for (row, end) in block.ends.enumerated() {
            lines.appendID(String(rowsBefore + row + 1), to: &bytes)
            bytes += block.bytes[start..<end]
            start = end
        }
        try output.write(bytes)
    }
}

/// A batch of scored rows of a source, to be written.
struct ScoredBatch {
    var block: ScoredBlock
    /// The place before which all of the input is scored after this batch; nil where the batch ends at no
    /// such place.
    var end: TablePosition?
    /// The number of bad rows so far.
    var rejected = 0
}

/// A source of rows that scores them itself, in parallel, and hands them on in order.
protocol ScoringRows {
    /// True when it can begin at the place where an earlier run stopped.
    var isResumable: Bool { get }
    /// The error when there were no rows at all; nil where reading itself reports that.
    var errorWithoutRows: InputError? { get }
    /// Scores the rows after `start` and calls `body` with them, in the order of the input.
    ///
    /// - Parameter clock: is told the stages.
    func forEachBatch(
        from start: ScoreCheckpoint?, _ clock: StageClock, progress: @escaping @Sendable (Double) -> Void,
        _ body: (ScoredBatch) throws -> Void
    ) async throws
}
