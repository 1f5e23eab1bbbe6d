import Foundation
import LimpetEvents
import LimpetExport
import LimpetScoring
import LimpetTestSupport
import Testing

/// Exported models scored by the engines themselves, on rows at every edge and on random ones.
@Suite struct ExportedScoresTests {
    /// A model, and the rows that it is compared on.
    private struct Case {
        let name: String
        let model: Model
        let rows: ScoredRows
    }

    /// All shapes in one model, each shape alone, and each calibrator.
    private static func models(seed: UInt64) -> [(name: String, model: Model)] {
        var models = RandomModels(seed: seed)
        let shapes = RandomModels.Shape.allCases
        var result = RandomModels.calibrators.map { calibrator in
            ("all shapes, \(calibrator)", models.model(shapes + shapes, calibrator))
        }
        for shape in shapes {
            result.append(
                ("\(shape)", models.model([shape, shape, shape], .platt(slope: 1.1, intercept: 0.1))))
        }
        result.append(("no terms", models.model([], .none)))
        return result
    }

    /// Made-up models of two seeds with 3,000 random rows each, and the model that ships with 100,000.
    private static func cases(shippedSeed: UInt64) throws -> [Case] {
        var cases: [Case] = []
        for seed in [1, 2] as [UInt64] {
            var random = RandomModels(seed: seed &+ 100)
            for (name, model) in models(seed: seed) {
                let rows = ScoredRows(random.rows(model, random: 3_000), model)
                cases.append(Case(name: "seed \(seed), \(name)", model: model, rows: rows))
            }
        }
        let file = try Data(contentsOf: URL(filePath: Project.shippedModel))
        let shipped = try ModelFile.decode(Array(file)).scorer.model
        var random = RandomModels(seed: shippedSeed)
        let rows = ScoredRows(random.rows(shipped, random: 100_000), shipped)
        #expect(rows.numbers.count > 100_000)
        return cases + [Case(name: "the model that ships", model: shipped, rows: rows)]
    }

    @Test(
        "C gives the bits of the scorer, for every shape of term, every calibrator and the model that ships",
        arguments: ["cc", "clang"])
    func inC(compiler: String) async throws {
        guard (try? await ChildProcess.succeed([compiler, "--version"])) != nil else {
            print("SKIPPED: there is no \(compiler)")
            return
        }
        let folder = try TemporaryFolder()
        let cases = try Self.cases(shippedSeed: 3)
        // One translation unit holds all models, each with a prefix of its own;
        // the model that ships has the usual one.
        let prefixes = cases.indices.map { $0 < cases.count - 1 ? "m\($0)" : CSource.usualPrefix }
        var source = ""
        var files: [String] = []
        for (prefix, item) in zip(prefixes, cases) {
            try item.rows.write(to: folder.file(prefix))
            let text = try CSource(item.model, hash: "test", prefix: prefix).text()
            files.append(try folder.write(text, as: prefix + ".c"))
            source += text
        }
        // Each alone, since what is missing in one may stand in another.
        let flags = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"]
        try await ChildProcess.succeed([compiler, "-fsyntax-only"] + flags + files)
        let entries = prefixes.map { "MODEL(\($0), \($0.uppercased()))" }
        source += "#define MODELS(MODEL) " + entries.joined(separator: " ") + "\n"
        _ = try folder.write(source, as: "models.c")
        let program = folder.file("scores")
        try await ChildProcess.succeed(
            [compiler] + flags + [
                "-O2", "-I", folder.path, Project.path("scripts/engines/c_scores.c"), "-o", program,
            ])
        try await ChildProcess.succeed([program, folder.path])
        for (prefix, item) in zip(prefixes, cases) {
            let found = try ScoredRows.otherScores(folder.file(prefix))
            let expected = item.rows.scores(item.model)
            let differing = zip(found, expected).count {
                $0.logOdds.bitPattern != $1.logOdds.bitPattern || $0.probability != $1.probability
            }
            #expect(found.count == expected.count && differing == 0, "\(compiler), \(item.name)")
        }
    }

    @Test("ONNX Runtime gives the scores, for every shape of term, every calibrator and the model that ships")
    func inONNX() async throws {
        guard ExternalEngines.has(module: "onnxruntime") else { return }
        let folder = try TemporaryFolder()
        let cases = try Self.cases(shippedSeed: 4)
        let folders = cases.indices.map { folder.file("m\($0)") }
        for (item, folder) in zip(cases, folders) {
            try item.rows.write(to: folder)
            let model = try ONNXModel(item.model, hash: "test").bytes
            try Data(model).write(to: URL(filePath: folder + "/model.onnx"))
        }
        try await ExternalEngines.run(script: "onnx_scores.py", folders)
        for (item, folder) in zip(cases, folders) {
            let distance = ScoreDistance(try ScoredRows.otherScores(folder), item.rows.scores(item.model))
            print("ONNX, \(item.name): \(distance.logOdds), \(distance.probability)")
            // Cubics far from their knots are large, and what is left of their digits is less.
            #expect(distance.probability < 1e-12, "\(item.name): row \(distance.worstRow), \(distance)")
            // A row on the wrong side of an edge would differ by far more.
            if item.name == "the model that ships" { #expect(distance.logOdds < 1e-12, "\(distance)") }
        }
    }
}
