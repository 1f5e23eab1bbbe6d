import Foundation
import LimpetDocuments
import LimpetTestSupport
import Testing

@Suite struct EvaluateCommandTests {
    private let flags = [
        "evaluate", "--model", "models/cancellation.json", "--events", "training-data/events.csv.gz",
        "--every",
        "14d", "--from", "2025-02-01",
    ]

    private func interval(_ report: [String: Any], _ metric: String) throws -> ClosedRange<Double> {
        let intervals = try #require(report["intervals"] as? [String: Any])
        let ends = try #require(intervals[metric] as? [String: Double])
        return try #require(ends["lower"])...(try #require(ends["upper"]))
    }

    @Test("metrics come with intervals over users, the same for any number of threads")
    func intervals() async throws {
        let report = try await CommandLineTool.json(
            flags + ["--bootstrap", "60", "--profit-threshold", "0.2"])
        for metric in [
            "auc", "prAuc", "logLoss", "brier", "observedToExpected", "calibrationSlope", "empc", "profit",
        ] {
            let value = try #require(report[metric] as? Double)
            let range = try interval(report, metric)
            #expect(range.contains(value), "\(metric)")
            #expect(range.lowerBound < range.upperBound, "\(metric)")
        }
        #expect((report["deciles"] as? [Any])?.count == 10)
        let best = try #require((report["bestThreshold"] as? [String: Double])?["mean"])
        #expect(best >= (try #require(report["profit"] as? Double)))
        var runs: [[JSONMember]] = []
        for threads in ["1", "2"] {
            let result = try await CommandLineTool.run(
                flags + ["--bootstrap", "20", "--threads", threads, "--format", "json"])
            try #require(result.status == 0, "\(result.errors)")
            let members = try JSONReader.read(Array(result.output.utf8)[...]).members ?? []
            runs.append(members.filter { $0.name != "seconds" })
            #expect(runs.last?.count == members.count - 1)
        }
        #expect(runs[0] == runs[1])
    }

    @Test("without a bootstrap there are metrics and no intervals")
    func noIntervals() async throws {
        let report = try await CommandLineTool.json(flags + ["--bootstrap", "0"])
        #expect(report["auc"] as? Double != nil)
        #expect(report["intervals"] == nil)
        #expect(report["profit"] == nil)
        let text = try await CommandLineTool.run(flags + ["--bootstrap", "0"])
        #expect(!text.output.contains("95 % interval"))
    }
}
