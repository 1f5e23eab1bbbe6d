import Foundation
import LimpetTestSupport
import Testing

/// A training without a given kind of model.
@Suite struct AutoTests {
    /// A table whose label is decided by the signs of two numbers together, and a little by a third.
    private func table(_ folder: borrowing TemporaryFolder, rows: Int = 1_500) throws -> String {
        var uniforms = Uniforms(seed: 8)
        var lines = ["a,b,c,left"]
        for _ in 0..<rows {
            let (a, b, c) = (uniforms.normal(), uniforms.normal(), uniforms.normal())
            let logOdds = (a > 0) == (b > 0) ? 1.2 + 0.5 * c : -1.2 + 0.5 * c
            let label = uniforms.next() < 1 / (1 + exp(-logOdds)) ? 1 : 0
            lines.append("\(a),\(b),\(c),\(label)")
        }
        let path = folder.file("table.csv")
        try (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func flags(_ table: String) -> [String] {
        [
            "train", "--table", table, "--target", "left", "--positive", "1", "--folds", "3", "--bootstrap",
            "0",
        ]
    }

    @Test("pairs are taken where the label is an interaction, and the command that is told trains the same")
    func interaction() async throws {
        let folder = try TemporaryFolder()
        let (path, again) = (folder.file("model.json"), folder.file("again.json"))
        let flags = flags(try table(folder))
        let report = try await CommandLineTool.json(flags + ["--output", path])
        #expect(report["kind"] as? String == "stumps")
        let command = try #require(report["command"] as? String)
        #expect(command.hasSuffix("--model stumps --pairs auto"))
        let search = try #require(report["search"] as? [String: Any])
        let trials = try #require(search["trials"] as? [[String: Any]])
        #expect(
            trials.compactMap { ($0["settings"] as? [String: Any])?["model"] as? String }
                == ["stumps", "logistic", "blend", "stumps", "blend"])
        let (best, chosen) = (try #require(search["best"] as? Int), try #require(search["chosen"] as? Int))
        let losses = trials.compactMap { $0["logLoss"] as? Double }
        #expect(losses.count == 5 && losses[best] == losses.min())
        #expect(losses[chosen] - losses[best] <= 0.001)
        #expect(losses[0] - losses[chosen] > 0.1, "without pairs the table tells little")

        let words = command.components(separatedBy: " ").dropFirst().map { $0 == path ? again : $0 }
        let explicit = try await CommandLineTool.json(Array(words))
        #expect(explicit["kind"] as? String == "stumps" && explicit["search"] == nil)
        func model(_ path: String) throws -> [String: Any] {
            let file = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
            return try #require((file as? [String: Any])?["model"] as? [String: Any])
        }
        let (one, other) = try (model(path), model(again))
        #expect(one["terms"] as? NSArray == other["terms"] as? NSArray)
        #expect(one["calibrator"] as? NSDictionary == other["calibrator"] as? NSDictionary)
        #expect(one["kind"] as? String == "stumps", "auto is no kind of a file")
    }

    @Test("the file is the same for any number of threads")
    func threads() async throws {
        let folder = try TemporaryFolder()
        let flags = flags(try table(folder))
        let paths = ["1", "2"].map { folder.file("\($0).json") }
        for (threads, path) in zip(["1", "2"], paths) {
            let result = try await CommandLineTool.run(flags + ["--threads", threads, "--output", path])
            #expect(result.status == 0)
            #expect(result.output.contains("Candidates, on the same held-out users"))
            #expect(result.output.contains("stumps with pairs"))
        }
        let files = try paths.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        #expect(files[0] == files[1])
    }

    @Test(
        "a flag of some kinds leaves those that can keep it, and the report says so",
        arguments: [
            (["--rounds", "50"], ["stumps", "blend", "stumps", "blend"], "--rounds"),
            (["--l2", "3"], ["logistic", "blend", "blend"], "--l2"),
            (["--rounds", "50", "--l2", "3"], ["blend", "blend"], "--rounds, --l2"),
            (["--cap", "a=1"], ["stumps", "stumps"], "--cap"),
            (["--rounds", "50", "--pairs", "2"], ["stumps", "blend"], "--rounds, --pairs"),
        ] as [([String], [String], String)])
    func restricted(given: [String], kinds: [String], reason: String) async throws {
        let folder = try TemporaryFolder()
        let flags = flags(try table(folder, rows: 400)) + given
        let report = try await CommandLineTool.json(flags)
        let search = try #require(report["search"] as? [String: Any])
        let trials = try #require(search["trials"] as? [[String: Any]])
        #expect(trials.compactMap { ($0["settings"] as? [String: Any])?["model"] as? String } == kinds)
        let text = try await CommandLineTool.run(flags)
        #expect(text.output.contains("Not all kinds were tried"))
        #expect(text.output.contains(reason))
    }

    @Test("a perfect ranking is no reason to say that the score does not rise with the label")
    func perfect() async throws {
        let folder = try TemporaryFolder()
        var uniforms = Uniforms(seed: 9)
        let lines = (0..<400).map { row in
            "\(row % 2 == 0 ? 5 + uniforms.next() : uniforms.next()),\(row % 2 == 0 ? 1 : 0)"
        }
        let path = folder.file("perfect.csv")
        try "x,left\n\(lines.joined(separator: "\n"))\n".write(
            toFile: path, atomically: true, encoding: .utf8)
        for kind in ["stumps", "logistic"] {
            let result = try await CommandLineTool.run(flags(path) + ["--model", kind])
            #expect(result.status == 0 && !result.output.contains("does not rise with the label"))
        }
    }

    @Test("where all rounds are given there is nothing to choose")
    func nothing() async throws {
        let folder = try TemporaryFolder()
        let report = try await CommandLineTool.json(
            flags(try table(folder, rows: 400)) + ["--rounds", "30", "--no-early-stopping"])
        #expect(report["search"] == nil && report["kind"] as? String == "stumps")
    }
}
