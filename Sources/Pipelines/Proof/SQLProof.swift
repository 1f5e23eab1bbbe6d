import LimpetDocuments
import Glibc
package import LimpetEvents
package import LimpetExport
package import LimpetFeatures
import LimpetFiles

/// A comparison of batch extraction with the result of a query in an external engine.
package struct SQLProof {
    package let log: EventLog
    package let plan: FeaturePlan
    package let snapshotTimes: [Timestamp]
    package let dialect: SQLDialect

    package init(log: EventLog, plan: FeaturePlan, snapshotTimes: [Timestamp], dialect: SQLDialect) {
        (self.log, self.plan, self.snapshotTimes, self.dialect) = (log, plan, snapshotTimes, dialect)
    }

    /// The number of features in one query: engines plan those with many hundreds for long.
    private static let featuresPerQuery = 48

    /// Runs the engine on the given users of the log.
    package func run(users: [Int]) throws -> FeatureComparison {
        let folder = try ScratchFolder()
        let features = plan.featureSet.features
        let parts = stride(from: 0, to: features.count, by: Self.featuresPerQuery).map {
            $0..<min($0 + Self.featuresPerQuery, features.count)
        }
        for (number, part) in parts.enumerated() {
            var set = plan.featureSet
            set.features = Array(features[part])
            let sql = try FeatureSQL(set, dialect: dialect, zone: plan.zone)
            try FileWriter.write(Array(sql.query.utf8), to: folder.add("query\(number).sql"))
            _ = folder.add("result\(number).csv")
        }
        let columns = try FeatureSQL(plan.featureSet, dialect: dialect, zone: plan.zone).contract
        try writeEvents(columns, users, to: folder.add("events.csv"))
        try writeSnapshots(users, to: folder.add("snapshots.csv"))
        try SQLEngine(dialect: dialect, folder: folder.path, queries: parts.count, columns: columns).run()
        return try compare(users, parts.indices.map { "\(folder.path)/result\($0).csv" })
    }

    private func writeEvents(_ columns: [FeatureSQL.Column], _ users: [Int], to path: String) throws {
        let writer = try FileWriter(path: path)
        try writer.write(columns.map { Self.quoted($0.name) }.joined(separator: ",") + "\n")
        let properties = columns.map(\.content).filter { $0 != .event }
        for user in users {
            let id = Self.quoted(log.users[user])
            for row in log.rows(ofUser: user) {
                var fields = [
                    id, String(log.times[row]), String(row),
                    Self.quoted(log.eventNames[Int(log.events[row])]),
                ]
                let offset = log.zoneOffsets.map { $0[row] } ?? EventLog.noZoneOffset
                fields.append(offset == EventLog.noZoneOffset ? "" : String(offset))
                for property in properties { fields.append(field(property, row)) }
                try writer.write(fields.joined(separator: ",") + "\n")
            }
        }
        try writer.finish()
    }

    private func field(_ content: FeatureSQL.Column.Content, _ row: Int) -> String {
        switch content {
        case .event: return ""
        case .amounts(let property):
            guard let numbers = log.amounts(of: property), numbers.units[row] != NumberColumn.missing else {
                return ""
            }
            return String(numbers.units[row])
        case .texts(let property):
            if log.isEventName(property) { return Self.quoted(log.eventNames[Int(log.events[row])]) }
            guard let texts = log.texts(of: property), texts.codes[row] != 0 else { return "" }
            return Self.quoted(texts.dictionary[Int(texts.codes[row])])
        }
    }

    private static func quoted(_ text: String) -> String { "\"\(text.replacing("\"", with: "\"\""))\"" }

    private func writeSnapshots(_ users: [Int], to path: String) throws {
        let writer = try FileWriter(path: path)
        try writer.write("user_id,snapshot_ms\n")
        for user in users {
            for snapshotTime in snapshotTimes {
                try writer.write("\(Self.quoted(log.users[user])),\(snapshotTime.milliseconds)\n")
            }
        }
        try writer.finish()
    }

    /// Compares the rows of the engine, which are found by user and snapshot time, since the engine's order
    /// of texts may be another.
    private func compare(_ users: [Int], _ paths: [String]) throws -> FeatureComparison {
        var rows: VerbatimDictionary<[Int64: [String]]> = [:]
        for path in paths {
            var records = RecordReader(try ByteSource(path: path), delimiter: .byte(UInt8(ascii: ",")))
            _ = try records.next()
            while try records.next() {
                let fields = (0..<records.fieldCount).map { records.text($0) ?? "" }
                rows[fields[0], default: [:]][Int64(fields[1]) ?? 0, default: []] += fields.dropFirst(2)
            }
        }
        let reader = try LogReader(log, plan: plan)
        var (state, projection) = (UserState(plan: plan), EventProjection(plan: plan))
        var comparison = FeatureComparison()
        for user in users {
            reader.load(user: user, into: &state, projection: &projection)
            for snapshotTime in snapshotTimes {
                let row = rows[log.users[user]]?[snapshotTime.milliseconds] ?? []
                compare(
                    row, state.features(at: snapshotTime), user: log.users[user], at: snapshotTime,
                    &comparison)
            }
        }
        return comparison
    }

    private func compare(
        _ row: [String], _ expected: FeatureVector, user: String, at snapshotTime: Timestamp,
        _ comparison: inout FeatureComparison
    ) {
        for (index, feature) in plan.featureSet.features.enumerated() {
            let found = index < row.count ? row[index] : "no row"
            let (isSame, wanted) =
                feature.kind.isCategorical
                ? (TextKey(found) == expected.categories[index], "another text")
                : (
                    Self.isSame(found, expected.numbers[index], within: feature.kind.tolerance),
                    FeatureComparison.text(expected.numbers[index])
                )
            comparison.note(
                isSame: isSame,
                FeatureComparison.Difference(
                    feature: feature.name, user: user, time: snapshotTime,
                    found: found.isEmpty ? "missing" : found,
                    expected: wanted))
        }
    }

    private static func isSame(_ found: String, _ expected: Double, within tolerance: Double) -> Bool {
        guard !expected.isNaN else { return found.isEmpty }
        guard let number = Double(found) else { return false }
        return number == expected || abs(number - expected) <= tolerance * abs(expected)
    }
}

/// A temporary folder that is removed with its files.
final class ScratchFolder {
    let path: String
    private var files: [String] = []

    init() throws(FileError) {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((parent + "/limpet-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw .cannotWrite(path: parent, problem: String(cString: strerror(errno)))
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Returns the path of a file that is removed with the folder, whoever writes it.
    func add(_ name: String) -> String {
        files.append("\(path)/\(name)")
        return "\(path)/\(name)"
    }

    deinit {
        for file in files { unlink(file) }
        rmdir(path)
    }
}
