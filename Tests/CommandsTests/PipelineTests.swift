import LimpetDocuments
import Foundation
import LimpetScoring
import LimpetTestSupport
import Testing

/// The whole path on simulated users: known truth in, decisions out.
@Suite(.serialized) struct PipelineTests {
    @Test("the same seed gives the same bytes, whatever the number of threads")
    func simulateTwice() async throws {
        let folder = try TemporaryFolder()
        var files: [[Data]] = []
        for threads in ["1", "2"] {
            let log = folder.file("log\(threads).csv")
            let truth = folder.file("truth\(threads).csv")
            let result = try await CommandLineTool.run([
                "simulate", "--users", "500", "--days", "60", "--seed", "1", "--forks", "20", "--output", log,
                "--truth", truth, "--threads", threads,
            ])
            try #require(result.status == 0, "\(result.errors)")
            files.append(try [log, truth].map { try Data(contentsOf: URL(fileURLWithPath: $0)) })
        }
        #expect(files[0] == files[1])
        #expect(files[0][0].count > 100_000)
    }

    @Test(
        "a model closes nine tenths of the distance from recency alone to the best reachable",
        arguments: [[], ["--failure-effect", "1.5", "--seed", "5"]])
    func gap(_ flags: [String]) async throws {
        let folder = try TemporaryFolder()
        let (log, truth) = (folder.file("log.csv"), folder.file("truth.csv"))
        let simulated = try await CommandLineTool.run(
            [
                "simulate", "--users", "12000", "--days", "180", "--output", log, "--truth", truth, "--at",
                "2025-05-28", "--forks", "300",
            ] + flags)
        try #require(simulated.status == 0, "\(simulated.errors)")
        func trained(_ extra: [String]) async throws -> Double {
            let model = folder.file("model.json")
            _ = try await CommandLineTool.json(
                [
                    "train", "--events", log, "--data-until", "2025-05-28", "--target-event", "cancelled",
                    "--horizon", "28d", "--every", "14d", "--from", "2025-01-01", "--system-events",
                    "offer_shown", "offer_withheld", "--folds", "3", "--bootstrap", "0", "--output", model,
                ] + extra)
            let report = try await CommandLineTool.json([
                "evaluate", "--events", log, "--model", model, "--at", "2025-05-28", "--bootstrap", "0",
            ])
            return try #require(report["auc"] as? Double)
        }
        let recency = try folder.write(
            """
            version: 1
            systemEvents: [offer_shown, offer_withheld]
            features:
              - {kind: recency}
            """, as: "recency.yaml")
        let best = try Truth(truth).auc
        let model = try await trained([])
        // The feature set brings its own system events.
        let alone = try await trainedOnRecency(folder, log: log, features: recency)
        let closed = (model - alone) / (best - alone)
        print("recency alone \(alone), model \(model), best reachable \(best): closed \(closed)")
        #expect(closed >= 0.9)
    }

    private func trainedOnRecency(_ folder: borrowing TemporaryFolder, log: String, features: String)
        async throws
        -> Double
    {
        let model = folder.file("recency.json")
        _ = try await CommandLineTool.json([
            "train", "--events", log, "--data-until", "2025-05-28", "--target-event", "cancelled",
            "--horizon",
            "28d", "--every", "14d", "--from", "2025-01-01", "--folds", "3", "--bootstrap", "0", "--features",
            features,
            "--output", model,
        ])
        let report = try await CommandLineTool.json([
            "evaluate", "--events", log, "--model", model, "--at", "2025-05-28", "--bootstrap", "0",
        ])
        return try #require(report["auc"] as? Double)
    }

    @Test("one user's terms add up to the log-odds, and the table of scores says the same")
    func explain() async throws {
        let folder = try TemporaryFolder()
        let scores = folder.file("scores.csv")
        let flags = ["--model", "models/cancellation.json", "--events", "training-data/events.csv.gz"]
        let scored = try await CommandLineTool.run(
            ["score"] + flags + ["--output", scores, "--at", "2025-05-01"])
        try #require(scored.status == 0, "\(scored.errors)")
        let lines = try String(contentsOfFile: scores, encoding: .utf8).split(separator: "\n")
        #expect(lines.first == "id,time,probability,log_odds,reason_1,reason_2,reason_3")
        let row = try #require(lines.dropFirst().first).split(
            separator: ",", omittingEmptySubsequences: false)
        let explained = try await CommandLineTool.run(
            ["explain"] + flags + ["--user", String(row[0]), "--at", "2025-05-01", "--format", "json"])
        // Foundation's reader may miss the last bit of a number; ours gives back what was written.
        let report = try JSONReader.read(Array(explained.output.utf8)[...])
        let logOdds = try #require(report["logOdds"]?.double)
        let terms = try #require(report["terms"]?.array)
        let sum = try terms.reduce(try #require(report["intercept"]?.double)) { sum, term in
            sum + (try #require(term["contribution"]?.double))
        }
        #expect(sum == logOdds)
        #expect(Double(row[3]) == logOdds)
    }
}

/// The truth of a simulation, ranked by itself.
private struct Truth {
    let auc: Double

    init(_ path: String) throws {
        let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst()
        var positives: [Double] = []
        var negatives: [Double] = []
        for row in rows {
            let fields = row.split(separator: ",", omittingEmptySubsequences: false)
            let probability = try #require(Double(fields[2]))
            if fields[3] == "1" { positives.append(probability) } else { negatives.append(probability) }
        }
        negatives.sort()
        var sum = 0.0
        for value in positives {
            let below = Self.count(negatives) { $0 < value }
            let notAbove = Self.count(negatives) { $0 <= value }
            sum += Double(below + notAbove) / 2
        }
        auc = sum / Double(positives.count) / Double(negatives.count)
    }

    private static func count(_ sorted: [Double], _ holds: (Double) -> Bool) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if holds(sorted[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
