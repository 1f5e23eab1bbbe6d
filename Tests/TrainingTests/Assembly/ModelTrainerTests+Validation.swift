import Foundation
import LimpetDocuments
import LimpetEvaluation
import LimpetEvents
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

extension ModelTrainerTests {
    // MARK: - Validation

    @Test("repetitions of a table give their lists")
    func repetitionsOfATableGiveTheirLists() async throws {
        let data = Samples.additive(rows: 900, seed: 19).data
        let result = try await train(data, settings(.logistic, folds: 4, repeats: 3))
        let estimate = try #require(result.estimate)
        #expect(estimate.method == .outOfFold)
        #expect(estimate.folds.count == 12)
        let document = estimate.document
        #expect(document["aucFolds"]?.array?.count == 12)
        #expect(document["logLossFolds"]?.array?.count == 12)
        let aucs = try #require(document["aucFolds"]?.array).compactMap(\.double)
        let mean = try #require(document["auc"]?.double)
        let median = try #require(document["aucMedian"]?.double)
        #expect(abs(mean - aucs.reduce(0, +) / 12) < 1e-12)
        #expect(abs(median - (aucs.sorted()[5] + aucs.sorted()[6]) / 2) < 1e-12)
        #expect(estimate.pooled.rows == 900)
        for repetition in 0..<3 {
            let predictions = estimate.predictions.filter { $0.repetition == repetition }
            #expect(predictions.map(\.row).sorted() == Array(0..<900))
            #expect(Set(predictions.map(\.fold)) == [0, 1, 2, 3])
        }
        let folds = (0..<3).map { repetition in
            estimate.predictions.filter { $0.repetition == repetition }.sorted { $0.row < $1.row }.map(\.fold)
        }
        #expect(folds[0] != folds[1] && folds[1] != folds[2])
    }

    @Test("where nothing can be learnt the estimate says so", arguments: Model.Kind.allCases)
    func whereNothingCanBeLearntTheEstimateSaysSo(kind: Model.Kind) async throws {
        // Each user's label is drawn by lot; an input that knows the user must not help on other users.
        var uniforms = Uniforms(seed: 20)
        let lots = (0..<200).map { _ in uniforms.next() < 0.5 }
        let users = (0..<2_000).map { Int32($0 / 10) }
        let data = Samples.data(
            [("user", .numbers(users.map { sin(Double($0) * 12.9) * 1_000 }))],
            labels: users.map { lots[Int($0)] }, users: users)
        let auc = try #require(try await train(data, settings(kind, rounds: 50)).estimate?.pooled.auc)
        #expect(abs(auc - 0.5) < 0.12)
    }

    @Test("boosting stops where held-out rows gain nothing")
    func boostingStopsWhereHeldOutRowsGainNothing() async throws {
        let data = Samples.additive(rows: 1_000, seed: 21).data
        var settings = settings(.stumps, rounds: 2_000)
        let early = try await train(data, settings)
        let rounds = try #require(early.chosen["rounds"]?.integer)
        #expect(rounds > 10 && rounds < 500)
        settings.stumps.stopsEarly = false
        settings.stumps.maximumRounds = 37
        #expect(try await train(data, settings).chosen == .object(["rounds": .number(37)]))
    }

    @Test("without folds there is a model but no estimate")
    func withoutFoldsThereIsAModelButNoEstimate() async throws {
        let data = Samples.additive(rows: 400, seed: 22).data
        for kind in Model.Kind.allCases {
            let result = try await train(data, settings(kind, folds: 0, rounds: 30))
            #expect(result.estimate == nil)
            let model = try result.model.withGoldenInputs(zone: .utc)
            #expect(try ModelFile.decode(ModelFile.encode(model).bytes).scorer.model.terms == model.terms)
        }
    }

    @Test(
        "probabilities are calibrated as requested",
        arguments: [(CalibrationMethod.none, "none"), (.platt, "platt"), (.isotonic, "isotonic")])
    func probabilitiesAreCalibratedAsRequested(method: CalibrationMethod, kind: String) async throws {
        let data = Samples.additive(rows: 4_000, seed: 23).data
        var settings = settings(.stumps, folds: 2, rounds: 100)
        settings.calibration = method
        let result = try await train(data, settings)
        switch result.model.calibrator {
        case .none: #expect(kind == "none")
        case .platt(let slope, _):
            #expect(kind == "platt")
            #expect(slope > 0.5 && slope < 2)
        case .isotonic: #expect(kind == "isotonic")
        }
    }
}
