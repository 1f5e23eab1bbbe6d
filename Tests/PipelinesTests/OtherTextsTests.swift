import Foundation
import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetPipelines
import LimpetTestSupport
import Testing

/// A property of amounts, a few texts of which are none, in a log of either form.
@Suite final class OtherTextsTests {
    /// The points of 30 users on 20 days, but for two.
    private static var csv: String {
        let rows = (0..<30).flatMap { user in
            (1...20).map { day in
                let points = (user, day) == (3, 5) ? "n/a" : (user, day) == (7, 2) ? "none" : "\(user).\(day)"
                return "u\(user),2025-01-\(day < 10 ? "0" : "")\(day),play,\(points)\n"
            }
        }
        return "user,time,event,points\n" + rows.joined()
    }

    private let folder: TemporaryFolder
    private let (text, columnar): (String, String)

    init() throws {
        folder = try TemporaryFolder()
        text = try folder.write(Self.csv, as: "log.csv")
        columnar = folder.file("log.limpetlog")
        try Self.convert(LogSource([text]), to: columnar)
    }

    private static func convert(_ source: LogSource, to path: String) throws {
        var writer = ColumnarLogWriter(path: path, memory: 1 << 30)
        try source.read(into: &writer)
        _ = try writer.finish()
    }

    private func extraction(_ source: LogSource, _ features: FeatureSource) throws -> LogExtraction {
        let time = try #require(TimeParser().parse("2025-01-15")).timestamp
        return LogExtraction(source, snapshots: SnapshotSettings(times: [time]), features: features)
    }

    @Test("features are proposed for a columnar log as for text that names these texts as missing")
    func proposal() async throws {
        var source = LogSource([text])
        source.rows.missing.formUnion(["n/a", "none"])
        let expected = try await extraction(source, .proposal()).run()
        let observer = RecordingObserver()
        let found = try await extraction(LogSource([columnar], observer: observer), .proposal()).run()
        #expect(found.plan.featureSet == expected.plan.featureSet)
        #expect(found.plan.featureSet.features.contains { $0.kind == .sum && $0.property == "points" })
        #expect(found.table.numbers == expected.table.numbers)
        #expect(
            observer.notes == [
                "warning: points: 2 of 600 different texts are no amounts, such as \"n/a\", and count as "
                    + "missing"
            ])
    }

    @Test("rows of text are refused by their lines, or left out")
    func rows() async throws {
        await #expect(throws: TooManyBadRows.self) {
            try await extraction(LogSource([text]), .proposal()).run()
        }
        var source = LogSource([text])
        source.rows.maximumBadRows = 2
        #expect(try await extraction(source, .proposal()).run().log.count == 598)
    }

    @Test("a named pipe is read once, and what cannot be read again is refused")
    func pipe() async throws {
        let path = folder.file("pipe")
        try #require(mkfifo(path, 0o600) == 0)
        let csv = Self.csv
        Thread.detachNewThread { try? Data(csv.utf8).write(to: URL(filePath: path)) }
        let error = await #expect(throws: InputError.self) {
            try await extraction(LogSource([path]), .proposal()).run()
        }
        #expect(error?.place.file == path && error?.problem.contains("points is \"n/a\"") == true)
    }

    @Test("the table of a columnar log, which is read in parts, has them as missing too")
    func table() async throws {
        let sum = Feature(name: "points", kind: .sum, property: "points")
        let features = FeatureSource.set(FeatureSet(decimals: ["points": 2], features: [sum]))
        var source = LogSource([text])
        source.rows.missing.formUnion(["n/a", "none"])
        _ = try await extraction(source, features).write(to: folder.file("text.csv"))
        let observer = RecordingObserver()
        _ = try await extraction(LogSource([columnar], observer: observer), features)
            .write(to: folder.file("columnar.csv"))
        #expect(try folder.text(folder.file("columnar.csv")) == folder.text(folder.file("text.csv")))
        #expect(observer.notes.contains { $0.contains("2 of 600 different texts are no amounts") })
    }

    @Test("a property with more such texts is none of amounts, and the error says what helps")
    func refusal() async throws {
        let rows = ["1", "2", "n/a"].map { "a,2025-01-01,play,\($0)\n" }.joined()
        let text = try folder.write("user,time,event,points\n" + rows, as: "few.csv")
        try Self.convert(LogSource([text]), to: folder.file("few"))
        let sum = FeatureSet(features: [Feature(name: "points", kind: .sum, property: "points")])
        let error = await #expect(throws: InputError.self) {
            try await extraction(LogSource([folder.file("few")]), .set(sum)).run()
        }
        #expect(error?.description.contains("points is \"n/a\"") == true)
        #expect(error?.description.contains("--missing when events are imported") == true)
    }
}
