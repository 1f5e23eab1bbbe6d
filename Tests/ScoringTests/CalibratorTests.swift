import LimpetNumerics
import LimpetScoring
import LimpetTestSupport
import Testing

@Suite struct CalibratorTests {
    private let isotonic = Calibrator.isotonic(logOdds: [-2, 0, 1], probabilities: [0.125, 0.25, 0.75])

    @Test("without calibration the log-odds are taken as they are")
    func none() {
        for logOdds in [-3.0, 0, 0.5, 40] {
            #expect(Calibrator.none.probability(logOdds) == ElementaryFunctions.logistic(logOdds))
        }
    }

    @Test("Platt's calibration scales and shifts the log-odds")
    func platt() {
        let platt = Calibrator.platt(slope: 0.5, intercept: -1)
        #expect(platt.probability(2) == 0.5)
        #expect(platt.probability(4) == ElementaryFunctions.logistic(1))
        #expect(platt.probability(.infinity) == 1 && platt.probability(-.infinity) == 0)
    }

    @Test(
        "the isotonic calibration goes straight from knot to knot and is constant outside",
        arguments: [
            (-.infinity, 0.125), (-2.5, 0.125), (-2, 0.125), (-1, 0.1875), (0, 0.25), (0.5, 0.5), (1, 0.75),
            (1.5, 0.75), (.infinity, 0.75),
        ] as [(Double, Double)])
    func knots(logOdds: Double, probability: Double) {
        #expect(isotonic.probability(logOdds) == probability)
    }

    @Test("a single knot is a constant")
    func oneKnot() {
        let constant = Calibrator.isotonic(logOdds: [0], probabilities: [0.3])
        #expect([-1.0, 0, 1].map { constant.probability($0) } == [0.3, 0.3, 0.3])
    }

    @Test("no calibration changes the order of users")
    func monotone() {
        let awkward = Calibrator.isotonic(
            logOdds: [-1.0 / 3, 0.1, 0.1.nextUp, 0.7], probabilities: [0.1, 0.2, 0.2.nextUp, 1.0 / 3])
        for calibrator in [.none, .platt(slope: 1e-3, intercept: 5), isotonic, awkward] as [Calibrator] {
            var last = 0.0
            for step in -30_000...30_000 {
                let probability = calibrator.probability(Double(step) * 1e-4)
                #expect(probability >= last)
                last = probability
            }
        }
    }

    @Test("the value just below a knot is not above the knot's")
    func nextToKnots() {
        var random = TestRandom(seed: 12)
        for _ in 0..<20_000 {
            let knots = [Double.random(in: -1...0, using: &random), .random(in: 0.001...1, using: &random)]
            let values = [
                Double.random(in: 0.01...0.4, using: &random), .random(in: 0.5...0.99, using: &random),
            ]
            let calibrator = Calibrator.isotonic(logOdds: knots, probabilities: values)
            #expect(calibrator.probability(knots[1].nextDown) <= values[1])
            #expect(calibrator.probability(knots[0]) == values[0])
        }
    }
}
