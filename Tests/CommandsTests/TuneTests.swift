import Foundation
import LimpetTestSupport
import Testing

@Suite struct TuneTests {
    private let flags = [
        "train", "--events", "training-data/events.csv.gz", "--churn-after", "30d", "--at", "2025-03-01",
        "2025-04-01", "--bootstrap", "0", "--folds", "3", "--rounds", "60",
    ]

    @Test("every trial stands in the report and in the model, and the model is that of the trial taken")
    func trials() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("model.json")
        let report = try await CommandLineTool.json(
            flags + ["--tune-trials", "4", "--tune-kinds", "stumps", "logistic", "--output", path])
        let search = try #require(report["search"] as? [String: Any])
        let trials = try #require(search["trials"] as? [[String: Any]])
        #expect(trials.count == 4)
        #expect(trials.allSatisfy { $0["logLoss"] is Double && $0["seconds"] != nil })
        let chosen = try #require(search["chosen"] as? Int)
        let taken = try #require(trials[chosen]["settings"] as? [String: Any])
        #expect(report["kind"] as? String == taken["model"] as? String)
        #expect(search["estimateContainsSearch"] as? Bool == true)
        let parts = try #require(search["pipelines"] as? [[String: Any]])
        #expect(parts.count == (report["aucFolds"] as? [Any])?.count)
        #expect(parts.allSatisfy { $0["settings"] != nil && $0["chosen"] != nil })
        let file = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
        let model = try #require((file as? [String: Any])?["model"] as? [String: Any])
        let provenance = try #require(model["provenance"] as? [String: Any])
        let stored = try #require((provenance["search"] as? [String: Any])?["trials"] as? [[String: Any]])
        #expect(stored.count == 4)
        #expect(stored.allSatisfy { $0["seconds"] == nil })
    }

    @Test("the same trials give the same file for any number of threads; flags that are given stay")
    func deterministic() async throws {
        let folder = try TemporaryFolder()
        let paths = ["1", "2"].map { folder.file("\($0).json") }
        for (threads, path) in zip(["1", "2"], paths) {
            let result = try await CommandLineTool.run(
                flags + [
                    "--model", "stumps", "--learning-rate", "0.2", "--tune-trials", "3", "--threads", threads,
                    "--output", path,
                ])
            #expect(result.status == 0)
            #expect(result.output.contains("learningRate 0.2") && !result.output.contains("learningRate 0.1"))
            #expect(result.output.contains("chose among these trials without its rows"))
            #expect(result.output.contains("trials were not made: the requested number was reached"))
        }
        let files = try paths.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        #expect(files[0] == files[1])
    }

    @Test("what is no search is refused")
    func whatIsNoSearchIsRefused() async throws {
        #expect(try await CommandLineTool.run(flags + ["--tune", "soon"]).status == 64)
        #expect(try await CommandLineTool.run(flags + ["--tune-metric", "auc"]).status == 64)
        #expect(try await CommandLineTool.run(flags + ["--tune-trials", "0"]).status == 64)
        let kinds = ["--tune-trials", "1", "--model", "logistic", "--tune-kinds", "stumps"]
        #expect(try await CommandLineTool.run(flags + kinds).status == 64)
    }
}
