import LimpetNumerics
import Testing

@Suite struct BetaDistributionTests {
    /// x, alpha, beta, and the value of mpmath: scripts/peers/metrics_constants.json.
    private static let cumulative: [(x: Double, alpha: Double, beta: Double, value: Double)] = [
        (1e-09, 6.0, 14.0, 2.7131999697672014e-50),
        (0.01, 6.0, 14.0, 2.4262383546679464e-08),
        (0.1, 6.0, 14.0, 0.008593020737846138),
        (0.3, 6.0, 14.0, 0.5261374757264858),
        (0.5, 6.0, 14.0, 0.9682159423828125),
        (0.588, 6.0, 14.0, 0.9957524128114671),
        (0.9, 6.0, 14.0, 0.9999999999287227),
        (0.999, 6.0, 14.0, 1.0),
        (1e-09, 7.0, 14.0, 7.751999911821004e-59),
        (0.01, 7.0, 14.0, 6.9157215463154e-10),
        (0.1, 7.0, 14.0, 0.0023860894089661176),
        (0.3, 7.0, 14.0, 0.391990187799076),
        (0.5, 7.0, 14.0, 0.9423408508300781),
        (0.588, 7.0, 14.0, 0.9911993170001417),
        (0.9, 7.0, 14.0, 0.9999999997845321),
        (0.999, 7.0, 14.0, 1.0),
        (1e-09, 0.5, 0.5, 2.0131684845150097e-05),
        (0.01, 0.5, 0.5, 0.06376856085851985),
        (0.1, 0.5, 0.5, 0.20483276469913345),
        (0.3, 0.5, 0.5, 0.36901011956554536),
        (0.5, 0.5, 0.5, 0.5),
        (0.588, 0.5, 0.5, 0.5563158731811211),
        (0.9, 0.5, 0.5, 0.7951672353008665),
        (0.999, 0.5, 0.5, 0.9798649583666225),
        (1e-09, 1.0, 1.0, 1e-09),
        (0.01, 1.0, 1.0, 0.01),
        (0.1, 1.0, 1.0, 0.1),
        (0.3, 1.0, 1.0, 0.3),
        (0.5, 1.0, 1.0, 0.5),
        (0.588, 1.0, 1.0, 0.588),
        (0.9, 1.0, 1.0, 0.9),
        (0.999, 1.0, 1.0, 0.999),
        (1e-09, 0.1, 3.0, 0.14540588503578886),
        (0.01, 0.1, 3.0, 0.7274341927166095),
        (0.1, 0.1, 3.0, 0.9012050987064336),
        (0.3, 0.1, 3.0, 0.9725209327625107),
        (0.5, 0.1, 3.0, 0.9925138447472789),
        (0.588, 0.1, 3.0, 0.9962048208169855),
        (0.9, 0.1, 3.0, 0.99995868638029),
        (0.999, 0.1, 3.0, 0.999999999961474),
        (1e-09, 2.5, 4.0, 4.565538362084802e-22),
        (0.01, 2.5, 4.0, 0.000141305246875),
        (0.1, 2.5, 4.0, 0.03661225782236822),
        (0.3, 2.5, 4.0, 0.3521975859067672),
        (0.5, 2.5, 4.0, 0.736109207758652),
        (0.588, 2.5, 4.0, 0.8567568799169223),
        (0.9, 2.5, 4.0, 0.99920364830701),
        (0.999, 2.5, 4.0, 0.9999999999909874),
        (1e-09, 80.0, 200.0, 0.0),
        (0.01, 80.0, 200.0, 2.945506704314114e-90),
        (0.1, 80.0, 200.0, 2.283157883060994e-18),
        (0.3, 80.0, 200.0, 0.7062531124923315),
        (0.5, 80.0, 200.0, 0.999999999999857),
        (0.588, 80.0, 200.0, 1.0),
        (0.9, 80.0, 200.0, 1.0),
        (0.999, 80.0, 200.0, 1.0),
        (1e-09, 1000.0, 700.0, 0.0),
        (0.01, 1000.0, 700.0, 0.0),
        (0.1, 1000.0, 700.0, 0.0),
        (0.3, 1000.0, 700.0, 1.2640089926340474e-133),
        (0.5, 1000.0, 700.0, 1.471548988576057e-13),
        (0.588, 1000.0, 700.0, 0.49098177386735403),
        (0.9, 1000.0, 700.0, 1.0),
        (0.999, 1000.0, 700.0, 1.0),
    ]

    /// x and ln Γ(x) of mpmath.
    private static let logGamma: [(x: Double, value: Double)] = [
        (0.001, 6.907178885383853),
        (0.1, 2.252712651734206),
        (0.5, 0.5723649429247001),
        (1.0, 0.0),
        (2.0, 0.0),
        (3.7, 1.428072326665388),
        (10.0, 12.801827480081469),
        (14.99, 25.164481163825506),
        (15.0, 25.19122118273868),
        (100.0, 359.1342053695754),
        (12345.678, 103959.91990554606),
    ]

    @Test("the cumulative is that of mpmath", arguments: BetaDistributionTests.cumulative)
    func theCumulativeIsThatOfMpmath(x: Double, alpha: Double, beta: Double, value: Double) {
        let ours = BetaDistribution.cumulative(x, alpha: alpha, beta: beta)
        #expect(abs(ours - value) < (alpha + beta < 25 ? 1e-14 : 1e-12))
        // Small values keep their digits too; large parameters lose some in the logarithm of the factor.
        if value > 1e-200 { #expect(abs(ours / value - 1) < 1e-11) }
    }

    @Test("the logarithm of gamma is that of mpmath", arguments: BetaDistributionTests.logGamma)
    func theLogarithmOfGammaIsThatOfMpmath(x: Double, value: Double) {
        #expect(abs(BetaDistribution.logGamma(x) - value) < 4e-15 * max(1, abs(value)))
    }

    @Test("simple distributions are known")
    func simpleDistributionsAreKnown() {
        for x in [0.0, 0.125, 0.25, 0.5, 0.75, 1] {
            // Evenly distributed; the largest of three; the smallest of two.
            #expect(abs(BetaDistribution.cumulative(x, alpha: 1, beta: 1) - x) < 4e-15)
            #expect(abs(BetaDistribution.cumulative(x, alpha: 3, beta: 1) - x * x * x) < 4e-15)
            #expect(abs(BetaDistribution.cumulative(x, alpha: 1, beta: 2) - (1 - (1 - x) * (1 - x))) < 4e-15)
        }
    }

    @Test("both tails add up to one")
    func bothTailsAddUpToOne() {
        for step in 0...100 {
            let x = Double(step) / 100
            let below = BetaDistribution.cumulative(x, alpha: 6, beta: 14)
            let above = BetaDistribution.cumulative(1 - x, alpha: 14, beta: 6)
            #expect(abs(below + above - 1) < 1e-14)
        }
    }

    @Test("what is no distribution has no value")
    func whatIsNoDistributionHasNoValue() {
        #expect(BetaDistribution.cumulative(0.5, alpha: 0, beta: 1).isNaN)
        #expect(BetaDistribution.cumulative(0.5, alpha: 1, beta: -2).isNaN)
        #expect(BetaDistribution.cumulative(.nan, alpha: 1, beta: 2).isNaN)
        #expect(BetaDistribution.cumulative(-3, alpha: 2, beta: 2) == 0)
        #expect(BetaDistribution.cumulative(7, alpha: 2, beta: 2) == 1)
    }
}
