import Foundation
import LimpetTestSupport
import Testing

/// Tables as they come: with decimal commas, dates, ids and a target of yes and no.
@Suite final class WrittenTableTests {
    private let folder: TemporaryFolder
    private let table: String

    init() throws {
        folder = try TemporaryFolder()
        let rows = (0..<400).map { row in
            let (days, amount) = (row * 37 % 360, Double(row * 53 % 200) / 8)
            let leaves = days > 180 && amount < 18 || row % 11 == 0
            let date = "\(days % 28 + 1)/\(12 - days / 30)/2024"
            let written = "€ " + "\(amount)".replacing(".", with: ",")
            return "c\(row);\(date);\(written);\(leaves ? "yes" : "no")"
        }
        table = try folder.write(
            (["customer;joined;spent;left"] + rows).joined(separator: "\n") + "\n", as: "t.csv")
    }

    private func train(_ more: [String] = []) async throws -> String {
        let model = folder.file("model.json")
        let result = try await CommandLineTool.run(
            [
                "train", "--table", table, "--target", "left", "--folds", "2", "--bootstrap", "0", "--model",
                "stumps",
            ]
                + more + ["--output", model])
        try #require(result.isGood, "\(result.errors)")
        #expect(result.errors.contains("customer has a value of its own in each row, and is left out"))
        #expect(result.output.contains("left: 1 is \"yes\""))
        return model
    }

    @Test("dates and amounts are numbers in training, scores, evaluation, drift and explanations")
    func whole() async throws {
        let model = try await train()
        let document = try await CommandLineTool.json(["evaluate", "--model", model, "--table", table])
        #expect((document["auc"] as? Double ?? 0) > 0.9)
        let scores = try await CommandLineTool.run(
            ["score", "--model", model, "--table", table, "--id", "customer"])
        #expect(scores.isGood && scores.output.split(separator: "\n").count == 401)
        #expect(scores.output.contains("joined is"), "\(scores.output.prefix(300))")
        let drift = try await CommandLineTool.run(["monitor", "--model", model, "--table", table])
        #expect(drift.isGood, "\(drift.errors)")
        let one = try await CommandLineTool.run(
            ["explain", "--model", model, "--table", table, "--id", "customer", "--user", "c7"])
        #expect(one.isGood && one.output.contains("days before 2024-12-2"), "\(one.output)")
    }

    @Test("a table of a later day is scored as of that day")
    func later() async throws {
        let model = try await train()
        let score = ["score", "--model", model, "--table", table, "--id", "customer"]
        let same = try await CommandLineTool.run(score)
        let moved = try await CommandLineTool.run(score + ["--dates-before", "2025-06-01"])
        #expect(same.isGood && moved.isGood && same.output != moved.output)
        let bad = try await CommandLineTool.run(score + ["--dates-before", "soon"])
        #expect(bad.status == 64 && bad.errors.contains("--dates-before soon: expected a time like"))
    }

    @Test("a value that is not written like the others is named with its line")
    func bad() async throws {
        let model = try await train()
        let text = "customer;joined;spent;left\na;1/2/2024;€ 3,5;no\nb;1/2/2024;$ 3,5;no\n"
        let result = try await CommandLineTool.run(
            ["score", "--model", model, "--table", try folder.write(text, as: "bad.csv"), "--id", "customer"])
        #expect(result.status == 65)
        #expect(
            result.errors.contains("bad.csv:3: spent: found \"$ 3,5\", expected a number such as €1234,5"))
    }

    @Test("describe tells the types, and what is done with each column")
    func described() async throws {
        let result = try await CommandLineTool.run(["describe", "--table", table, "--target", "left"])
        #expect(result.isGood)
        for text in [
            "400 rows, 4 columns; all rows decide the types", "left out: has a value of its own in each row",
            "written as 31/01/2025", "written as €1234,5", "limpet train --table \(table) --target left",
        ] { #expect(result.output.contains(text), "\(result.output)") }
        let json = try await CommandLineTool.json(["describe", "--table", table])
        let columns = json["columns"] as? [[String: Any]]
        #expect(columns?.map { $0["type"] as? String } == ["id", "date", "number", "category"])
    }
}
