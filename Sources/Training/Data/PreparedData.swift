/// Rows as a fit takes them, made once for all fits on them.
public struct PreparedData: Sendable {
    /// The rows without rare levels of categories.
    public let rows: TrainingData
    /// The same rows with the offsets of the initial model and of negative downsampling.
    public let offsetRows: TrainingData

    /// Prepares rows for the fits of a training.
    public init(_ data: TrainingData, _ settings: TrainingSettings) {
        let rows = data.keepingLevels(ofAtLeast: settings.minimumLevelUsers)
        let initial = settings.initial.map { $0.fit.logOdds(of: rows, threads: settings.threads) }
        self.rows = rows
        offsetRows = settings.zeros.offsetting(initial.map { rows.with(offsets: $0) } ?? rows)
    }
}
