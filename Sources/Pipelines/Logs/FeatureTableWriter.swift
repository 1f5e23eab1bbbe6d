import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetParallel
import LimpetScoring

/// A writer of snapshots as a table: user, time, label, and a column for each feature.
final class FeatureTableWriter {
    private let writer: FileWriter
    /// The number of rows written so far.
    private(set) var count = 0
    /// The texts of the log, which are the same in all of its partitions.
    private var names: CategoryNames?

    /// The number of values that one thread turns into text at a time.
    private static let valuesPerBlock = 1 << 16

    init(path: String, features: [Feature]) throws(FileError) {
        writer = try FileWriter(path: path)
        let header = ["user", "time", "label"] + features.map(\.name)
        try writer.write(header.map(CSV.field).joined(separator: ",") + "\n")
    }

    /// Writes the snapshots of the log, or of a partition of its users, while the next lines are made.
    func write(_ table: SnapshotTable, of log: EventLog, threads: Int) throws(FileError) {
        let names = names ?? CategoryNames(log, features: table.features)
        self.names = names
        let lines = FeatureLines(table, names: names)
        let bounds = ConcurrentBlocks.bounds(
            table.count, length: max(16, Self.valuesPerBlock / max(1, table.features.count)))
        var work = WorkAhead<[UInt8]>(threads: threads)
        var next = 0
        for _ in 1..<bounds.count {
            while next < bounds.count - 1, work.count <= 2 * threads {
                let rows = bounds[next]..<bounds[next + 1]
                work.add { lines.bytes(rows) }
                next += 1
            }
            guard let bytes = work.next() else { preconditionFailure("each block was added") }
            try writer.write(bytes)
        }
        count += table.count
    }

    func finish() throws(FileError) { try writer.finish() }
}
