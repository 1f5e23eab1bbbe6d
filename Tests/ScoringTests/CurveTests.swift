import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetTestSupport
import Testing

@Suite struct CurveTests {
    /// A curve with a few knots at quarters, and values and slopes of any size.
    static func curve(_ transform: Term.Transform = .identity, using random: inout TestRandom) -> Term.Curve {
        let count = 2 + random.below(6)
        let knots = Array((-20..<20).shuffled(using: &random).prefix(count)).sorted().map { Double($0) / 4 }
        return Term.Curve(
            transform: transform, knots: knots,
            values: knots.map { _ in .random(in: -2...2, using: &random) },
            slopes: knots.map { _ in .random(in: -3...3, using: &random) })
    }

    /// The same by the four basis polynomials of a segment.
    private static func reference(_ curve: Term.Curve, _ x: Double) -> Double {
        let last = curve.knots.count - 1
        if x <= curve.knots[0] { return curve.values[0] + curve.slopes[0] * (x - curve.knots[0]) }
        if x >= curve.knots[last] {
            return curve.values[last] + curve.slopes[last] * (x - curve.knots[last])
        }
        let left = (0..<last).last { curve.knots[$0] <= x } ?? 0
        let width = curve.knots[left + 1] - curve.knots[left]
        let t = (x - curve.knots[left]) / width
        return (1 + 2 * t) * (1 - t) * (1 - t) * curve.values[left]
            + t * (1 - t) * (1 - t) * width * curve.slopes[left]
            + t * t * (3 - 2 * t) * curve.values[left + 1]
            + t * t * (t - 1) * width * curve.slopes[left + 1]
    }

    @Test("a curve is cubic Hermite interpolation, and straight beyond its ends")
    func values() {
        var random = TestRandom(seed: 61)
        for _ in 0..<200 {
            let curve = Self.curve(using: &random)
            for _ in 0..<50 {
                let x = Double.random(in: -8...8, using: &random)
                #expect(abs(curve(x) - Self.reference(curve, x)) < 1e-11)
            }
            for (knot, value) in zip(curve.knots, curve.values) { #expect(curve(knot) == value) }
            let (first, last) = (curve.knots[0], curve.knots[curve.knots.count - 1])
            #expect(abs(curve(first - 100) - curve.values[0] + 100 * curve.slopes[0]) < 1e-10)
            #expect(curve(last + 64) == (curve.values.last ?? .nan) + 64 * (curve.slopes.last ?? .nan))
        }
    }

    @Test("values and slopes meet at knots")
    func continuity() {
        var random = TestRandom(seed: 62)
        for _ in 0..<100 {
            let curve = Self.curve(using: &random)
            for (index, knot) in curve.knots.enumerated() {
                #expect(abs(curve(knot.nextDown) - curve.values[index]) < 1e-12)
                #expect(abs(curve(knot.nextUp) - curve.values[index]) < 1e-12)
                #expect(abs(curve.slope(at: knot.nextDown) - curve.slopes[index]) < 1e-11)
                #expect(curve.slope(at: knot) == curve.slopes[index])
            }
        }
    }

    @Test("a scorer finds the bits of the curve itself, for one row and for columns")
    func scorer() {
        var random = TestRandom(seed: 63)
        for transform in Term.Transform.allCases {
            let curve = Self.curve(transform, using: &random)
            var model = TestModels.table()
            model.terms = [Term(input: 0, shape: .curve(curve), missing: 0.375)]
            model.intercept = 0
            let numbers =
                [.nan, 0, -0.0, 1e300, -1e300] + curve.knots
                + (0..<40).map { _ in Double.random(in: -9...9, using: &random) }
            let scorer = Scorer(model)
            let scores = scorer.scores(
                numbers: [numbers, []], keys: [[], numbers.map { _ in 0 }], rowCount: numbers.count)
            for (number, score) in zip(numbers, scores) {
                var vector = FeatureVector(count: 2)
                vector.numbers[0] = number
                let expected = number.isNaN ? 0.375 : curve(number)
                #expect(score.logOdds == expected && scorer.score(vector).logOdds == expected)
            }
        }
    }

    @Test("the inverse of a transform restores the value")
    func inverse() {
        for value in [-1e6, -3.5, -1e-9, 0, 0.25, 1, 12, 1e12] {
            for transform in Term.Transform.allCases {
                let back = transform.inverse(transform(value))
                #expect(abs(back - value) <= 1e-12 * max(1e-3, abs(value)))
            }
        }
    }
}
