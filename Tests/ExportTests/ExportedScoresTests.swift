import Foundation
import LimpetEvents
import LimpetExport
import LimpetScoring
import LimpetTestSupport
import Testing

/// Exported models scored by the engines themselves, on rows at every edge and on random ones.
@Suite(.serialized) struct ExportedScoresTests {
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

    private static func shipped() throws -> Model {
        let path = ExternalEngines.root.appendingPathComponent("models/cancellation.json").path
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        return try ModelFile.decode(bytes).scorer.model
    }

    private func scoresInC(
        _ model: Model, _ rows: ScoredRows, _ folder: borrowing TemporaryFolder, compiler: String
    ) throws -> [RowScore] {
        try rows.write(to: folder)
        _ = try folder.write(CSource(model, hash: "test").text(), as: "model.c")
        let program = folder.file("scores")
        let flags = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-O2"]
        let alone = try ExternalEngines.run(
            "/usr/bin/env", [compiler] + flags + ["-c", folder.file("model.c"), "-o", folder.file("model.o")])
        try #require(alone.status == 0, "\(compiler): \(alone.output.prefix(2_000))")
        let built = try ExternalEngines.run(
            "/usr/bin/env",
            [
                compiler, "-std=c99", "-O2", "-I", folder.path, ExternalEngines.script("c_scores.c"), "-o",
                program,
            ])
        try #require(built.status == 0, "\(compiler): \(built.output.prefix(2_000))")
        let run = try ExternalEngines.run(program, [folder.path])
        try #require(run.status == 0, "\(run.status): \(run.output)")
        return try ScoredRows.otherScores(folder)
    }

    @Test(
        "C gives the bits of the scorer, for every shape of term and every calibrator",
        arguments: [1, 2] as [UInt64])
    func inC(seed: UInt64) throws {
        for compiler in ExternalEngines.compilers {
            var random = RandomModels(seed: seed &+ 100)
            for (name, model) in Self.models(seed: seed) {
                let folder = try TemporaryFolder()
                let rows = ScoredRows(random.rows(model, random: 3_000), model)
                let found = try scoresInC(model, rows, folder, compiler: compiler)
                let expected = rows.scores(model)
                let differing = zip(found, expected).count {
                    $0.logOdds.bitPattern != $1.logOdds.bitPattern || $0.probability != $1.probability
                }
                #expect(found.count == expected.count && differing == 0, "\(compiler), seed \(seed), \(name)")
            }
        }
    }

    @Test("C gives the bits of the scorer on 100,000 rows of the model that ships")
    func shippedInC() throws {
        guard let compiler = ExternalEngines.compilers.first else { return }
        let model = try Self.shipped()
        let folder = try TemporaryFolder()
        var random = RandomModels(seed: 3)
        let rows = ScoredRows(random.rows(model, random: 100_000), model)
        let found = try scoresInC(model, rows, folder, compiler: compiler)
        #expect(found.count > 100_000)
        #expect(found == rows.scores(model))
    }

    private func scoresInONNX(
        _ model: Model, _ rows: ScoredRows, _ folder: borrowing TemporaryFolder
    ) throws -> [RowScore] {
        try rows.write(to: folder)
        let path = try folder.write(ONNXModel(model, hash: "test").bytes, as: "model.onnx")
        let run = try ExternalEngines.run(
            ExternalEngines.python, [ExternalEngines.script("onnx_scores.py"), path, folder.path])
        try #require(run.status == 0, "\(run.output)")
        return try ScoredRows.otherScores(folder)
    }

    @Test(
        "ONNX Runtime gives the scores, for every shape of term and every calibrator",
        arguments: [1, 2] as [UInt64])
    func inONNX(seed: UInt64) throws {
        guard ExternalEngines.has(module: "onnxruntime") else { return }
        var random = RandomModels(seed: seed &+ 100)
        for (name, model) in Self.models(seed: seed) {
            let folder = try TemporaryFolder()
            let rows = ScoredRows(random.rows(model, random: 3_000), model)
            let distance = ScoreDistance(try scoresInONNX(model, rows, folder), rows.scores(model))
            print("ONNX, seed \(seed), \(name): \(distance.logOdds), \(distance.probability)")
            // Cubics far from their knots are large, and what is left of their digits is less.
            #expect(
                distance.probability < 1e-12, "seed \(seed), \(name): row \(distance.worstRow), \(distance)")
        }
    }

    @Test("ONNX Runtime gives the scores on 100,000 rows of the model that ships")
    func shippedInONNX() throws {
        guard ExternalEngines.has(module: "onnxruntime") else { return }
        let model = try Self.shipped()
        let folder = try TemporaryFolder()
        var random = RandomModels(seed: 4)
        let rows = ScoredRows(random.rows(model, random: 100_000), model)
        let distance = ScoreDistance(try scoresInONNX(model, rows, folder), rows.scores(model))
        print("ONNX, the model that ships: \(distance.logOdds), \(distance.probability)")
        #expect(rows.numbers.count > 100_000)
        // A row on the wrong side of an edge would differ by far more.
        #expect(distance.logOdds < 1e-12 && distance.probability < 1e-12, "\(distance)")
    }
}
