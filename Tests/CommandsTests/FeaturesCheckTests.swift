import LimpetDocuments
import Foundation
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetScoring
import LimpetTestSupport
import Testing

/// `limpet features check` and `limpet features sql`.
@Suite struct FeaturesCheckTests {
    private static let trainingLog = "training-data/events.csv.gz"

    @Test("all kinds agree on random histories, and the count is that of all comparisons")
    func allKinds() async throws {
        let folder = try TemporaryFolder()
        let flags = try RandomHistories.write(
            to: folder, users: 60, features: RandomHistories.featureSet.document.yaml)
        let report = try await CommandLineTool.json(["features", "check"] + flags)
        #expect(report["differences"] as? Int == 0)
        let parts = try #require(report["parts"] as? [[String: Any]])
        #expect(parts.count == 7)
        let features = RandomHistories.featureSet.features.count + 1
        let users = try #require(report["users"] as? Int)
        for part in parts.prefix(3) {
            #expect(part["compared"] as? Int == users * RandomHistories.snapshotTimes.count * features)
        }
        #expect(parts.allSatisfy { $0["compared"] as? Int ?? 0 > 0 })
    }

    @Test("as known then: what came in later is counted, and can be left out of a table")
    func asKnown() async throws {
        let folder = try TemporaryFolder()
        let rows = """
            user,time,event,receivedAt
            a,2025-01-01,visit,2025-01-01
            a,2025-01-05,visit,2025-01-20
            b,2025-01-02,visit,
            c,2025-01-03,visit,2025-02-01

            """
        let log = try folder.write(rows, as: "log.csv")
        let set = try folder.write(
            "version: 1\nfeatures:\n  - {kind: count, window: 30d}\n", as: "features.yaml")
        let common = ["--features", set, "--now", "2030-01-01", "--at", "2025-01-10"]
        let csv = ["--events", log] + common
        let report = try await CommandLineTool.json(["features", "check", "--as-known"] + csv)
        #expect(report["differences"] as? Int == 0)
        let known = try #require(report["asKnown"] as? [String: Any])
        // The count of a, and whether c is a user at all.
        #expect(known["differences"] as? Int == 2)
        #expect((known["first"] as? [String: Any])?["user"] as? String == "a")
        let imported = try await CommandLineTool.run([
            "import", "--events", log, "--output", folder.file("log"),
        ])
        #expect(imported.status == 0, "\(imported.errors)")
        for input in [csv, ["--events", folder.file("log")] + common] {
            let all = try await CommandLineTool.run(["features", "extract"] + input)
            #expect(all.output.split(separator: "\n").count == 4, "\(all.errors)")
            let then = try await CommandLineTool.run(["features", "extract", "--as-known"] + input)
            let lines = then.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
            #expect(lines.map { $0.first } == ["a", "b"] && lines.map { $0.last } == ["1.0", "1.0"])
        }
        let unsaid = try folder.write("user,time,event\na,2025-01-01,visit\n", as: "unsaid.csv")
        let refused = try await CommandLineTool.run(
            ["features", "extract", "--as-known", "--events", unsaid] + common)
        #expect(refused.status == 65 && refused.errors.contains("--received-column"))
    }

    @Test("the training data agree with what is proposed for them")
    func trainingData() async throws {
        let report = try await CommandLineTool.json([
            "features", "check", "--events", Self.trainingLog, "--system-events", "offer_shown", "--users",
            "50",
            "--every", "28d",
        ])
        #expect(report["differences"] as? Int == 0)
        #expect(report["users"] as? Int == 50)
    }

    @Test("an engine that says another value makes the proof fail with 70, and the first difference is named")
    func differingEngine() async throws {
        let folder = try TemporaryFolder()
        // In place of DuckDB: b has visited once and not twice.
        let answer = "user_id,snapshot_ms,visits\\na,1736467200000,1.0\\nb,1736467200000,2.0\\n"
        let engine = try folder.write("#!/bin/sh\nprintf '\(answer)' > \"$3/result0.csv\"\n", as: "engine")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: engine)
        let log = try folder.write(
            "user,time,event\na,2025-01-01,visit\nb,2025-01-02,visit\n", as: "log.csv")
        let set = try folder.write(
            "version: 1\nfeatures:\n  - {name: visits, kind: count, events: visit}\n", as: "features.yaml")
        let result = try await CommandLineTool.run(
            [
                "features", "check", "--events", log, "--features", set, "--now", "2030-01-01",
                "--at", "2025-01-10", "--sql", "duckdb", "--format", "json",
            ], environment: ["LIMPET_PYTHON": engine])
        #expect(result.status == 70)
        let report = try JSONReader.read(Array(result.output.utf8)[...])
        #expect(report["differences"]?.integer == 1, "\(result.output) \(result.errors)")
        let first = try #require(report["parts"]?.array?.last?["first"])
        #expect(first["feature"]?.text == "visits" && first["user"]?.text == "b")
        #expect(first["time"]?.text == "2025-01-10T00:00:00Z", "\(first.compact)")
    }

    @Test("a query names its columns, and refuses what is no feature set")
    func query() async throws {
        let folder = try TemporaryFolder()
        let set = try folder.write(
            "{version: 1, decimals: {value: 2}, features: [{kind: sum, of: value, where: {plan: \"it's\"}}]}",
            as: "features.yaml")
        let sql = try await CommandLineTool.run([
            "features", "sql", "--features", set, "--dialect", "postgres",
        ])
        #expect(sql.status == 0, "\(sql.errors)")
        #expect(sql.output.contains("--   units_value BIGINT: value in units of 10^-2"))
        #expect(sql.output.contains("IN ('it''s')"))
        let wrong = try await CommandLineTool.run(["features", "sql", "--dialect", "spark"])
        #expect(wrong.status == 64)
    }
}
