import LimpetExport
import LimpetScoring
import LimpetTestSupport
import Testing

/// Imported models against the predictions of the programs that trained them.
@Suite(.serialized) struct ImportedScoresTests {
    private func distance(_ script: String, _ example: String, model name: String) throws -> ScoreDistance {
        let folder = try TemporaryFolder()
        let made = try ExternalEngines.run(
            ExternalEngines.python, [ExternalEngines.script(script), example, folder.path])
        try #require(made.status == 0, "\(made.output)")
        let file = folder.file(name)
        let read = try BoosterImport().read(folder.contents(file), file: file)
        let rows = try ScoredRows(folder, read.model)
        #expect(rows.numbers.count > 20_000)
        let distance = ScoreDistance(try ScoredRows.otherScores(folder), rows.scores(read.model))
        print("\(script), \(example), \(read.trees) trees: \(distance.logOdds), \(distance.probability)")
        return distance
    }

    @Test(
        "LightGBM's own predictions, at every threshold, with zeros, missing values and unseen codes",
        arguments: ["nan", "zero", "none", "sigmoid", "forest", "dart", "entropy", "codes", "frame"])
    func lightGBM(example: String) throws {
        guard ExternalEngines.has(module: "lightgbm, pandas") else { return }
        let distance = try distance("lightgbm_models.py", example, model: "model.txt")
        #expect(
            distance.logOdds < 1e-12 && distance.probability < 1e-12, "row \(distance.worstRow): \(distance)")
    }

    @Test(
        "XGBoost's own predictions, around every threshold of 32 bits, with missing values and unseen codes",
        arguments: ["hist", "exact", "raw", "dart", "forest", "pruned", "codes", "one_hot", "frame"])
    func xgboost(example: String) throws {
        guard ExternalEngines.has(module: "xgboost, pandas") else { return }
        let distance = try distance("xgboost_models.py", example, model: "model.json")
        // XGBoost adds up in 32 bits: a row on the wrong side of a threshold would differ by far more.
        #expect(
            distance.logOdds < 5e-6 && distance.probability < 1e-6, "row \(distance.worstRow): \(distance)")
    }
}
