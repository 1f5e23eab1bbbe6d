import Foundation
import LimpetTestSupport
import Testing

@Suite struct ChooseByCommandTests {
    private let flags = [
        "train", "--events", "training-data/events.csv.gz", "--churn-after", "30d", "--at", "2025-03-01",
        "2025-04-01", "--bootstrap", "0", "--folds", "3",
    ]

    @Test("a metric chooses, stands in the model, and is the search's metric too")
    func chosen() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("model.json")
        let report = try await CommandLineTool.json(
            flags + [
                "--model", "logistic", "--choose-by", "auc", "--tune-trials", "1", "--output", path,
            ])
        #expect((report["search"] as? [String: Any])?["metric"] as? String == "auc")
        #expect((report["chosen"] as? [String: Any])?["l2"] is Double)
        let file = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
        let model = try #require((file as? [String: Any])?["model"] as? [String: Any])
        let settings = (model["provenance"] as? [String: Any])?["settings"] as? [String: Any]
        #expect(settings?["chooseBy"] as? String == "auc")
    }

    @Test("log loss, the usual metric, chooses as it does unasked")
    func usual() async throws {
        var runs: [[String: Any]] = []
        for more in [[], ["--choose-by", "logLoss"]] {
            runs.append(try await CommandLineTool.json(flags + ["--rounds", "40"] + more))
        }
        #expect((runs[0]["chosen"] as? [String: Int]) == (runs[1]["chosen"] as? [String: Int]))
        #expect((runs[0]["logLoss"] as? Double) == (runs[1]["logLoss"] as? Double))
    }

    @Test(
        "what chooses nothing, or is no metric, is refused",
        arguments: [
            ["--choose-by", "auc", "--model", "logistic", "--l2", "10"],
            ["--choose-by", "auc", "--no-early-stopping", "--rounds", "40"],
            ["--choose-by", "auc", "--model", "logistic", "--l1-ratio", "1", "--penalty", "0.01"],
            ["--choose-by", "observedToExpected"],
        ])
    func refused(more: [String]) async throws {
        let result = try await CommandLineTool.run(flags + more)
        #expect(result.status == 64)
        #expect(result.errors.contains("--choose-by"))
    }

    @Test("a constant is warned of")
    func aConstantIsWarnedOf() async throws {
        let result = try await CommandLineTool.run(
            flags + ["--model", "logistic", "--choose-by", "calibrationError"])
        #expect(result.status == 0 && result.errors.contains("best for a constant"))
    }
}
