import Foundation
import LimpetEvaluation
import LimpetEvents
import LimpetScoring
import LimpetTraining
import Testing

extension ModelTrainerTests {
    // MARK: - Odd data

    private static let oddities: [(name: String, column: @Sendable (Int, Bool) -> Double)] = [
        ("constant", { _, _ in 7 }), ("all missing", { _, _ in .nan }),
        ("the label", { _, label in label ? 1 : 0 }),
        ("missing with the label", { row, label in label ? .nan : Double(row) }),
        ("missing but for one", { row, _ in row == 3 ? 1 : .nan }),
        ("two values", { row, _ in Double(row % 2) }),
        ("huge", { row, _ in Double(row % 7) * 1e300 }), ("tiny", { row, _ in Double(row % 7) * 1e-300 }),
        ("all different", { row, _ in Double(row) }),
        ("one far away", { row, _ in row == 5 ? 1e12 : Double(row % 3) }),
        ("negative", { row, _ in -Double(row % 50) }),
        ("close together", { row, _ in 1 + Double(row % 3) * 2e-16 }),
    ]

    @Test("odd columns train to finite scores", arguments: Model.Kind.allCases, oddities.indices)
    func oddColumnsTrainToFiniteScores(kind: Model.Kind, oddity: Int) async throws {
        for rows in [10, 120] {
            let labels = (0..<rows).map { $0 % 2 == 0 || $0 % 7 == 3 }
            let column = (0..<rows).map { Self.oddities[oddity].column($0, labels[$0]) }
            let data = Samples.data(
                [("x", .numbers(column)), ("y", .numbers((0..<rows).map { Double($0 % 3) }))], labels: labels)
            let result = try await train(data, settings(kind, folds: 3, rounds: 30))
            let model = try result.model.withGoldenInputs(zone: .utc)
            let scores = scores(model, data)
            #expect(scores.allSatisfy { $0.logOdds.isFinite && $0.probability >= 0 && $0.probability <= 1 })
            #expect(try ModelFile.decode(ModelFile.encode(model).bytes).scorer.model.terms == model.terms)
            if Self.oddities[oddity].name == "the label", rows == 120 {
                #expect(result.estimate?.pooled.auc == 1)
            }
        }
    }

    @Test("odd categories train to finite scores", arguments: Model.Kind.allCases)
    func oddCategoriesTrainToFiniteScores(kind: Model.Kind) async throws {
        let rows = 120
        let codes: [@Sendable (Int) -> Int32] = [
            { _ in 0 }, { _ in -1 }, { $0 % 2 == 0 ? 0 : -1 }, { Int32($0) }, { Int32($0 % 3) - 1 },
        ]
        for code in codes {
            let column = TrainingData.Column.levels(
                names: (0..<rows).map { "l\($0)" }, codes: (0..<rows).map(code))
            let data = Samples.data([("x", column)], labels: (0..<rows).map { $0 % 4 < 2 })
            let result = try await train(data, settings(kind, rounds: 30))
            let model = try result.model.withGoldenInputs(zone: .utc)
            #expect(scores(model, data).allSatisfy { $0.logOdds.isFinite })
            #expect(try ModelFile.decode(ModelFile.encode(model).bytes).scorer.model.terms == model.terms)
        }
    }

    @Test("data without inputs train to the base rate", arguments: Model.Kind.allCases)
    func dataWithoutInputsTrainToTheBaseRate(kind: Model.Kind) async throws {
        let data = Samples.data([], labels: (0..<40).map { $0 < 10 })
        let model = try await train(data, settings(kind, rounds: 5)).model
        #expect(model.terms.isEmpty)
        #expect(abs(model.intercept + log(3)) < 1e-6)
    }

    @Test("data that cannot train are refused", arguments: Model.Kind.allCases)
    func dataThatCannotTrainAreRefused(kind: Model.Kind) async {
        func refusal(_ labels: [Bool], users: [Int32]? = nil, folds: Int = 5) async -> TrainingError? {
            let data = Samples.data(
                [("x", .numbers(labels.indices.map(Double.init)))], labels: labels, users: users)
            return await #expect(throws: TrainingError.self) {
                try await train(data, settings(kind, folds: folds))
            }
        }
        #expect(await refusal([]) == .noRows)
        #expect(await refusal([true]) == .oneClass(label: true, rows: 1))
        #expect(await refusal([false, false, false]) == .oneClass(label: false, rows: 3))
        #expect(
            await refusal((0..<20).map { $0 < 4 }) == .tooFewUsers(label: true, users: 4, folds: 5))
        #expect(
            await refusal((0..<20).map { $0 > 2 }) == .tooFewUsers(label: false, users: 3, folds: 5))
        // Many rows of one user are one user.
        let users = (0..<40).map { $0 < 20 ? Int32(0) : Int32($0) }
        #expect(
            await refusal((0..<40).map { $0 < 20 }, users: users)
                == .tooFewUsers(label: true, users: 1, folds: 5))
    }

    @Test("the fewest users either train or are refused", arguments: Model.Kind.allCases, 0...6)
    func theFewestUsersEitherTrainOrAreRefused(kind: Model.Kind, folds: Int) async throws {
        for positives in 1...8 {
            let labels = (0..<30).map { $0 < positives }
            let data = Samples.data([("x", .numbers((0..<30).map { Double($0 % 4) }))], labels: labels)
            do {
                let result = try await train(data, settings(kind, folds: folds, rounds: 10))
                #expect(scores(result.model, data).allSatisfy { $0.logOdds.isFinite })
                #expect((result.estimate?.predictions ?? []).allSatisfy { $0.logOdds.isFinite })
                #expect(positives >= folds)
            } catch is TrainingError {
                #expect(positives < folds, "\(positives) for \(folds) folds")
            }
        }
    }
}
