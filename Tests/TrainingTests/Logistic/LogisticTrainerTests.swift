import LimpetDocuments
import Foundation
import LimpetEvaluation
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

@Suite struct LogisticTrainerTests {
    private func train(
        _ data: TrainingData, folds: Int = 3, threads: Int = 2,
        _ change: (inout LogisticSettings) -> Void = { _ in }
    ) async throws -> ModelTrainer.Result {
        var settings = TrainingSettings(kind: .logistic)
        settings.folds = folds
        settings.threads = threads
        settings.minimumLevelUsers = 1
        change(&settings.logistic)
        return try await ModelTrainer(settings).train(data, source: .table(target: "y", positive: "1"))
    }

    private func line(_ name: String, _ model: Model) -> Term.Line? {
        model.terms.first { model.inputs[$0.input].name == name }.flatMap {
            if case .line(let line) = $0.shape { line } else { nil }
        }
    }

    @Test(
        "the elastic net learns and leaves out",
        arguments: [PenaltyValidation.Rule.minimum, .oneStandardError])
    func theElasticNetLearnsAndLeavesOut(rule: PenaltyValidation.Rule) async throws {
        let sample = Samples.additive(rows: 3_000, seed: 21, isLinear: true)
        let result = try await train(sample.data) {
            $0.elasticNet = ElasticNet(l1Ratio: 1)
            $0.rule = rule
        }
        let ridge = try await train(sample.data)
        let (net, plain) = (try #require(result.estimate), try #require(ridge.estimate))
        #expect(try #require(net.pooled.auc) > #require(plain.pooled.auc) - 0.01)
        #expect(abs((line("a", result.model)?.coefficient ?? 0) - 0.9) < 0.25)
        #expect(line("a", result.model)?.standardError == nil)
        if rule == .oneStandardError { #expect(abs(line("noise", result.model)?.coefficient ?? 0) < 0.05) }
    }

    @Test("the standard error rule penalises more")
    func theStandardErrorRulePenalisesMore() async throws {
        let data = Samples.additive(rows: 1_000, seed: 22, isLinear: true).data
        var penalties: [Double] = []
        for rule in PenaltyValidation.Rule.allCases {
            let result = try await train(data) {
                $0.elasticNet = ElasticNet(l1Ratio: 0.5)
                $0.rule = rule
            }
            guard case .object(let members) = result.chosen else { continue }
            for member in members where member.name == "elasticNet" {
                if case .number(let penalty) = member.value { penalties.append(Double(penalty) ?? .nan) }
            }
        }
        #expect(penalties.count == 2 && penalties[1] > penalties[0])
    }

    @Test("directions are kept")
    func directionsAreKept() async throws {
        let data = Samples.additive(rows: 1_500, seed: 23, isLinear: true).data
        let result = try await train(data) { $0.signs = ["a": .nonPositive, "b": .nonNegative] }
        #expect((line("a", result.model)?.coefficient ?? 0) <= 0)
        #expect((line("b", result.model)?.coefficient ?? -1) > 0.3)
        await #expect(throws: LogisticFitError.noSuchNumber("level")) {
            try await train(data) { $0.signs = ["level": .nonNegative] }
        }
    }

    @Test("class weights are undone in the intercept")
    func classWeightsAreUndoneInTheIntercept() async throws {
        let data = Samples.additive(rows: 4_000, seed: 24, isLinear: true).data
        let plain = try await train(data)
        let weighted = try await train(data) { $0.classWeights = .init(zero: 1, one: 6) }
        #expect(abs(weighted.model.intercept - plain.model.intercept) < 0.15)
        #expect(abs((line("a", weighted.model)?.coefficient ?? 0) - 0.9) < 0.2)
        #expect(line("a", weighted.model)?.standardError == nil)
    }

    @Test("threads change no bit")
    func threadsChangeNoBit() async throws {
        let data = Samples.additive(rows: 2_000, seed: 25).data
        var models: [Model] = []
        for threads in [1, 2, 8] {
            models.append(
                try await train(data, threads: threads) { $0.elasticNet = ElasticNet(l1Ratio: 0.7) }.model)
        }
        #expect(models[0].terms == models[1].terms && models[0].terms == models[2].terms)
        #expect(models[0].intercept == models[2].intercept)
    }

    // MARK: Unusual inputs

    private let labels = (0..<60).map { $0 % 3 == 0 }

    private let kinds: [@Sendable (inout LogisticSettings) -> Void] = [
        { _ in }, { $0.elasticNet = ElasticNet(l1Ratio: 1) }, { $0.elasticNet = ElasticNet(l1Ratio: 0.2) },
    ]

    @Test("columns that say nothing", arguments: 0..<3)
    func columnsThatSayNothing(kind: Int) async throws {
        let data = Samples.data(
            [
                ("constant", .numbers(labels.map { _ in 7 })),
                ("missing", .numbers(labels.map { _ in .nan })),
                ("none", .levels(names: [], codes: labels.map { _ in -1 })),
                ("x", .numbers(labels.indices.map { Double($0 % 7) })),
            ], labels: labels)
        let result = try await train(data, kinds[kind])
        #expect(result.model.terms.allSatisfy { result.model.inputs[$0.input].name == "x" })
        #expect(result.model.intercept.isFinite)
    }

    @Test("nothing but constants", arguments: 0..<3)
    func nothingButConstants(kind: Int) async throws {
        let data = Samples.data([("constant", .numbers(labels.map { _ in 7 }))], labels: labels)
        let result = try await train(data, kinds[kind])
        #expect(result.model.terms.isEmpty)
        #expect(abs(result.model.intercept - log(0.5)) < 1e-6)
    }

    @Test("a column equal to the label", arguments: 0..<3)
    func aColumnEqualToTheLabel(kind: Int) async throws {
        let data = Samples.data([("leak", .numbers(labels.map { $0 ? 1 : 0 }))], labels: labels)
        let result = try await train(data, kinds[kind])
        #expect((line("leak", result.model)?.coefficient ?? 0) > 1)
        #expect(result.inSample.auc == 1)
    }

    @Test("ten rows and two thousand columns")
    func tenRowsAndTwoThousandColumns() async throws {
        var uniforms = Uniforms(seed: 77)
        let columns = (0..<2_000).map { place in
            (name: "x\(place)", column: TrainingData.Column.numbers((0..<10).map { _ in uniforms.normal() }))
        }
        let result = try await train(
            Samples.data(columns, labels: (0..<10).map { $0 % 2 == 0 }), folds: 2)
        #expect(result.model.intercept.isFinite)
        #expect(result.estimate?.predictions.allSatisfy { $0.probability.isFinite } == true)
    }

    @Test("ten rows and two hundred columns under a lasso")
    func tenRowsAndTwoHundredColumnsUnderALasso() async throws {
        var uniforms = Uniforms(seed: 78)
        let columns = (0..<200).map { place in
            (name: "x\(place)", column: TrainingData.Column.numbers((0..<10).map { _ in uniforms.normal() }))
        }
        let result = try await train(
            Samples.data(columns, labels: (0..<10).map { $0 % 2 == 0 }), folds: 2, kinds[1])
        #expect(result.model.intercept.isFinite && result.model.terms.count <= 10)
    }

    @Test("no rows, one row and one class are refused")
    func noRowsOneRowAndOneClassAreRefused() async throws {
        for labels in [[], [true], [false, false, false]] as [[Bool]] {
            await #expect(throws: TrainingError.self) {
                try await train(
                    Samples.data([("x", .numbers(labels.indices.map(Double.init)))], labels: labels))
            }
        }
    }
}
