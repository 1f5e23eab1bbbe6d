public import LimpetDocuments
public import LimpetFiles
import LimpetScoring

/// A file of scores that is being written. One that can be resumed keeps a checkpoint beside it, every few
/// seconds and when its run ends early.
public final class ScoreOutput {
    private let path: String
    private let writer: FileWriter
    /// The identity in checkpoints; nil where none are kept.
    private let identity: VerbatimDictionary<String>?
    private var latest: ScoreCheckpoint?
    private var lastNote = ContinuousClock.now
    private var length: Int
    /// The checkpoint of an earlier run; nil for a new one.
    package let start: ScoreCheckpoint?

    private static let interval = Duration.seconds(2)

    /// Opens a file that appears when all of it is written, or not at all.
    public init(path: String) throws(FileError) {
        self.path = path
        writer = try FileWriter(path: path)
        (identity, start, length) = (nil, nil, 0)
    }

    /// Opens a file that an earlier run may have begun.
    ///
    /// - Parameters:
    ///   - identity: the model, input and settings, which must be the same as those of the earlier run.
    ///   - model: the hash of the model.
    public init(resuming path: String, identity: VerbatimDictionary<String>, model: String) throws {
        self.path = path
        self.identity = identity
        start = try ScoreCheckpoint(beside: path, identity: identity, model: model)
        length = start?.output ?? 0
        writer = try FileWriter(resuming: path, at: length)
        latest = start
    }

    package func write(_ bytes: [UInt8]) throws(FileError) {
        try writer.write(bytes)
        length += bytes.count
    }

    /// Records that all of the input before a place is scored and written.
    package func note(_ input: TablePosition, _ summary: ScoreSummary, rejected: Int) throws(FileError) {
        guard let identity else { return }
        latest = ScoreCheckpoint(
            identity: identity, input: input, output: length, rejected: rejected, summary: summary)
        guard ContinuousClock.now - lastNote > Self.interval else { return }
        try keep()
        lastNote = .now
    }

    /// Runs work that writes, and keeps a checkpoint when that ends early.
    ///
    /// - Parameter interrupted: called with a summary of the scored rows, where the same run can go on after
    ///   them.
    package func keepingCheckpoint<Result>(
        interrupted: (ScoreSummary) -> Void, _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch {
            // The error that stopped the work is more useful than that of its checkpoint.
            try? keep()
            if let latest, latest.output > 0 { interrupted(latest.summary) }
            throw error
        }
    }

    private func keep() throws(FileError) {
        guard let latest else { return }
        _ = try writer.sync()
        try latest.write(beside: path)
    }

    /// Ends the output: the file takes its name, and the checkpoint is removed.
    public func finish() throws(FileError) {
        try writer.finish()
        if identity != nil { try FileStamp.remove(ScoreCheckpoint.path(of: path)) }
    }
}
