import Foundation
import LimpetTestSupport
import Testing

/// Training on a log in which offers were at work.
@Suite(.serialized) final class TreatmentTests {
    private let folder: TemporaryFolder
    private let log: String
    private let holdout: [String]

    init() async throws {
        folder = try TemporaryFolder()
        log = folder.file("log.csv")
        let simulated = try await CommandLineTool.run([
            "simulate", "--users", "1500", "--days", "120", "--holdout", "0.3", "--output", log,
        ])
        try #require(simulated.status == 0, "\(simulated.errors)")
        let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: ",", maxSplits: 3, omittingEmptySubsequences: false)
        }
        let offered = Set(lines.filter { $0[2] == "offer_shown" }.map { String($0[1]) })
        holdout = Set(lines.dropFirst().map { String($0[1]) }).subtracting(offered).sorted()
    }

    private func train(
        _ flags: [String], systemEvents: [String] = ["--system-events", "offer_shown", "offer_withheld"]
    ) -> [String] {
        [
            "train", "--events", log, "--target-event", "cancelled", "--horizon", "28d", "--every", "14d",
            "--folds", "2", "--rounds", "50", "--bootstrap", "0",
        ] + systemEvents + flags
    }

    @Test("offers that nobody names are warned of where they are many")
    func warning() async throws {
        let report = try await CommandLineTool.json(train([]))
        #expect(report["treated"] as? String == "ignore")
        #expect(report["treatedWarning"] as? Bool == true)
        let text = try await CommandLineTool.run(train([]))
        #expect(text.output.contains("Warning, more than 10.0 %") && text.output.contains("--offer-events"))
    }

    @Test("windows with an offer are left out, and with a holdout all that are not without one by design")
    func exclude() async throws {
        let all = try #require(try await CommandLineTool.json(train([]))["rows"] as? Int)
        let report = try await CommandLineTool.json(train(["--offer-events", "offer_shown"]))
        let share = try #require(report["treatedShare"] as? Double)
        let rows = try #require(report["rows"] as? Int)
        #expect(report["treated"] as? String == "exclude")
        if report["untreatedByDesign"] as? Bool == false {
            #expect(abs(Double(rows) - (1 - share) * Double(all)) < 0.5)
        }
        let users = try folder.write(holdout.joined(separator: "\n"), as: "holdout.txt")
        let features = try folder.write(
            """
            version: 1
            systemEvents: [offer_shown, offer_withheld]
            features:
              - {kind: recency}
            """, as: "recency.yaml")
        let designed = try await CommandLineTool.json(
            train(
                ["--offer-events", "offer_shown", "--holdout-users", users, "--features", features],
                systemEvents: []))
        #expect(designed["untreatedByDesign"] as? Bool == true)
        #expect(try #require(designed["rows"] as? Int) < rows)
    }

    @Test("an offer that is a term is none in the model")
    func term() async throws {
        let model = folder.file("model.json")
        let report = try await CommandLineTool.json(
            train(["--offer-events", "offer_shown", "--treated", "term", "--output", model]))
        #expect(report["treated"] as? String == "term")
        let text = try String(contentsOfFile: model, encoding: .utf8)
        #expect(!text.contains("\"treated\""))
        let scored = try await CommandLineTool.run([
            "score", "--model", model, "--events", log, "--output", folder.file("scores.csv"),
        ])
        #expect(scored.status == 0, "\(scored.errors)")
    }

    @Test("users of a holdout whom the log does not know are told of, and refused where it knows none")
    func unknownUsers() async throws {
        let none = try folder.write("nobody\nno one\n", as: "none.txt")
        let refused = try await CommandLineTool.run(
            train(["--offer-events", "offer_shown", "--holdout-users", none]))
        #expect(refused.status == 65)
        #expect(refused.errors.contains("none.txt") && refused.errors.contains("one id per line"))
        let some = try folder.write("nobody\n\(holdout[0])\n", as: "some.txt")
        let warned = try await CommandLineTool.run(
            train(["--offer-events", "offer_shown", "--holdout-users", some]))
        #expect(warned.status == 0 && warned.errors.contains("1 of 2 users are not in the log"))
    }

    @Test(
        "flags of offers without offers are refused",
        arguments: [["--treated", "term"], ["--holdout-users", "x"]])
    func alone(_ flags: [String]) async throws {
        let result = try await CommandLineTool.run(train(flags))
        #expect(result.status == 64 && result.errors.contains("--offer-events"))
    }
}
