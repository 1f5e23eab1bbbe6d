import LimpetDocuments
import Foundation
import LimpetTestSupport
import Testing

@Suite struct ThresholdCommandTests {
    private let log = ["--events", "training-data/events.csv.gz"]
    private let label = ["--churn-after", "30d", "--at", "2025-03-01", "2025-04-01"]
    private let fast = ["--model", "logistic", "--l2", "10", "--bootstrap", "20", "--folds", "3"]

    private func trained(_ flags: [String], in folder: borrowing TemporaryFolder) async throws -> (
        report: [String: Any], model: String
    ) {
        let path = folder.file("model.json")
        let report = try await CommandLineTool.json(
            ["train"] + log + label + fast + flags + ["--output", path])
        return (report, path)
    }

    @Test("the threshold is chosen, evaluated, shipped, and the default of evaluate, score and explain")
    func shipped() async throws {
        let folder = try TemporaryFolder()
        let (report, path) = try await trained(["--offer-cost", "5"], in: folder)
        let shipped = try #require(report["modelDecision"] as? [String: Any])
        let threshold = try #require(shipped["threshold"] as? Double)
        #expect(shipped["offerCost"] as? Double == 5)
        let decision = try #require(report["decision"] as? [String: Any])
        #expect((decision["thresholds"] as? [Double])?.isEmpty == false)
        for name in ["profit", "profitPerContact", "fraction", "profitOfEverybody"] {
            #expect(decision[name] is Double, "\(name)")
            #expect((decision["intervals"] as? [String: Any])?[name] != nil, "\(name)")
        }
        #expect(decision["profitOfNobody"] as? Int == 0)

        let evaluate = ["evaluate", "--model", path] + log + ["--at", "2025-05-01", "--bootstrap", "0"]
        let usual = try #require(try await CommandLineTool.json(evaluate)["decision"] as? [String: Any])
        #expect(usual["threshold"] as? Double == threshold && usual["from"] as? String == "model")
        #expect(usual["offerCost"] as? Double == 5)
        let given = try await CommandLineTool.json(
            evaluate + ["--profit-threshold", "0.9", "--offer-cost", "7"])
        let other = try #require(given["decision"] as? [String: Any])
        #expect(other["threshold"] as? Double == 0.9 && other["from"] as? String == "flag")
        #expect(other["offerCost"] as? Double == 7)
        #expect(given["profit"] as? Double == other["profit"] as? Double)
        let text = try await CommandLineTool.run(evaluate + ["--offer-cost", "7"]).output
        #expect(text.contains("the threshold that the model ships, which was chosen for other costs"))

        let scores = try await CommandLineTool.run(
            ["score", "--model", path] + log + ["--top-reasons", "1"])
        let lines = scores.output.split(separator: "\n")
        #expect(lines.first == "id,time,probability,log_odds,reason_1,above_threshold")
        for line in lines.dropFirst() {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            let probability = try #require(Double(cells[2]))
            #expect(line.hasSuffix(probability >= threshold ? ",1" : ",0"))
        }
        let own = try await CommandLineTool.run(
            ["score", "--model", path] + log + [
                "--threshold", "0.5", "--columns", "probability", "above_threshold",
            ])
        for line in own.output.split(separator: "\n").dropFirst() {
            let probability = try #require(Double(line.prefix { $0 != "," }))
            #expect(line.hasSuffix(probability >= 0.5 ? ",1" : ",0"))
        }
        let wrong = try await CommandLineTool.run(["score", "--model", path] + log + ["--threshold", "1.5"])
        #expect(wrong.status == 64 && wrong.errors.contains("no probability"))
        #expect(
            try await CommandLineTool.run(["explain", "--model", path]).output.contains("contact who has"))
    }

    @Test("an offer that never pays is made to nobody, in JSON and in words")
    func nobody() async throws {
        let folder = try TemporaryFolder()
        let (report, path) = try await trained(
            ["--profit-success", "0", "--contact-cost", "3"], in: folder)
        let shipped = try #require(report["modelDecision"] as? [String: Any])
        #expect(shipped["threshold"] is NSNull && shipped["contact"] as? String == "nobody")
        let evaluate = ["evaluate", "--model", path] + log + ["--at", "2025-05-01", "--bootstrap", "0"]
        let decision = try #require(try await CommandLineTool.json(evaluate)["decision"] as? [String: Any])
        #expect(decision["contact"] as? String == "nobody" && decision["profit"] as? Double == 0)
        #expect(try await CommandLineTool.run(evaluate).output.contains("Nobody is contacted"))
        #expect(
            try await CommandLineTool.run(["explain", "--model", path]).output.contains("contact nobody"))
    }

    @Test("the value of each user comes from an input, which evaluate finds again")
    func values() async throws {
        let folder = try TemporaryFolder()
        let name = "count_page_viewed_7d"
        let (report, path) = try await trained(["--value-input", name, "--profit-value", "50"], in: folder)
        #expect((report["modelDecision"] as? [String: Any])?["valueInput"] as? String == name)
        let evaluate = ["evaluate", "--model", path] + log + ["--at", "2025-05-01", "--bootstrap", "0"]
        let decision = try #require(try await CommandLineTool.json(evaluate)["decision"] as? [String: Any])
        #expect(decision["valueInput"] as? String == name)
        let refused = try await CommandLineTool.run(
            ["train"] + log + label + fast + ["--value-input", "no_such_input"])
        #expect(refused.status == 64 && refused.errors.contains("no number among the inputs"))
    }

    @Test("--choose-threshold alone takes the usual costs; without it nothing is shipped")
    func usualCosts() async throws {
        let folder = try TemporaryFolder()
        let (report, _) = try await trained(["--choose-threshold"], in: folder)
        #expect((report["modelDecision"] as? [String: Any])?["value"] as? Double == 200)
        let (plain, _) = try await trained([], in: folder)
        #expect(plain["modelDecision"] == nil && plain["decision"] == nil)
    }
}
