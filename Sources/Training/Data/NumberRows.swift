package import LimpetEvents
package import LimpetFeatures
import LimpetScoring

/// Training rows that are kept as numbers while the snapshots of a log are extracted, part by part.
package struct NumberRows: Sendable {
    private let features: [Feature]
    private let label: Label
    /// The levels that each category can have; empty for numbers.
    private let names: [[String]]
    /// The numbers, `[features][rows]`; empty for categories.
    private var numbers: [[Double]]
    /// The keys of categories, `[features][rows]`; empty for numbers.
    private var keys: [[UInt64]]
    private var users: [Int32] = []
    private var times: [Timestamp] = []
    private var labels: [Bool] = []

    /// Makes rows without any.
    ///
    /// - Parameter names: the levels that each category can have; empty for numbers.
    package init(_ features: [Feature], names: [[String]], label: Label) {
        (self.features, self.names, self.label) = (features, names, label)
        (numbers, keys) = (features.map { _ in [] }, features.map { _ in [] })
    }

    /// Adds the labelled snapshots of some users.
    ///
    /// - Parameter firstUser: the index of the table's first user among all.
    package mutating func append(_ table: SnapshotTable, firstUser: Int32) {
        let rows = table.labelledRows
        users += rows.map { firstUser + table.users[$0] }
        times += rows.map { table.times[$0] }
        labels += rows.map { table.labels[$0] ?? false }
        for (place, feature) in features.enumerated() {
            if feature.kind.isCategorical {
                keys[place] += rows.map { table.keys[place][$0] }
            } else {
                numbers[place] += rows.map { table.numbers[place][$0] }
            }
        }
    }

    /// Returns the rows as training data.
    package consuming func finish() -> TrainingData {
        let columns = features.enumerated().map { place, feature -> TrainingData.Column in
            feature.kind.isCategorical
                ? Self.levels(keys[place], names: names[place]) : .numbers(numbers[place])
        }
        return TrainingData(
            inputs: features.map { .init(name: $0.name, isCategorical: $0.kind.isCategorical) },
            columns: columns, isSkewed: features.map(\.kind.isSkewed), labels: labels, users: users,
            times: times, horizon: label.horizon)
    }

    private static func levels(_ keys: [UInt64], names: [String]) -> TrainingData.Column {
        // The log's names may include levels that appear only after the snapshots; these are left out.
        let seen = Set(keys)
        let names = names.filter { seen.contains(TextKey($0).rawValue) }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var codeOfKey: [UInt64: Int32] = [0: -1]
        for (code, name) in names.enumerated() { codeOfKey[TextKey(name).rawValue] = Int32(code) }
        return .levels(names: names, codes: keys.map { codeOfKey[$0] ?? -1 })
    }
}
