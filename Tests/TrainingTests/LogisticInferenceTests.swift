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

    @Test(arguments: [
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

    @Test(arguments: ["weighted", "offset"])
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

    @Test(arguments: RobustErrors.allCases)
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

    @Test func tailsAreThoseOfMpmath() {
        let found = [0.1, 1, 3, 6, 10, 20, 35].map { NormalDistribution.twoSided($0) }
        for (left, right) in zip(found, peers.numbers("tails")) { #expect(abs(left / right - 1) < 1e-12) }
        #expect(NormalDistribution.twoSided(-3) == found[2])
        #expect(NormalDistribution.twoSided(0) == 1)
        #expect(NormalDistribution.twoSided(60) == 0)
        #expect(abs(NormalDistribution.upperQuantile(0.025) - 1.959963984540054) < 1e-12)
    }

    @Test func missingValuesAndLevelsStandOutsideAsTheyAre() async throws {
        // The outside coefficients on outside columns give the same log-odds as statsmodels' kind of design.
        let additive = Samples.additive(rows: 600, seed: 4).data
        let found = try await LogisticInference.of(additive, settings: unpenalised, robust: .none)
        guard case .numbers(let a) = additive.columns[0], case .numbers(let b) = additive.columns[1],
            case .numbers(let c) = additive.columns[2],
            case .levels(let names, let codes) = additive.columns[3]
        else { return }
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

    @Test func whatWouldMisleadIsRefused() async throws {
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

    @Test func aSplitSaysWhichRowsDidWhat() async throws {
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
    @Test func splitsAreHonestWhereNothingIsTrue() async throws {
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
