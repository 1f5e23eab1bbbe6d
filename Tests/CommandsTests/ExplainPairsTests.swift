import LimpetDocuments
import Foundation
import LimpetEvents
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// `limpet explain` and `limpet score` on a model with pairs and several terms of one input.
@Suite struct ExplainPairsTests {
    private static let months = Term.Axis.numbers(edges: (1..<30).map { Double($0 * 2) })
    private static let plan = Term.Axis.levels(names: ["free", "basic", "pro"])
    private static let region = Term.Axis.levels(names: (0..<12).map { "r\($0)" })

    private static func grid(_ first: Int, _ rows: Term.Axis, _ second: Int, _ columns: Term.Axis) -> Term {
        let values = (0..<(rows.binCount * columns.binCount)).map { cell -> Double in
            let (row, column) = (cell / columns.binCount, cell % columns.binCount)
            return (row < rows.binCount / 2) == (column < columns.binCount / 2) ? 0.5 : -0.25
        }
        return Term(
            input: first, grid: Term.Grid(second: second, rows: rows, columns: columns, values: values),
            importance: 0.4)
    }

    private static let model: Model = {
        let steps = Term.Steps(
            edges: [6, 24], values: [0.75, 0, -0.5], standardErrors: [0.125, 0.0625, 0.25])
        let line = Term.Line(transform: .identity, coefficient: -0.01, offset: 0.25)
        let training = TrainingSummary(
            rows: 1_000, users: 1_000, positives: 300,
            inputs: [
                .init(
                    edges: (1..<30).map { Double($0 * 2) }, counts: [60] + [Double](repeating: 30, count: 29),
                    missing: 70),
                .init(levels: ["free", "basic", "pro"], counts: [500, 300, 200, 0], missing: 0),
                .init(
                    levels: (0..<12).map { "r\($0)" },
                    counts: [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 340], missing: 0),
                .init(edges: [6, 24], counts: [200, 300, 500], missing: 0),
            ], logOdds: .init(counts: [1_000], missing: 0))
        return Model(
            kind: .blend, source: .table(target: "left", positive: "yes"),
            inputs: [
                .init(name: "months", isCategorical: false), .init(name: "plan", isCategorical: true),
                .init(name: "region", isCategorical: true), .init(name: "visits", isCategorical: false),
            ],
            intercept: -1,
            terms: [
                Term(input: 3, shape: .line(line), missing: 0, importance: 0.1),
                Term(input: 3, shape: .steps(steps), missing: 0, importance: 0.3),
                grid(0, months, 1, plan), grid(2, region, 0, months),
            ], calibrator: .none, training: training, evaluation: .null, provenance: .null)
    }()

    private static func written(_ folder: borrowing TemporaryFolder, steps: Bool = false) throws -> String {
        var model = try model.withGoldenInputs(zone: .utc)
        if steps {
            model.terms.removeFirst()
            model = try model.withGoldenInputs(zone: .utc)
        }
        return try folder.write(ModelFile.encode(model).bytes, as: "model.json")
    }

    private func explain(_ flags: [String]) async throws -> String {
        let result = try await CommandLineTool.run(["explain"] + flags)
        try #require(result.status == 0, "\(result.errors)")
        return result.output
    }

    @Test("a pair is a table with named states, a large one joined to at most eight a side")
    func tables() async throws {
        let folder = try TemporaryFolder()
        let model = try Self.written(folder)
        let text = try await explain(["--model", model])
        #expect(text.contains("months × plan  importance 0.400"))
        #expect(text.contains("downwards months, across plan; joined bins with their mean"))
        let lines = text.split(separator: "\n").map { String($0) }
        let start = try #require(lines.firstIndex { $0.contains("region × months") })
        let table = lines[(start + 2)...].prefix { !$0.contains("importance") }
        #expect(table.count == 1 + 7)
        #expect(table.dropFirst().last?.contains("others") == true)
        #expect(table.first?.contains("missing") == true)
        #expect(table.dropFirst().allSatisfy { $0.split(separator: "0.").count - 1 <= 8 })
    }

