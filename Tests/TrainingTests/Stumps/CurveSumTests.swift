import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

/// Sums of curves, and what else is done to terms.
@Suite struct CurveSumTests {
    private static let data = Samples.data(
        [("x", .numbers((-60...60).map { Double($0) / 8 } + [.nan]))],
        labels: (-60...61).map { $0 % 2 == 0 })

    private func values(_ terms: Term...) -> [Double] {
        AdditiveFit(intercept: 0, terms: terms).logOdds(of: Self.data)
    }

    private static func curve(_ transform: Term.Transform, using random: inout TestRandom) -> Term {
        let knots = Array((-20..<20).shuffled(using: &random).prefix(2 + random.below(6))).sorted()
        let curve = Term.Curve(
            transform: transform, knots: knots.map { Double($0) / 8 },
            values: knots.map { _ in .random(in: -2...2, using: &random) },
            slopes: knots.map { _ in .random(in: -3...3, using: &random) },
            standardErrors: knots.map { _ in 1 })
        return Term(input: 0, shape: .curve(curve), missing: .random(in: -1...1, using: &random))
    }

    private static func line(_ transform: Term.Transform) -> Term {
        let line = Term.Line(transform: transform, coefficient: 0.75, offset: -0.5, standardError: 1)
        return Term(input: 0, shape: .line(line), missing: 0.25)
    }

    private func difference(_ one: [Double], _ other: [Double]) -> Double {
        zip(one, other).map { abs($0 - $1) }.max() ?? .nan
    }

    @Test("curves of one transform, and a line with a curve, are one curve")
    func merged() throws {
        var random = TestRandom(seed: 95)
        for round in 0..<100 {
            let transform = Term.Transform.allCases[round % 2]
            let one = Self.curve(transform, using: &random)
            for other in [Self.curve(transform, using: &random), Self.line(transform)] {
                for (left, right) in [(one, other), (other, one)] {
                    let sum = try #require(left.merged(with: right))
                    #expect(difference(values(sum), values(left, right)) < 1e-9)
                    guard case .curve(let curve) = sum.shape else { return #expect(Bool(false)) }
                    #expect(curve.standardErrors == nil)
                }
            }
        }
    }

    @Test("other transforms, inputs and shapes stay apart")
    func unmerged() {
        var random = TestRandom(seed: 96)
        let curve = Self.curve(.identity, using: &random)
        var elsewhere = curve
        elsewhere.input = 1
        let steps = Term(input: 0, shape: .steps(.init(edges: [0], values: [1, 2])), missing: 0)
        for other in [Self.curve(.signedLog, using: &random), Self.line(.signedLog), elsewhere, steps] {
            #expect(curve.merged(with: other) == nil && other.merged(with: curve) == nil)
        }
        let fit = AdditiveFit(intercept: 0, terms: [steps, curve, Self.line(.identity)]).joiningTerms()
        #expect(fit.terms.count == 2)
        guard case .curve = fit.terms[0].shape else { return #expect(Bool(false)) }
        #expect(difference(fit.logOdds(of: Self.data), values(steps, curve, Self.line(.identity))) < 1e-9)
    }

    @Test("a curve is scaled, centred and set to a value like any term")
    func changed() {
        var random = TestRandom(seed: 97)
        let curve = Self.curve(.signedLog, using: &random)
        #expect(difference(values(curve.scaled(by: -2)), values(curve).map { -2 * $0 }) < 1e-12)
        let centred = AdditiveFit(intercept: 1, terms: [curve]).centred(on: Self.data)
        #expect(difference(centred.logOdds(of: Self.data), values(curve).map { $0 + 1 }) < 1e-9)
        let sum = centred.terms[0].importance > 0 ? values(centred.terms[0]).reduce(0, +) : .nan
        #expect(abs(sum) < 1e-9)
        let set = AdditiveFit(intercept: 0, terms: [curve]).setting(input: 0, to: 1.5)
        #expect(set.terms.isEmpty)
        guard case .curve(let shape) = curve.shape else { return #expect(Bool(false)) }
        #expect(set.intercept == shape(1.5))
    }
}
