import Foundation
import LimpetTestSupport
import Testing

/// `limpet import`, and what the other commands make of its file.
@Suite struct ImportCommandTests {
    private static let csv = """
        user,time,event,value
        b,2025-01-02T00:00:00Z,visit,
        a,2025-01-03T00:00:00Z,purchase,12.5
        a,2025-01-01T00:00:00Z,visit,
        """

    @Test("features of a columnar log are those of the events")
    func sameFeatures() async throws {
        let folder = try TemporaryFolder()
        let log = folder.file("log.limpetlog")
        let summary = try await CommandLineTool.run(
            ["import", "--events", "training-data/events.csv.gz", "--output", log, "--format", "json"])
        #expect(summary.status == 0, "\(summary.errors)")
        #expect(summary.errors.contains("\"rows\": 278553"), "\(summary.errors)")
        var tables: [String] = []
        for events in ["training-data/events.csv.gz", log] {
            let result = try await CommandLineTool.run([
                "features", "extract", "--events", events, "--features", "training-data/features.yaml",
                "--at", "2025-05-01",
            ])
            #expect(result.status == 0, "\(result.errors)")
            tables.append(result.output)
        }
        #expect(tables[0] == tables[1])
        #expect(tables[0].split(separator: "\n").count > 1_000)
    }

    @Test("a log is read from a pipe and written to one")
    func pipes() async throws {
        let folder = try TemporaryFolder()
        let log = folder.file("log.limpetlog")
        let result = try await CommandLineTool.run(
            ["import", "--events", "-", "--output", log], input: Self.csv)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("3 events of 2 users"), "\(result.errors)")
    }

    @Test("flags about rows mean nothing for a columnar log, and are refused")
    func unused() async throws {
        let folder = try TemporaryFolder()
        let csv = try folder.write(Self.csv, as: "log.csv")
        let log = folder.file("log.limpetlog")
        _ = try await CommandLineTool.run(["import", "--events", csv, "--output", log])
        let result = try await CommandLineTool.run([
            "features", "extract", "--events", log, "--features", "training-data/features.yaml",
            "--time-column", "time",
        ])
        #expect(result.status == 64, "\(result.errors)")
        #expect(result.errors.contains("--time-column"), "\(result.errors)")
    }

    @Test("bad input leaves no file")
    func refusals() async throws {
        let folder = try TemporaryFolder()
        let csv = try folder.write(Self.csv, as: "log.csv")
        let log = folder.file("log.limpetlog")
        _ = try await CommandLineTool.run(["import", "--events", csv, "--output", log])
        let other = folder.file("other.limpetlog")
        let bad = try folder.write(Self.csv + "\nc,yesterday,visit,\n", as: "bad.csv")
        var damaged = try folder.contents(log)
        damaged[20] ^= 1
        let damage = try folder.write(damaged, as: "damaged")
        let cases: [(arguments: [String], status: Int32, message: String)] = [
            (["import", "--events", bad, "--output", other], 65, "bad.csv:5: time"),
            (["import", "--events", log, "--output", other], 65, "is a columnar log already"),
            (["import", "--events", csv, "--output", other, "--memory", "many"], 64, "--memory many"),
            (["import", "--events", csv, "--output", csv], 64, "log.csv"),
            (["import", "--events", csv, "--output", folder.file("none/x")], 73, "none/x"),
            (["train", "--events", damage, "--churn-after", "1d", "--output", other], 65, "damaged at byte"),
        ]
        for item in cases {
            let result = try await CommandLineTool.run(item.arguments)
            #expect(result.status == item.status, "\(item.arguments): \(result.errors)")
            #expect(result.errors.contains(item.message), "\(item.arguments): \(result.errors)")
        }
        #expect(folder.names == ["bad.csv", "damaged", "log.csv", "log.limpetlog"])
    }
}