    @Test("terms of one input are shown as their sum, and only on request")
    func sums() async throws {
        let folder = try TemporaryFolder()
        let model = try Self.written(folder)
        let text = try await explain(["--model", model, "--term", "visits"])
        #expect(text.contains("visits  importance 0.100 (line) and 0.300 (steps)  coefficient -0.0100"))
        // Just under 6: 0.25 − 0.06 + 0.75; at 6: 0.25 − 0.06 + 0; at 24: 0.25 − 0.24 − 0.5.
        #expect(text.contains("just under 6    +0.940"))
        #expect(text.contains("+0.190") && text.contains("-0.490"))
        #expect(!text.contains("plan"))
        let pairs = try await explain(["--model", model, "--term", "plan"])
        #expect(pairs.contains("months × plan") && !pairs.contains("region × months"))
        let document = try JSONReader.read(
            Array(try await explain(["--model", model, "--term", "plan", "--format", "json"]).utf8)[...])
        #expect(document["terms"]?.array?.map { $0["second"]?.text } == ["plan"])
    }

    @Test("steps show how far their values spread over bags")
    func standardErrors() async throws {
        let folder = try TemporaryFolder()
        let text = try await explain(["--model", try Self.written(folder, steps: true), "--term", "visits"])
        for part in ["+0.750", "± 0.125", "± 0.063", "-0.500", "± 0.250", "20 %", "30 %", "50 %"] {
            #expect(text.contains(part), "\(text)")
        }
    }

    @Test("one user's pairs are named with both values and add up")
    func user() async throws {
        let folder = try TemporaryFolder()
        let model = try Self.written(folder)
        let table = try folder.write(
            "id,months,plan,region,visits\nu1,3,pro,r5,30\nu2,,free,elsewhere,7\n", as: "table.csv")
        let flags = ["--model", model, "--table", table, "--id", "id"]
        let text = try await explain(flags + ["--user", "u1"])
        #expect(text.contains("months × plan") && text.contains("3 × pro"))
        #expect(text.contains("visits (line)") && text.contains("visits (steps)"))
        let report = try JSONReader.read(
            Array(try await explain(flags + ["--user", "u2", "--format", "json"]).utf8)[...])
        let terms = try #require(report["terms"]?.array)
        #expect(terms.map { $0["second"]?.text } == [nil, nil, "plan", "months"])
        #expect(terms[2]["value"] == .null && terms[2]["secondValue"]?.text == "free")
        #expect(terms[3]["value"]?.text == "elsewhere" && terms[3]["secondValue"] == .null)
        let sum = terms.reduce(-1.0) { $0 + ($1["contribution"]?.double ?? .nan) }
        #expect(sum == report["logOdds"]?.double)
        let output = folder.file("scores.csv")
        let scored = try await CommandLineTool.run(["score", "--output", output] + flags)
        try #require(scored.status == 0, "\(scored.errors)")
        let lines = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 3 && lines[2].contains(",\(sum),"))
        #expect(lines[2].contains("months is missing and region is elsewhere"))
    }

    @Test("a blend is trained, written, read and explained")
    func blend() async throws {
        let folder = try TemporaryFolder()
        var table = "id,x,plan,left\n"
        for row in 0..<400 {
            let isHigh = row % 7 < 3
            let leaves = (row * 13) % 10 < (isHigh ? 7 : 2)
            table +=
                "u\(row),\(isHigh ? 5 + row % 3 : row % 4),\(row % 2 == 0 ? "a" : "b"),\(leaves ? 1 : 0)\n"
        }
        let file = try folder.write(table, as: "table.csv")
        let model = folder.file("model.json")
        let flags = ["train", "--table", file, "--target", "left", "--positive", "1", "--id", "id"]
        let result = try await CommandLineTool.run(
            flags + [
                "--model", "blend", "--rounds", "50", "--l2", "1", "--folds", "2", "--bootstrap", "0",
                "--output", model,
                "--format",
                "json",
            ])
        try #require(result.status == 0, "\(result.errors)")
        #expect(!result.errors.contains("changes nothing"))
        let report = try JSONReader.read(Array(result.output.utf8)[...])
        #expect(report["kind"]?.text == "blend")
        #expect(report["chosen"]?["l2"]?.double == 1 && report["chosen"]?["rounds"]?.integer != nil)
        #expect(try await explain(["--model", model]).contains("blend model"))
    }
}
