import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetScoring

/// A writer of snapshots as a table: user, time, label, and a column for each feature.
final class FeatureTableWriter {
    private let writer: FileWriter
    /// The number of rows written so far.
    private(set) var count = 0

    init(path: String, features: [Feature]) throws(FileError) {
        writer = try FileWriter(path: path)
        let header = ["user", "time", "label"] + features.map(\.name)
        try writer.write(header.map(CSV.field).joined(separator: ",") + "\n")
    }

    /// Writes the snapshots of a log, or of a partition of its users.
    func write(_ table: SnapshotTable, of log: EventLog) throws(FileError) {
        let names = CategoryNames(log, features: table.features)
        for row in 0..<table.count {
            var fields = [
                CSV.field(table.userIDs[Int(table.users[row])]), table.times[row].description,
                table.labels[row].map { $0 ? "1" : "0" } ?? "",
            ]
            for (index, feature) in table.features.enumerated() {
                if feature.kind.isCategorical {
                    let key = TextKey(stored: table.keys[index][row])
                    fields.append(CSV.field(names.name(key) ?? ""))
                } else {
                    let number = table.numbers[index][row]
                    fields.append(number.isNaN ? "" : number.description)
                }
            }
            try writer.write(fields.joined(separator: ",") + "\n")
        }
        count += table.count
    }

    func finish() throws(FileError) { try writer.finish() }
}
