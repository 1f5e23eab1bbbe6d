import LimpetDocuments
import Foundation
import LimpetTestSupport
import Testing

@Suite struct BacktestCommandTests {
    private let flags = [
        "backtest", "--events", "training-data/events.csv.gz", "--churn-after", "30d", "--every", "14d",
        "--model", "logistic", "--l2", "10",
    ]

    @Test("each month is tested by a model of what was known before, as JSON, CSV and predictions")
    func months() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("predictions.csv")
        let report = try await CommandLineTool.json(flags + ["--bootstrap", "20", "--predictions", path])
        let origins = try #require(report["origins"] as? [[String: Any]])
        #expect(origins.count >= 3)
        for origin in origins {
            #expect((origin["origin"] as? String)?.hasSuffix("-01T00:00:00Z") == true)
            for name in ["rows", "users", "baseRate", "logLoss", "baseLogLoss", "observedToExpected"] {
                #expect(origin[name] is Double || origin[name] is Int, "\(name)")
            }
            #expect((origin["intervals"] as? [String: Any])?["auc"] != nil)
        }
        // In its first months the log held signups and little else.
        let first = try #require(origins.first)
        #expect(try #require(first["trainingPositiveUsers"] as? Int) > 0)
        #expect(try #require(first["trainingRate"] as? Double) > 0.5)
        #expect(try #require(first["doubts"] as? [String]).contains { $0.contains("other events") })
        let last = try #require(origins.last)
        #expect((last["doubts"] as? [String]) == [])
        let means = try ["overOrigins", "overOriginsWithoutDoubt"].map { name in
            let spread = (report[name] as? [String: Any])?["logLoss"] as? [String: Any]
            return try #require(spread?["mean"] as? Double)
        }
        #expect(means[1] < 0.5 * means[0])
        #expect(report["planned"] as? Int == origins.count)
        let rows = origins.compactMap { $0["rows"] as? Int }.reduce(0, +)
        let pooled = try #require(report["pooled"] as? [String: Any])
        #expect(pooled["rows"] as? Int == rows)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.first == "id,time,origin,label,probability,log_odds")
        #expect(lines.count == rows + 1)
        for line in lines.dropFirst() {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            #expect(cells[1] >= cells[2], "tested before it was trained: \(line)")
        }
        let terms = try #require(report["terms"] as? [[String: Any]])
        let importances = terms.compactMap { $0["importance"] as? Double }
        #expect(importances == importances.sorted(by: >))
    }

    @Test("offers at work are told of, and windows that hold one are left out")
    func offers() async throws {
        let log = ["--first-origin", "2025-03-01", "--bootstrap", "0"]
        let (all, without) = (
            try await CommandLineTool.json(flags + log),
            try await CommandLineTool.json(flags + log + ["--offer-events", "offer_shown"])
        )
        #expect(((all["treatment"] as? [String: Any])?["treated"] as? String) == "ignore")
        let treatment = try #require(without["treatment"] as? [String: Any])
        #expect(treatment["treated"] as? String == "exclude" && treatment["treatedShare"] is Double)
        let rows = try [all, without].map { try #require($0["rows"] as? Int) }
        #expect(rows[1] < rows[0])
    }

    @Test("csv has a line for each origin, text a plot")
    func otherFormats() async throws {
        let period = ["--period", "28d", "--bootstrap", "0", "--first-origin", "2025-02-01"]
        let csv = try await CommandLineTool.run(flags + period + ["--format", "csv"])
        let lines = csv.output.split(separator: "\n")
        #expect(csv.status == 0 && lines.count >= 3)
        #expect(
            Set(lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }).count == 1)
        #expect(lines.dropFirst().allSatisfy { $0 >= "2025-02-01" })
        let text = try await CommandLineTool.run(flags + period)
        #expect(text.output.contains("AUC over time:") && text.output.contains("●"))
        #expect(text.output.contains("Stability of the terms"))
    }

    @Test("what cannot be done is said, with its exit code")
    func refusals() async throws {
        let short = try await CommandLineTool.run(flags + ["--from", "2025-05-01", "--until", "2025-05-15"])
        #expect(short.status == 65)
        #expect(short.errors.contains("horizon"))
        let table = try await CommandLineTool.run(["backtest", "--churn-after", "30d"])
        #expect(table.status == 64)
        let initial = try await CommandLineTool.run(flags + ["--init-model", "models/cancellation.json"])
        #expect(initial.status == 64)
        #expect(initial.errors.contains("--init-model"))
        #expect(try await CommandLineTool.run(flags + ["--period", "soon"]).status == 64)
    }
}
