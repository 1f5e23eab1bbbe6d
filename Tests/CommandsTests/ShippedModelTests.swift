import LimpetFiles
import LimpetScoring
import LimpetTestSupport
import Testing

/// The model that the project ships.
@Suite struct ShippedModelTests {
    @Test("the shipped model is what its command makes of the training data")
    func isWhatItsCommandMakes() async throws {
        let folder = try TemporaryFolder()
        let output = folder.file("model.json")
        let run = try await CommandLineTool.run([
            "train", "--events", "training-data/events.csv.gz", "--features", "training-data/features.yaml",
            "--target-event", "cancelled", "--horizon", "28d", "--bootstrap", "0", "--output", output,
        ])
        #expect(run.isGood, "\(run.errors)")
        let made = try ModelFile.read(output).scorer.model
        let shipped = try ModelFile.read(Project.shippedModel).scorer.model
        #expect(made.inputs.map(\.name) == shipped.inputs.map(\.name))
        #expect(made.golden.histories.count == 4 && shipped.golden.histories.count == 4)
        for (new, old) in zip(made.golden.histories, shipped.golden.histories) {
            #expect(abs(new.logOdds - old.logOdds) < 1e-9)
        }
    }
}
