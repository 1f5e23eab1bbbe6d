import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetPipelines
import LimpetTestSupport
import Testing

/// Features of columns by the names that these have in their file.
@Suite final class ColumnAliasFeatureTests {
    private static let rows = """
        user,time,action,price
        a,2025-01-01,buy,2.50
        a,2025-01-02,buy,3.00
        a,2025-01-03,visit,
        b,2025-01-03,visit,

        """
    private let folder: TemporaryFolder
    private let observer = RecordingObserver()

    init() throws { folder = try TemporaryFolder() }

    private func set() throws -> FeatureSet {
        let document = """
            version: 1
            decimals: {price: 2, value: 2}
            features:
              - {kind: sum, of: price}
              - {kind: sum, of: value}
              - {kind: count, where: {price: {atLeast: 3}}}
              - {kind: distinct, of: action}
              - {kind: last_category, of: action}
            """
        return try FeatureSet(YAMLDocument(path: try folder.write(document, as: "f.yaml")))
    }

    private func extraction(_ path: String, at times: [String]) throws -> LogExtraction {
        let times = try times.map { try #require(TimeParser().parse($0)).timestamp }
        return LogExtraction(
            LogSource([path], observer: observer), snapshots: SnapshotSettings(times: times),
            features: .set(try set()), threads: 1)
    }

    @Test("a feature of a column's own name is that of the role, of lines and of a columnar log")
    func features() async throws {
        let path = try folder.write(Self.rows, as: "log.csv")
        var writer = ColumnarLogWriter(path: folder.file("log.limpetlog"), memory: 1 << 20)
        try LogSource([path]).read(into: &writer)
        _ = try writer.finish()
        for file in [path, folder.file("log.limpetlog")] {
            let extraction = try extraction(file, at: ["2025-02-01"])
            let numbers = try await extraction.run().table.numbers
            #expect(numbers[0] == [5.5, 0] && numbers[1] == [5.5, 0] && numbers[2] == [1, 0])
            #expect(numbers[3] == [2, 1])
        }
        #expect(observer.notes.isEmpty)
    }

    @Test("batch, live and reference agree about them")
    func agreement() async throws {
        let path = try folder.write(Self.rows, as: "log.csv")
        let extraction = try extraction(path, at: ["2025-01-03", "2025-02-01"])
        let report = try await FeatureProof(extraction).run()
        #expect(report.differences == 0 && report.features == 5)
        #expect(observer.notes.isEmpty)
    }
}
