public import LimpetEvents
public import LimpetFeatures
import LimpetScoring

extension TrainingData {
    /// Makes training data of the labelled snapshots of a log, without rows whose horizon passes the end of
    /// the data.
    public init(_ table: SnapshotTable, log: EventLog, label: Label) {
        let rows = table.labels.indices.filter { table.labels[$0] != nil }
        let columns = table.features.enumerated().map { index, feature -> Column in
            guard feature.kind.isCategorical else {
                return .numbers(rows.map { table.numbers[index][$0] })
            }
            return Self.levels(table.keys[index], rows: rows, names: log.names(for: feature))
        }
        self.init(
            inputs: table.features.map { .init(name: $0.name, isCategorical: $0.kind.isCategorical) },
            columns: columns, isSkewed: table.features.map(\.kind.isSkewed),
            labels: rows.map { table.labels[$0] ?? false }, users: rows.map { table.users[$0] },
            times: rows.map { table.times[$0] }, horizon: label.horizon)
    }

    private static func levels(_ keys: [UInt64], rows: [Int], names: [String]) -> Column {
        // The log's names may include levels that appear only after the snapshots; these are left out.
        let seen = Set(rows.map { keys[$0] })
        let names = names.filter { seen.contains(TextKey($0).rawValue) }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var codeOfKey: [UInt64: Int32] = [0: -1]
        for (code, name) in names.enumerated() { codeOfKey[TextKey(name).rawValue] = Int32(code) }
        return .levels(names: names, codes: rows.map { codeOfKey[keys[$0]] ?? -1 })
    }
}
