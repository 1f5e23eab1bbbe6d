import LimpetDocuments
import LimpetNumerics
import Foundation
import LimpetEvaluation
import LimpetEvents
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

@Suite struct LogisticSplineTests {
    private func settings(
        _ inputs: LogisticSettings.Splines.Inputs, knots: Int = 5, penalty: Double? = nil
    ) -> LogisticSettings {
        var settings = LogisticSettings()
        settings.splines = .init(inputs, knots: knots)
        settings.penalty = penalty
        return settings
    }

    private func train(
        _ data: TrainingData, _ logistic: LogisticSettings, kind: Model.Kind = .logistic, threads: Int = 2
    ) async throws -> ModelTrainer.Result {
        var settings = TrainingSettings(kind: kind)
        settings.logistic = logistic
        settings.stumps.maximumRounds = 30
        (settings.folds, settings.threads, settings.minimumLevelUsers) = (3, threads, 1)
        return try await ModelTrainer(settings).train(data, source: .table(target: "y", positive: "1"))
    }

    private func fit(
        _ data: TrainingData, _ settings: LogisticSettings, penalty: Double
    ) async throws -> AdditiveFit {
        let problem = try await LogisticProblem(
            data, RowExtras(weights: data.weights), settings: settings, dropsReference: penalty == 0,
            threads: 2)
        return problem.additiveFit(try await problem.fit(penalty).coefficients, data: data)
    }

    private func curve(_ terms: [Term], _ input: Int) -> Term.Curve? {
        terms.first { $0.input == input }.flatMap {
            if case .curve(let curve) = $0.shape { curve } else { nil }
        }
    }

    private func loss(_ logOdds: [Double], _ data: TrainingData) -> Double {
        let losses = zip(logOdds, data.labels).map { eta, label in
            ElementaryFunctions.softplus(eta) - (label ? eta : 0)
        }
        return losses.reduce(0, +) / Double(losses.count)
    }

    // MARK: What is learnt

    @Test("a spline learns a bent truth on rows it has not seen, where a line cannot")
    func recovers() async throws {
        let sample = Samples.additive(rows: 4_000, seed: 81)
        let test = Samples.additive(rows: 8_000, seed: 82)
        let best = loss(test.truth, test.data)
        var excess: [Double] = []
        for inputs in [LogisticSettings.Splines.Inputs.none, .named(["a"]), .allNumbers] {
            let fit = try await fit(sample.data, settings(inputs, knots: 7), penalty: 1)
            excess.append(loss(fit.logOdds(of: test.data), test.data) - best)
        }
        #expect(excess[0] > 0.05)
        #expect(excess[1] < 0.15 * excess[0] && excess[2] < 0.2 * excess[0], "\(excess)")
    }

