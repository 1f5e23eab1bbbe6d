import LimpetDocuments
import LimpetNumerics
import Foundation
import LimpetLinearAlgebra
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

@Suite struct LogisticInferenceTests {
    private let sample = LogisticSample()
    private let peers: PeerConstants

    init() throws {
        peers = try PeerConstants("logistic_inference_constants")
    }

    private var data: TrainingData {
        // Four rows of each user; no column is seen as skewed, so that lines are lines.
        TrainingData(
            inputs: ["x1", "x2", "x3"].map { .init(name: $0, isCategorical: false) },
            columns: (0..<3).map { column in .numbers(sample.rows.map { $0[column] }) },
            isSkewed: [false, false, false], labels: sample.labels,
            users: sample.labels.indices.map { Int32($0 / 4) })
    }

    private var unpenalised: LogisticSettings {
        var settings = LogisticSettings()
        settings.penalty = 0
        return settings
    }

    private func isNear(_ left: [Double], _ right: [Double]) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) <= 1e-6 * abs($1) }
    }

    @Test(
        "all numbers are those of statsmodels",
        arguments: [
            (RobustErrors.none, "nonrobust"), (.hc0, "hc0"), (.hc1, "hc1"), (.cluster, "cluster"),
        ])
    func allNumbersAreThoseOfStatsmodels(robust: RobustErrors, name: String) async throws {
        let found = try await LogisticInference.of(data, settings: unpenalised, robust: robust, threads: 2)
        let rows = found.coefficients
        #expect(rows.map(\.name) == ["(intercept)", "x1", "x2", "x3"])
        #expect(isNear(rows.map(\.estimate), peers.numbers(name, "coefficients")))
        #expect(isNear(rows.map(\.standardError), peers.numbers(name, "standardErrors")))
        #expect(isNear(rows.map(\.z), peers.numbers(name, "z")))
        #expect(isNear(rows.map(\.p), peers.numbers(name, "p")))
        #expect(isNear(rows.map(\.lower), peers.numbers(name, "lower")))
        #expect(isNear(rows.map(\.upper), peers.numbers(name, "upper")))
        #expect(abs(found.logLikelihood - LogisticSample.Peers.logLikelihood) < 1e-9)
    }

    @Test("weights and offsets come with the data", arguments: ["weighted", "offset"])
    func weightsAndOffsetsComeWithTheData(name: String) async throws {
        let inputs = name == "weighted" ? [0, 1, 2] : [1, 2]
        let given = TrainingData(
            inputs: inputs.map { .init(name: "x\($0 + 1)", isCategorical: false) },
            columns: inputs.map { column in .numbers(sample.rows.map { $0[column] }) },
            isSkewed: inputs.map { _ in false }, labels: sample.labels,
            users: sample.labels.indices.map(Int32.init),
            weights: name == "weighted" ? sample.rows.indices.map { Double($0 % 3 + 1) } : nil,
            offsets: name == "offset" ? sample.rows.map { 0.5 * $0[0] } : nil)
        let found = try await LogisticInference.of(given, settings: unpenalised, robust: .none)
        #expect(isNear(found.coefficients.map(\.estimate), peers.numbers(name, "coefficients")))
        #expect(isNear(found.coefficients.map(\.standardError), peers.numbers(name, "standardErrors")))
    }

    @Test("weight two is the row twice", arguments: RobustErrors.allCases)
    func weightTwoIsTheRowTwice(robust: RobustErrors) async throws {
        let places = sample.rows.indices.flatMap { [Int](repeating: $0, count: $0 % 3) }
        let weighted = TrainingData(
            inputs: data.inputs, columns: data.columns, isSkewed: data.isSkewed, labels: data.labels,
            users: data.users, weights: sample.rows.indices.map { Double($0 % 3) })
        let once = try await LogisticInference.of(weighted, settings: unpenalised, robust: robust)
        let twice = try await LogisticInference.of(
            data.selecting(places), settings: unpenalised, robust: robust)
        #expect(isNear(once.coefficients.map(\.estimate), twice.coefficients.map(\.estimate)))
        #expect(isNear(once.coefficients.map(\.standardError), twice.coefficients.map(\.standardError)))
    }

    @Test("tails are those of mpmath")
    func tailsAreThoseOfMpmath() {
        let found = [0.1, 1, 3, 6, 10, 20, 35].map { NormalDistribution.twoSided($0) }
        for (left, right) in zip(found, peers.numbers("tails")) { #expect(abs(left / right - 1) < 1e-12) }
        #expect(NormalDistribution.twoSided(-3) == found[2])
        #expect(NormalDistribution.twoSided(0) == 1)
        #expect(NormalDistribution.twoSided(60) == 0)
        #expect(abs(NormalDistribution.upperQuantile(0.025) - 1.959963984540054) < 1e-12)
    }

    @Test("missing values and levels stand outside as they are")
    func missingValuesAndLevelsStandOutsideAsTheyAre() async throws {
        // The outside coefficients on outside columns give the same log-odds as statsmodels' kind of design.
        let additive = Samples.additive(rows: 600, seed: 4).data
        let found = try await LogisticInference.of(additive, settings: unpenalised, robust: .none)
        guard case .numbers(let a) = additive.columns[0], case .numbers(let b) = additive.columns[1],
            case .numbers(let c) = additive.columns[2],
            case .levels(let names, let codes) = additive.columns[3]
        else {
            Issue.record("the sample has another shape")
            return
        }
        let levels = names.indices.filter { level in
            found.coefficients.contains { $0.name == "level is \(names[level])" }
        }
        #expect(levels.count == 3)
        let rows = a.indices.map { row in
            [a[row].isNaN ? 0 : a[row], a[row].isNaN ? 1 : 0, b[row], c[row]]
                + levels.map { Int(codes[row]) == $0 ? 1 : 0 }
        }
        let direct = try LogisticRegression(LogisticSample.design(rows), labels: additive.labels, penalty: 0)
        #expect(isNear(found.coefficients.map(\.estimate), direct.coefficients))
        #expect(isNear(found.coefficients.map(\.standardError), direct.standardErrors))
    }

    @Test(
        "the errors of a term's levels are those of their distance from the mean",
        arguments: RobustErrors.allCases)
    func errorsOfLevels(robust: RobustErrors) async throws {
        // Two levels and no other input: b is β from a, and lies (1 − share of b)·β from the mean,
        // a (share of b)·β.
        var uniforms = Uniforms(seed: 44)
        let codes = (0..<900).map { _ in Int32(uniforms.next() < 0.3 ? 1 : 0) }
        let labels = codes.map { uniforms.next() < ($0 == 1 ? 0.6 : 0.35) }
        let data = Samples.data(
            [("x", .levels(names: ["a", "b"], codes: codes))], labels: labels,
            users: codes.indices.map { Int32($0 / 3) })
        var settings = TrainingSettings(kind: .logistic)
        settings.logistic.penalty = 0
        settings.logistic.robust = robust
        settings.folds = 3
        settings.minimumLevelUsers = 1
        let model = try await ModelTrainer(settings).train(data, source: .table(target: "y", positive: "1"))
            .model
        let found = try await LogisticInference.of(data, settings: unpenalised, robust: robust)
        let error = found.coefficients[1].standardError
        guard case .levels(let levels) = model.terms[0].shape else {
            Issue.record("a category has levels")
            return
        }
        let share = Double(codes.count { $0 == 1 }) / 900
        let errors = try #require(levels.standardErrors)
        #expect(isNear(errors, [share * error, (1 - share) * error]))
        #expect(isNear(levels.values, [-share, 1 - share].map { $0 * found.coefficients[1].estimate }))
    }

    @Test("so they are with missing values, levels without a name, and weights")
    func errorsOfAllStates() async throws {
        // States: a, b, c (too few users for a name), missing.
        var uniforms = Uniforms(seed: 45)
        let states = (0..<1_500).map { _ -> Int in
            let draw = uniforms.next()
            return draw < 0.4 ? 0 : draw < 0.75 ? 1 : draw < 0.8 ? 2 : 3
        }
        let labels = states.map { uniforms.next() < [0.35, 0.6, 0.5, 0.2][$0] }
        let codes = states.map { $0 == 3 ? -1 : Int32($0) }
        let weights = states.map { _ in Double(1 + Int(uniforms.next() * 3)) }
        let data = TrainingData(
            inputs: [Model.Input(name: "x", isCategorical: true)],
            columns: [.levels(names: ["a", "b", "c"], codes: codes)], isSkewed: [nil], labels: labels,
            users: labels.indices.map(Int32.init), weights: weights)
        var settings = TrainingSettings(kind: .logistic)
        settings.logistic.penalty = 0
        settings.folds = 3
        settings.minimumLevelUsers = 150
        let model = try await ModelTrainer(settings)
            .train(data, source: .table(target: "y", positive: "1")).model
        guard case .levels(let levels) = model.terms[0].shape else {
            Issue.record("a category has levels")
            return
        }
        #expect(levels.names == ["a", "b"])
        // The same likelihood, with the distances from the mean over rows as its coefficients: the level that
        // is left out has the value that makes their mean 0.
        let shares = (0..<4).map { state in
            zip(states, weights).reduce(0) { $0 + ($1.0 == state ? $1.1 : 0) } / weights.reduce(0, +)
        }
        for (place, name) in levels.names.enumerated() {
            let left = 1 - place
            let others = (0..<4).filter { $0 != left }
            let design = states.map { state in
                others.map { state == $0 ? 1 : state == left ? -shares[$0] / shares[left] : 0 }
            }
            let direct = try LogisticRegression(
                LogisticSample.design(design), labels: labels, penalty: 0, weights: weights)
            let column = try #require(others.firstIndex(of: place)) + 1
            #expect(abs(levels.values[place] - direct.coefficients[column]) < 1e-6, "\(name)")
            #expect(
                abs((levels.standardErrors?[place] ?? 0) / direct.standardErrors[column] - 1) < 1e-6,
                "\(name)")
        }
    }

    @Test("what would mislead is refused")
    func whatWouldMisleadIsRefused() async throws {
        var chosen = LogisticSettings()
        await #expect(throws: LogisticInferenceError.selected) {
            try await LogisticInference.of(data, settings: chosen, robust: .none)
        }
        chosen.penalty = 1
        await #expect(throws: LogisticInferenceError.penalised) {
            try await LogisticInference.of(data, settings: chosen, robust: .none)
        }
        var net = unpenalised
        net.elasticNet = ElasticNet(l1Ratio: 1)
        await #expect(throws: LogisticInferenceError.selected) {
            try await LogisticInference.of(data, settings: net, robust: .none)
        }
        var weighted = unpenalised
        weighted.classWeights = LogisticSettings.ClassWeights(zero: 1, one: 3)
        await #expect(throws: LogisticInferenceError.classWeights) {
            try await LogisticInference.of(data, settings: weighted, robust: .none)
        }
        await #expect(throws: LogisticInferenceError.classWeights) {
            try await LogisticInference.bySplit(data, settings: weighted, robust: .none)
        }
        var signed = unpenalised
        signed.signs = ["x1": .nonNegative]
        await #expect(throws: LogisticInferenceError.constrained) {
            try await LogisticInference.of(data, settings: signed, robust: .none)
        }
    }

    @Test("a split says which rows did what")
    func aSplitSaysWhichRowsDidWhat() async throws {
        let additive = Samples.additive(rows: 1_200, seed: 9, isLinear: true).data
        let found = try await LogisticInference.bySplit(
            additive, settings: LogisticSettings(), robust: .hc1, threads: 2)
        guard case .sampleSplit(let selection, let fit) = found.basis else {
            Issue.record("expected a sample split")
            return
        }
        #expect(selection + fit == 1_200 && abs(selection - fit) < 20)
        let a = try #require(found.coefficients.first { $0.name == "a" })
        #expect(a.lower < 0.9 && a.upper > 0.9 && a.p < 1e-6)
    }

    /// Columns without any effect, the best few of which are fitted again: honest p-values are even.
    @Test("splits are honest where nothing is true")
    func splitsAreHonestWhereNothingIsTrue() async throws {
        var small = 0
        var total = 0
        for seed in 0..<90 {
            var uniforms = Uniforms(seed: UInt64(1_000 + seed))
            let columns = (0..<15).map { column in
                ("x\(column)", TrainingData.Column.numbers((0..<200).map { _ in uniforms.normal() }))
            }
            let noise = Samples.data(
                columns.map { (name: $0.0, column: $0.1) },
                labels: (0..<200).map { _ in uniforms.next() < 0.5 })
            var settings = LogisticSettings()
            settings.elasticNet = ElasticNet(l1Ratio: 1)
            settings.elasticNetPenalty = 0.02
            let found = try? await LogisticInference.bySplit(noise, settings: settings, robust: .none)
            let values = found?.coefficients.dropFirst().map(\.p) ?? []
            total += values.count
            small += values.count { $0 < 0.1 }
        }
        // 10 % are expected of a few hundred; without the split it would be most of them.
        #expect(total > 70)
        #expect(Double(small) < 0.2 * Double(total))
    }
}
