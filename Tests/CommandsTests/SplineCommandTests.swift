import LimpetDocuments
import Foundation
import LimpetEvents
import LimpetScoring
import LimpetTestSupport
import Testing

/// `--splines` from training to scores.
@Suite struct SplineCommandTests {
    /// Both few and many visits leave, some in between stay; a plan says nothing.
    private static let table: String = {
        var random = TestRandom(seed: 99)
        var table = "id,visits,age,plan,left\n"
        for row in 0..<600 {
            let visits = random.below(40)
            let leaves = random.below(10) < (visits < 8 || visits > 25 ? 7 : 2)
            let text = random.below(12) == 0 ? "" : String(visits)
            table += "u\(row),\(text),\(random.below(9)),\(row % 2 == 0 ? "a" : "b"),\(leaves ? 1 : 0)\n"
        }
        return table
    }()

    private func train(
        _ folder: borrowing TemporaryFolder, _ flags: [String]
    ) async throws -> ChildProcess.Result {
        let table = try folder.write(Self.table, as: "table.csv")
        return try await CommandLineTool.run(
            [
                "train", "--table", table, "--target", "left", "--positive", "1", "--id", "id", "--folds",
                "2", "--bootstrap", "0", "--format", "json",
            ] + flags)
    }

    @Test("a spline is trained, kept in the settings, explained and scored")
    func wholeWay() async throws {
        let folder = try TemporaryFolder()
        let file = folder.file("model.json")
        let result = try await train(
            folder,
            [
                "--model", "logistic", "--l2", "0", "--splines", "visits", "--spline-knots", "4",
                "--inference", "allRows", "--output", file,
            ])
        try #require(result.status == 0, "\(result.errors)")
        let report = try JSONReader.read(Array(result.output.utf8)[...])
        #expect(report.pretty.contains("spline 3 of signed log of visits"))
        let model = try ModelFile.decode(Array(Data(contentsOf: URL(filePath: file)))).scorer.model
        let settings = model.provenance["settings"]?["splines"]
        #expect(settings?["inputs"]?.array?.map(\.text) == ["visits"])
        #expect(settings?["knots"]?.integer == 4)
        #expect(model.format == 2)
        let text = try await CommandLineTool.run(["explain", "--model", file]).output
        #expect(text.contains("visits  importance") && text.contains("curve of log(1 + x) with 4 knots"))
        #expect(text.contains("age  importance") && text.contains("coefficient"))
        #expect(text.contains("± 0."), "\(text)")
        let json = try await CommandLineTool.json(["explain", "--model", file])
        #expect((json["terms"] as? [[String: Any]])?.contains { $0["type"] as? String == "curve" } == true)
        let scores = folder.file("scores.csv")
        let scored = try await CommandLineTool.run([
            "score", "--model", file, "--table", folder.file("table.csv"), "--id", "id", "--output", scores,
        ])
        try #require(scored.status == 0, "\(scored.errors)")
        #expect(try String(contentsOfFile: scores, encoding: .utf8).split(separator: "\n").count == 601)
    }

    @Test("all numbers at once, in a blend")
    func allNumbers() async throws {
        let folder = try TemporaryFolder()
        let file = folder.file("model.json")
        let result = try await train(
            folder, ["--model", "blend", "--splines", "all", "--rounds", "20", "--output", file])
        try #require(result.status == 0, "\(result.errors)")
        #expect(!result.errors.contains("changes nothing"))
        let text = try await CommandLineTool.run(["explain", "--model", file]).output
        #expect(text.contains("(curve) and"), "\(text)")
    }

    static let refused: [(flags: [String], expected: [String])] = [
        (["--splines", "visit"], ["--splines visit", "no such input", "did you mean visits?"]),
        (["--splines", "plan"], ["--splines plan", "category", "leave it out"]),
        (["--spline-knots", "4"], ["--spline-knots does nothing here", "--splines"]),
        (["--splines", "age", "--spline-knots", "8"], ["--spline-knots must be from 3 to 7"]),
        (["--splines", "all", "age"], ["--splines all"]),
        (["--splines", "age", "--non-negative", "age"], ["--non-negative", "age", "single"]),
        (["--splines", "all", "--non-positive", "visits"], ["--non-positive", "visits", "single"]),
    ]

    @Test("what cannot be a spline is said before anything is trained", arguments: refused)
    func refusals(_ item: (flags: [String], expected: [String])) async throws {
        let folder = try TemporaryFolder()
        let result = try await train(folder, ["--model", "logistic"] + item.flags)
        #expect(result.status == 64, "\(result.errors)")
        for text in item.expected { #expect(result.errors.contains(text), "\(result.errors)") }
    }

    @Test("other kinds of models give a warning")
    func warning() async throws {
        let folder = try TemporaryFolder()
        let result = try await train(
            folder, ["--model", "stumps", "--rounds", "5", "--splines", "age", "--spline-knots", "4"])
        #expect(result.status == 0)
        #expect(result.errors.contains("--splines, --spline-knots changes nothing here"), "\(result.errors)")
    }
}
