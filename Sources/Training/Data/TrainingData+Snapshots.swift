public import LimpetEvents
public import LimpetFeatures

extension TrainingData {
    /// Makes training data of the labelled snapshots of a log, without rows whose horizon passes the end of
    /// the data.
    public init(_ table: SnapshotTable, log: EventLog, label: Label) {
        let features = table.features
        let names = features.map { $0.kind.isCategorical ? log.names(for: $0) : [] }
        var rows = NumberRows(features, names: names, label: label)
        rows.append(table, firstUser: 0)
        self = rows.finish()
    }
}

extension SnapshotTable {
    /// The rows whose label is known.
    package var labelledRows: [Int] { labels.indices.filter { labels[$0] != nil } }
}
