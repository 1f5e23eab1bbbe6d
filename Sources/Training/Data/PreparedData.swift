/// Rows as a fit takes them, made once for all fits on them.
public struct PreparedData: Sendable {
    /// The rows without rare levels of categories.
    public let rows: TrainingData
    /// The same rows with the offsets of the initial model and of negative downsampling.
    public let offsetRows: TrainingData

    /// Prepares rows for the fits of a training.
    public init(_ data: TrainingData, _ settings: TrainingSettings) {
        let rows = data.keepingLevels(
            ofAtLeast: settings.minimumLevelUsers, ofMany: settings.manyLevelUsers)
        let initial = settings.initial.map { $0.fit.logOdds(of: rows, threads: settings.threads) }
        self.rows = rows
        offsetRows = settings.zeros.offsetting(initial.map { rows.with(offsets: $0) } ?? rows)
    }

    /// Returns the rows as a fit with the given settings takes them: where snapshots fade, the older ones
    /// weigh less. What is measured is measured on ``rows``, where all weigh the same.
    package func fitRows(_ settings: TrainingSettings) -> TrainingData {
        settings.halfLife.map { offsetRows.fading($0) } ?? offsetRows
    }
}
