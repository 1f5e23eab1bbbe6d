import LimpetScoring
import LimpetTestSupport
import LimpetTraining
import Testing

@Suite struct RestrictedSplineTests {
    private static func knots(using random: inout TestRandom) -> [Double] {
        Set((0..<(3 + random.below(5))).map { Double($0) + .random(in: 0.1...0.9, using: &random) }).sorted()
    }

    /// The functions by their formula, in truncated cubes.
    private static func reference(_ number: Int, _ t: [Double], _ x: Double) -> Double {
        guard number > 0 else { return x }
        func cube(_ knot: Double) -> Double { x > knot ? (x - knot) * (x - knot) * (x - knot) : 0 }
        let (knot, left, last) = (t[number - 1], t[t.count - 2], t[t.count - 1])
        let sum =
            cube(knot) - cube(left) * (last - knot) / (last - left)
            + cube(last) * (left - knot) / (last - left)
        return sum / ((last - t[0]) * (last - t[0]))
    }

    @Test("the curves are Harrell's functions, at knots, between and beyond them")
    func formula() {
        var random = TestRandom(seed: 71)
        for _ in 0..<100 {
            let knots = Self.knots(using: &random)
            let curves = RestrictedSpline(knots: knots).curves(.identity)
            #expect(curves.count == knots.count - 1)
            let points = knots + (0..<60).map { _ in Double.random(in: -4...12, using: &random) }
            for (number, curve) in curves.enumerated() {
                for x in points {
                    let expected = Self.reference(number, knots, x)
                    #expect(abs(curve(x) - expected) < 1e-11 * max(1, abs(expected)))
                }
            }
        }
    }

    @Test("slopes and bends go on through knots, and beyond the ends there is no bend")
    func smoothness() {
        var random = TestRandom(seed: 72)
        for _ in 0..<50 {
            let knots = Self.knots(using: &random)
            let step = 1e-6
            for curve in RestrictedSpline(knots: knots).curves(.identity) {
                for knot in knots {
                    let right = (curve.slope(at: knot + step) - curve.slope(at: knot)) / step
                    let left = (curve.slope(at: knot) - curve.slope(at: knot - step)) / step
                    #expect(abs(right - left) < 1e-3)
                }
                for end in [knots[0] - 3, (knots.last ?? 0) + 3] {
                    #expect(curve.slope(at: end - 1) == curve.slope(at: end + 1))
                }
            }
        }
    }

    @Test("knots lie at quantiles, where a row of weight 2 is two rows")
    func quantiles() {
        let values = (1...100).map(Double.init)
        #expect(RestrictedSpline.knots(values, weights: nil, count: 3) == [10.5, 50.5, 90.5])
        #expect(RestrictedSpline.knots(values, weights: nil, count: 5) == [5.5, 28, 50.5, 73, 95.5])
        var random = TestRandom(seed: 73)
        for count in 3...7 {
            let some = (0..<80).map { _ in Double(random.below(50)) }
            let weights = some.map { _ in Double(1 + random.below(3)) }
            let twice = zip(some, weights).flatMap { [Double](repeating: $0, count: Int($1)) }
            let knots = RestrictedSpline.knots(some, weights: weights, count: count)
            #expect(knots == RestrictedSpline.knots(twice, weights: nil, count: count))
            let scaled = weights.map { $0 / 160 }
            #expect(knots == RestrictedSpline.knots(some, weights: scaled, count: count))
        }
    }

    @Test("few distinct values have fewer knots, and two or one none")
    func fewValues() {
        #expect(RestrictedSpline.knots([], weights: nil, count: 5) == nil)
        #expect(RestrictedSpline.knots([3, 3, 3], weights: nil, count: 5) == nil)
        #expect(RestrictedSpline.knots([0, 1, 0, 1], weights: nil, count: 3) == nil)
        #expect(RestrictedSpline.knots([0, 1, 2, 0, 1], weights: nil, count: 7) == [0, 1, 2])
        // Nearly all rows alike: the quantiles of what differs.
        let rare = [Double](repeating: 0, count: 990) + (1...10).map(Double.init)
        #expect(RestrictedSpline.knots(rare, weights: nil, count: 3) == [1, 5, 9])
    }
}