    @Test("the chosen penalty, the calibrator and the model file go with curves")
    func trains() async throws {
        let data = Samples.additive(rows: 2_000, seed: 83).data
        let straight = try await train(data, LogisticSettings())
        let bent = try await train(data, settings(.named(["a"]), knots: 6))
        let (before, after) = (try #require(straight.estimate), try #require(bent.estimate))
        #expect(try #require(after.pooled.auc) > #require(before.pooled.auc) + 0.05)
        let model = try bent.model.withGoldenInputs(zone: .utc)
        let curve = try #require(self.curve(model.terms, 0))
        #expect(curve.knots.count == 6 && self.curve(model.terms, 1) == nil && model.format == 2)
        #expect(curve.standardErrors?.count == 6)
        #expect(curve.standardErrors?.allSatisfy { $0 > 0 && $0 < 0.5 } == true)
        #expect(try ModelFile.decode(ModelFile.encode(model).bytes).scorer.model == model)
        // Each knot is an edge, so that golden rows stand on every polynomial.
        #expect(curve.knots.allSatisfy(model.training.inputs[0].edges.contains))
    }

    @Test("an elastic net, folds with a design of their own, and a blend have curves too")
    func otherWays() async throws {
        let data = Samples.additive(rows: 900, seed: 84).data
        var net = settings(.allNumbers)
        net.elasticNet = ElasticNet(l1Ratio: 0.9)
        let sparse = try await train(data, net)
        #expect(curve(sparse.model.terms, 0) != nil && curve(sparse.model.terms, 0)?.standardErrors == nil)
        let plain = try await train(data, settings(.allNumbers, penalty: 0))
        #expect(curve(plain.model.terms, 0) != nil)
        let blend = try await train(data, settings(.allNumbers, penalty: 3), kind: .blend)
        let shapes = blend.model.terms.filter { $0.input == 0 }.map(\.shape)
        guard case .curve? = shapes.first, case .steps? = shapes.last, shapes.count == 2 else {
            Issue.record("a curve and steps of one input stay two terms, in this order: \(shapes)")
            return
        }
    }

    @Test("no bit depends on threads")
    func threads() async throws {
        let data = Samples.additive(rows: 900, seed: 85).data
        let one = try await train(data, settings(.allNumbers), threads: 1)
        let four = try await train(data, settings(.allNumbers), threads: 4)
        #expect(one.model.terms == four.model.terms && one.model.intercept == four.model.intercept)
    }

    @Test("a spline of few values is what they allow, down to a line")
    func fewValues() async throws {
        let labels = (0..<300).map { ($0 * 7) % 10 < ($0 % 3 == 1 ? 7 : 3) }
        let data = Samples.data(
            [
                ("three", .numbers(labels.indices.map { Double($0 % 3) })),
                ("two", .numbers(labels.indices.map { Double($0 % 5 == 0 ? 1 : 0) })),
                ("one", .numbers(labels.map { _ in 4 })), ("none", .numbers(labels.map { _ in .nan })),
            ], labels: labels)
        let fit = try await fit(data, settings(.allNumbers, knots: 7), penalty: 0)
        #expect(curve(fit.terms, 0)?.knots == [0, 1, 2])
        guard case .line? = fit.terms.first(where: { $0.input == 1 })?.shape else {
            Issue.record("two values have a line")
            return
        }
        #expect(fit.terms.allSatisfy { $0.input < 2 })
        // Three values and three free numbers: with the middle one alone told apart, the shares are met.
        var without = data.columns
        without[1] = .numbers(labels.map { _ in 0 })
        let alone = try await self.fit(
            Samples.data(zip(data.inputs, without).map { ($0.name, $1) }, labels: labels),
            settings(.allNumbers), penalty: 0)
        for value in 0..<3 {
            let rows = labels.indices.filter { $0 % 3 == value }
            let share = Double(rows.count { labels[$0] }) / Double(rows.count)
            let eta = alone.intercept + (curve(alone.terms, 0)?(Double(value)) ?? .nan)
            #expect(abs(1 / (1 + exp(-eta)) - share) < 1e-8)
        }
    }

    @Test("rows of weight 0 are no rows, for knots too")
    func weights() async throws {
        let data = Samples.additive(rows: 600, seed: 86).data
        let weights = data.labels.indices.map { Double($0 % 3) }
        let places = data.labels.indices.flatMap { [Int](repeating: $0, count: $0 % 3) }
        let weighted = TrainingData(
            inputs: data.inputs, columns: data.columns, isSkewed: data.isSkewed, labels: data.labels,
            users: data.users, weights: weights)
        let once = try await fit(weighted, settings(.allNumbers), penalty: 2)
        let twice = try await fit(data.selecting(places), settings(.allNumbers), penalty: 2)
        #expect(curve(once.terms, 0)?.knots == curve(twice.terms, 0)?.knots)
        for (left, right) in zip(once.logOdds(of: data), twice.logOdds(of: data)) {
            #expect(abs(left - right) < 1e-6)
        }
    }

    @Test("a strong penalty holds a whole spline near its mean")
    func strongPenalty() async throws {
        let data = Samples.additive(rows: 1_000, seed: 87, isLinear: true).data
        let fit = try await fit(data, settings(.allNumbers), penalty: 1e7)
        let spread = fit.logOdds(of: data).map { $0 - fit.intercept }.map(abs).max() ?? .nan
        #expect(spread < 0.01)
    }

    // MARK: What cannot be

    @Test("splines of what is no number, and directions of splines, are refused by name")
    func refusals() async throws {
        let data = Samples.additive(rows: 300, seed: 88).data
        for name in ["level", "nowhere"] {
            await #expect(throws: LogisticFitError.noNumberToBend(name)) {
                try await train(data, settings(.named([name, "a"])))
            }
        }
        for inputs in [LogisticSettings.Splines.Inputs.allNumbers, .named(["a", "b"])] {
            var signed = settings(inputs)
            signed.signs = ["b": .nonNegative]
            await #expect(throws: LogisticFitError.bentDirection("b")) { try await train(data, signed) }
        }
        var apart = settings(.named(["a"]))
        apart.signs = ["b": .nonNegative]
        _ = try await train(data, apart)
    }
}
