import LimpetDocuments
import LimpetEvaluation
import LimpetEvents
import LimpetFiles
import LimpetPipelines
import LimpetScoring
import LimpetTestSupport
import Testing

/// Two models compared in process.
@Suite struct ModelDifferenceTests {
    /// A model of a table that adds a line for each of its inputs.
    private static func model(
        _ terms: [(input: String, slope: Double)], threshold: Double? = nil
    ) throws -> ModelFile.Verified {
        let empty = TrainingSummary.Distribution(counts: [0], missing: 0)
        let decision = threshold.map {
            Model.Decision(
                threshold: $0, value: 100, successProbability: 0.3, offerCost: 10, contactCost: 1)
        }
        let model = Model(
            kind: .logistic, source: .table(target: "left", positive: "yes"),
            inputs: terms.map { Model.Input(name: $0.input, isCategorical: false) }, intercept: 0,
            terms: terms.enumerated().map { place, term in
                Term(
                    input: place,
                    shape: .line(Term.Line(transform: .identity, coefficient: term.slope, offset: 0)),
                    missing: 0, importance: abs(term.slope))
            }, calibrator: .none,
            training: TrainingSummary(
                rows: 0, users: 0, positives: 0, inputs: terms.map { _ in empty }, logOdds: empty),
            evaluation: .null, provenance: .null, decision: decision)
        return try ModelFile.decode(ModelFile.encode(model).bytes)
    }

    @Test("inputs of one model alone are named, and terms are in the order of their change")
    func terms() throws {
        let old = try Self.model([("a", 1), ("b", 0.5), ("c", 2)])
        let new = try Self.model([("a", 1), ("b", 2), ("d", 0.25)])
        let difference = ModelDifference(old, new, movement: nil)
        #expect(difference.removed == ["c"] && difference.added == ["d"])
        #expect(difference.changed.map(\.name) == ["c", "b", "d", "a"])
        #expect(difference.changed.map(\.old) == [2, 0.5, 0, 1])
        #expect(difference.changed.map(\.new) == [0, 2, 0.25, 1])
        let document = difference.document
        #expect(document["old"] == .string(old.hash) && document["new"] == .string(new.hash))
        #expect(document["addedInputs"] == .array([.string("d")]) && document["movement"] == .null)
        #expect(document["terms"]?.array?.count == 4)
    }

    @Test("scores that turn round move each row to the other end, over the other's threshold")
    func movement() async throws {
        let models = [
            try Self.model([("a", 1)], threshold: 0.6), try Self.model([("a", -1)], threshold: 0.6),
        ]
        let folder = try TemporaryFolder()
        // From −4.5 to 4.5; the higher half has the label.
        let rows = (0..<10).map { "r\($0),\(Double($0) - 4.5),\($0 >= 5 ? "yes" : "no")" }
        let path = try folder.write(
            "id,a,left\n" + rows.joined(separator: "\n") + "\n", as: "table.csv")
        var source = TableSource(path)
        source.id = "id"
        var populations: [ModelPopulation] = []
        for model in models {
            populations.append(try await ModelPopulation.read(model, table: source, threads: 2))
        }
        let movement = try ScoreMovement(models, populations, least: 9, file: path)
        #expect(movement.rows == 10 && movement.rankCorrelation == -1)
        let thresholds = try #require(movement.thresholds)
        #expect(thresholds == (0.6, 0.6))
        #expect(movement.tenths.map(\.rows) == [Int](repeating: 1, count: 10))
        #expect(movement.tenths.enumerated().allSatisfy { $1.places[9 - $0] == 1 })
        // Contacted is who has a log-odds of 0.41 and more: five rows of each model, of opposite ends.
        #expect(movement.tenths.map(\.crossing) == [Double](repeating: 1, count: 10))
        #expect(movement.movers.map(\.name) == ["r0", "r9"])
        #expect(movement.movers.map(\.old) == [10, 1] && movement.movers.map(\.new) == [1, 10])
        #expect(movement.realised?.old.auc == 1 && movement.realised?.new.auc == 0)
        let document = ModelDifference(models[0], models[1], movement: movement).document
        #expect(document["movement"]?["rows"]?.double == 10)
        #expect(document["movement"]?["movers"]?.array?.count == 2)
    }

    @Test("without a row in both populations there is nothing to compare")
    func nothingInCommon() async throws {
        let model = try Self.model([("a", 1)])
        let folder = try TemporaryFolder()
        var populations: [ModelPopulation] = []
        for name in ["left", "right"] {
            var source = TableSource(try folder.write("id,a\n\(name),1\n", as: "\(name).csv"))
            source.id = "id"
            populations.append(try await ModelPopulation.read(model, table: source, threads: 1))
        }
        #expect(throws: InputError(InputPlace(file: "t"), "no row is in the populations of both models")) {
            try ScoreMovement([model, model], populations, least: nil, file: "t")
        }
    }
}
