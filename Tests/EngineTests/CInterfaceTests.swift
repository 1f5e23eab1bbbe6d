import LimpetDocuments
import Foundation
import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetTestSupport
import Testing

/// The shared library as C and Python use it: built by `scripts/build-c`, and called from separate programs.
@Suite(.serialized) struct CInterfaceTests {
    private static let product = Project.path("out/c")

    /// Links the library from what was built with the tests.
    private static func build() async throws {
        try await ChildProcess.succeed(["bash", "scripts/build-c", "--skip-build"])
    }

    private static func loaded() throws -> Scorer {
        try ModelFile.decode(Array(try Data(contentsOf: URL(filePath: Project.shippedModel)))).scorer
    }

    /// Random values of each input: numbers of all sizes, levels, texts that no term knows, missing ones.
    private static func rows(_ flat: FlatScorer, count: Int) -> [[JSON]] {
        var random = TestRandom(seed: 8)
        return (0..<count).map { _ in
            flat.scorer.model.inputs.enumerated().map { place, input in
                guard random.below(6) > 0 else { return .null }
                guard input.isCategorical else { return .number(Double(random.below(4_000)) / 8 - 50) }
                let texts = flat.levels(of: place) + ["unseen"]
                return .string(texts[random.below(texts.count)])
            }
        }
    }

    private static func expected(_ scorer: Scorer, _ rows: [[JSON]]) -> [UInt64] {
        rows.flatMap { row in
            var vector = FeatureVector(count: row.count)
            for (input, value) in row.enumerated() {
                if let number = value.double { vector.numbers[input] = number }
                if let text = value.text { vector.categories[input] = TextKey(text) }
            }
            let score = scorer.score(vector)
            return [score.logOdds.bitPattern, score.probability.bitPattern]
        }
    }

    private static func words(_ bytes: [UInt8]) -> [UInt64] {
        stride(from: 0, to: bytes.count, by: 8).map { start in
            (0..<8).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
        }
    }

    @Test("a C program scores to the bit on eight threads, and no argument ends it")
    func fromC() async throws {
        try await Self.build()
        let flat = FlatScorer(try Self.loaded())
        let rows = Self.rows(flat, count: 20_000)
        let folder = try TemporaryFolder()
        let numbers = rows.flatMap { row in
            row.enumerated().map { input, value in
                value.double ?? value.text.map { flat.code(of: $0, input: input) } ?? .nan
            }
        }
        _ = try folder.write(
            numbers.flatMap { number in
                (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
            },
            as: "rows.bin")
        let program = folder.file("c_interface")
        try await ChildProcess.succeed([
            "cc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-I", Self.product + "/include",
            "scripts/engines/c_interface.c", "-o", program, "-L", Self.product + "/lib", "-llimpet",
            "-lpthread", "-lm", "-Wl,-rpath," + Self.product + "/lib",
        ])
        try await ChildProcess.succeed([program, Project.shippedModel, folder.path])
        #expect(
            Self.words(try folder.contents(folder.file("scores.bin"))) == Self.expected(flat.scorer, rows))
    }

