import LimpetDocuments
import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// Unpenalised splines beside statsmodels on Harrell's columns: scripts/peers/spline_constants.py.
@Suite struct SplinePeerTests {
    private let peers: PeerConstants

    init() throws {
        peers = try PeerConstants("spline_constants")
    }

    private static func data(isWeighted: Bool) -> TrainingData {
        var uniforms = Uniforms(seed: 2_468)
        var (x, visits, labels): ([Double], [Double], [Bool]) = ([], [], [])
        for _ in 0..<400 {
            let (a, b, c, e) = (uniforms.next(), uniforms.next(), uniforms.next(), uniforms.next())
            let value = 6 * a - 3
            visits.append((30 * c * c).rounded(.down))
            labels.append(e < 0.15 + 0.55 / (1 + value * value) + 0.006 * (visits.last ?? 0))
            x.append(b >= 0.1 ? value : .nan)
        }
        return TrainingData(
            inputs: ["x", "visits"].map { .init(name: $0, isCategorical: false) },
            columns: [.numbers(x), .numbers(visits)], isSkewed: [false, true], labels: labels,
            users: labels.indices.map(Int32.init),
            weights: isWeighted ? labels.indices.map { Double($0 % 3) } : nil)
    }

    private static func settings(_ knots: Int) -> LogisticSettings {
        var settings = LogisticSettings()
        settings.penalty = 0
        settings.splines = .init(.allNumbers, knots: knots)
        return settings
    }

    private func isNear(_ left: [Double], _ right: [Double]) -> Bool {
        left.count == right.count
            && zip(left, right).allSatisfy { abs($0 - $1) <= 1e-6 * max(1, abs($1)) }
    }

    static let cases = [("knots3", 3), ("knots5", 5), ("knots7", 7), ("weighted", 5)]

    @Test("knots and fitted log-odds", arguments: cases)
    func fitted(name: String, knots: Int) async throws {
        let data = Self.data(isWeighted: name == "weighted")
        let problem = try await LogisticProblem(
            data, RowExtras(weights: data.weights), settings: Self.settings(knots), dropsReference: true,
            threads: 2)
        let fit = problem.additiveFit(try await problem.fit(0).coefficients, data: data)
        let found = fit.terms.map { term -> [Double] in
            if case .curve(let curve) = term.shape { curve.knots } else { [] }
        }
        #expect(isNear(found[0], peers.numbers(name, "xKnots")))
        #expect(isNear(found[1], peers.numbers(name, "visitKnots")))
        #expect(isNear(fit.logOdds(of: data), peers.numbers(name, "logOdds")))
    }

    @Test("coefficients and standard errors of Harrell's columns", arguments: cases)
    func inference(name: String, knots: Int) async throws {
        let data = Self.data(isWeighted: name == "weighted")
        let found = try await LogisticInference.of(data, settings: Self.settings(knots), robust: .none)
        let rows = found.coefficients
        #expect(isNear(rows.map(\.estimate), peers.numbers(name, "coefficients")))
        #expect(isNear(rows.map(\.standardError), peers.numbers(name, "standardErrors")))
        guard knots == 3 else { return }
        #expect(
            rows.map(\.name) == [
                "(intercept)", "x", "spline 2 of x", "x is missing", "signed log of visits",
                "spline 2 of signed log of visits",
            ])
    }

    @Test("a sample split keeps the splines of the inputs that it keeps")
    func split() async throws {
        let additive = Samples.additive(rows: 1_500, seed: 91).data
        var settings = LogisticSettings()
        settings.splines = .init(.named(["a", "noise"]), knots: 4)
        settings.elasticNet = ElasticNet(l1Ratio: 1)
        settings.rule = .oneStandardError
        let found = try await LogisticInference.bySplit(additive, settings: settings, robust: .hc1)
        #expect(found.coefficients.contains { $0.name == "spline 3 of a" && $0.p < 0.01 })
    }
}
