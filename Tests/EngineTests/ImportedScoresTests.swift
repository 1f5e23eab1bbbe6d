import Foundation
import LimpetExport
import LimpetScoring
import LimpetTestSupport
import Testing

/// Imported models against the predictions of the programs that trained them.
@Suite struct ImportedScoresTests {
    /// The distance of Limpet's scores from those of the program, for each example; one run of the script
    /// makes all.
    private func distances(
        _ script: String, _ examples: [String], model name: String
    ) async throws -> [(example: String, distance: ScoreDistance)] {
        let folder = try TemporaryFolder()
        try await ExternalEngines.run(script: script, [folder.path] + examples)
        return try examples.map { example in
            let file = folder.file("\(example)/\(name)")
            let read = try BoosterImport().read(folder.contents(file), file: file)
            let rows = try ScoredRows(folder: folder.file(example), read.model)
            #expect(rows.numbers.count > 20_000)
            let scores = try ScoredRows.otherScores(folder.file(example))
            let distance = ScoreDistance(scores, rows.scores(read.model))
            print("\(script), \(example), \(read.trees) trees: \(distance.logOdds), \(distance.probability)")
            return (example, distance)
        }
    }

    @Test("LightGBM's own predictions, at every threshold, with zeros, missing values and unseen codes")
    func lightGBM() async throws {
        guard ExternalEngines.has(module: "lightgbm", "pandas") else { return }
        let examples = ["nan", "zero", "none", "sigmoid", "forest", "dart", "entropy", "codes", "frame"]
        let found = try await distances("lightgbm_models.py", examples, model: "model.txt")
        #expect(found.count == 9)
        for (example, distance) in found {
            #expect(
                distance.logOdds < 1e-12 && distance.probability < 1e-12,
                "\(example), row \(distance.worstRow): \(distance)")
        }
    }

    @Test(
        "XGBoost's own predictions, around every threshold of 32 bits, with missing values and unseen codes")
    func xgboost() async throws {
        guard ExternalEngines.has(module: "xgboost", "pandas") else { return }
        let examples = ["hist", "exact", "raw", "dart", "forest", "pruned", "codes", "one_hot", "frame"]
        let found = try await distances("xgboost_models.py", examples, model: "model.json")
        #expect(found.count == 9)
        // XGBoost adds up in 32 bits: a row on the wrong side of a threshold would differ by far more.
        for (example, distance) in found {
            #expect(
                distance.logOdds < 5e-6 && distance.probability < 1e-6,
                "\(example), row \(distance.worstRow): \(distance)")
        }
    }
}