    @Test("the library needs the C and C++ runtimes alone, and exports its interface alone")
    func symbols() async throws {
        try await Self.build()
        let library = Self.product + "/lib/liblimpet.so"
        let dynamic = try await ChildProcess.succeed(["readelf", "-d", library])
        let needed = dynamic.output.split(separator: "\n").filter { $0.contains("(NEEDED)") }
        #expect(!needed.isEmpty)
        for line in needed {
            #expect(
                ["libc.", "libm.", "libstdc++.", "libgcc_s.", "ld-linux", "libpthread"].contains {
                    line.contains($0)
                }, "\(line)")
        }
        let table = try await ChildProcess.succeed(["nm", "-D", "--defined-only", library]).output
        let symbols = table.split(separator: "\n").map { $0.split(separator: " ") }.filter { $0.count == 3 }
        let functions = symbols.filter { $0[1] == "T" }.map { String($0[2]) }
        #expect(functions.count >= 20 && functions.allSatisfy { $0.hasPrefix("limpet_") }, "\(functions)")
    }

    @Test("Python scores to the bit")
    func fromPython() async throws {
        guard ExternalEngines.has(module: "numpy") else { return }
        try await Self.build()
        let flat = FlatScorer(try Self.loaded())
        let rows = Self.rows(flat, count: 5_000)
        let folder = try TemporaryFolder()
        let header = flat.scorer.model.inputs.map { "\"\($0.name)\"" }.joined(separator: ",")
        let lines = rows.map { row in
            row.map { $0.double.map { "\($0)" } ?? $0.text.map { "\"\($0)\"" } ?? "" }.joined(separator: ",")
        }
        let table = try folder.write(([header] + lines).joined(separator: "\n") + "\n", as: "table.csv")
        try await ExternalEngines.run(
            script: "python_interface.py",
            [Self.product + "/python", Project.shippedModel, table, folder.path])
        #expect(
            Self.words(try folder.contents(folder.file("scores.bin"))) == Self.expected(flat.scorer, rows))
    }

    // MARK: Columns by name

    /// A model whose score is −1, 0 or 1 by the visits, and adds the price and 0.25, −0.5 or 0.125 by the
    /// device, 2 for one that it does not know, and −2 for a missing one.
    private static func frameModel() -> Model {
        func levels(_ names: [String], _ values: [Double]? = nil) -> Term.Shape {
            let zeros = names.map { _ in 0.0 }
            return .levels(Term.Levels(names: names, values: values ?? zeros, other: values == nil ? 0 : 2))
        }
        let names = ["visits", "price", "device", "plan", "is_new", "zone", "note", "code", "whole"]
        let codes: [String: Model.Codes] = ["code": .exact, "whole": .truncated]
        let empty = TrainingSummary.Distribution(counts: [0], missing: 0)
        let line = Term.Line(transform: .identity, coefficient: 1, offset: 0)
        let steps = Term.Steps(edges: [2, 10], values: [-1, 0, 1])
        return Model(
            kind: .stumps, source: .table(target: "left", positive: "yes"),
            inputs: names.enumerated().map {
                Model.Input(name: $1, isCategorical: $0 > 1, codes: codes[$1])
            }, intercept: 0,
            terms: [
                Term(input: 0, shape: .steps(steps), missing: 0.5),
                Term(input: 1, shape: .line(line), missing: 0),
                Term(input: 2, shape: levels(["android", "ios", "web"], [0.25, -0.5, 0.125]), missing: -2),
                Term(input: 3, shape: levels(["1", "2", "3"]), missing: 0),
                Term(input: 4, shape: levels(["False", "True"]), missing: 0),
                Term(input: 5, shape: levels(["001", "1.0", "2", "2.0"]), missing: 0),
                Term(input: 7, shape: levels(["-1", "1", "2.5"], [3, 5, 7]), missing: 0),
                Term(input: 8, shape: levels(["0", "1", "2"], [11, 13, 17]), missing: 0),
            ], calibrator: .none,
            training: TrainingSummary(
                rows: 0, users: 0, positives: 0, inputs: names.map { _ in empty }, logOdds: empty),
            evaluation: .null, provenance: .null)
    }

    /// A table with a column more than the model reads, and values that are missing in each way of files.
    private static func frameTable(rows: Int) -> String {
        var random = TestRandom(seed: 21)
        var text = "user,is_new,visits,price,device,plan,zone,note,code,whole\n"
        for row in 0..<rows {
            let fields = [
                "\(row)", random.pick(["True", "False", ""]), random.pick(["1", "5", "12", "NA", ""]),
                random.pick(["0.25", "-3", "1e2", "NaN", ""]), random.pick(["ios", "web", "tv", "NA", ""]),
                random.pick(["1", "2", "9", ""]), random.pick(["001", "2.0", "7", ""]),
                random.pick(["x", ""]), random.pick(["1", "1.0", "01", "-1.00", "2.5", "7", ""]),
                random.pick(["0.9", "1", "1.7", "-0.5", "2", "x", ""]),
            ]
            text += fields.joined(separator: ",") + "\n"
        }
        return text
    }

    @Test("Python takes columns of numpy, pandas and Polars by name, missing as missing, and models pickled")
    func columnsFromPython() async throws {
        guard ExternalEngines.has(module: "numpy", "pandas", "polars", "pyarrow") else { return }
        try await Self.build()
        let folder = try TemporaryFolder()
        let model = try folder.write(ModelFile.encode(Self.frameModel()).bytes, as: "model.json")
        let table = try folder.write(Self.frameTable(rows: 400), as: "table.csv")
        let scores = folder.file("scores.csv")
        let scored = try await CommandLineTool.run([
            "score", "--model", model, "--table", table, "--id", "user", "--output", scores,
        ])
        try #require(scored.isGood, "\(scored.errors)")
        try await ExternalEngines.run(
            script: "python_columns.py", [Self.product + "/python", model, table, scores])
    }
}
