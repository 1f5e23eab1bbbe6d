import LimpetNumerics
import LimpetTestSupport
import Testing

@Suite struct ElementaryFunctionsTests {
    /// Steps between neighbouring doubles from one number to another; huge when only one is finite.
    private func steps(_ left: Double, _ right: Double) -> UInt64 {
        func place(_ value: Double) -> Int64 {
            let bits = Int64(bitPattern: value.bitPattern)
            return bits < 0 ? Int64.min - bits : bits
        }
        let (difference, overflow) = place(left).subtractingReportingOverflow(place(right))
        return left.isNaN || right.isNaN || overflow ? .max : difference.magnitude
    }

    private func check(
        _ table: [(x: Double, value: Double)], atMost limit: UInt64, _ function: (Double) -> Double
    ) {
        for (x, value) in table {
            #expect(steps(function(x), value) <= limit, "at \(x): \(function(x)) instead of \(value)")
        }
    }

    @Test("exp errs by at most 2 units in the last place")
    func exp() { check(ElementaryConstants.exp, atMost: 2, ElementaryFunctions.exp) }

    @Test("log errs by at most 2 units in the last place")
    func log() { check(ElementaryConstants.log, atMost: 2, ElementaryFunctions.log) }

    @Test("log1p errs by at most 2 units in the last place")
    func log1p() { check(ElementaryConstants.log1p, atMost: 2, ElementaryFunctions.log1p) }

    @Test("logistic errs by at most 3 units in the last place")
    func logistic() { check(ElementaryConstants.logistic, atMost: 3, ElementaryFunctions.logistic) }

    @Test("softplus errs by at most 3 units in the last place")
    func softplus() { check(ElementaryConstants.softplus, atMost: 3, ElementaryFunctions.softplus) }

    @Test("exp overflows, vanishes and passes NaN on")
    func expEdges() {
        #expect(ElementaryFunctions.exp(0) == 1 && ElementaryFunctions.exp(-0.0) == 1)
        #expect(ElementaryFunctions.exp(709.782712893384).isFinite)
        #expect(ElementaryFunctions.exp(709.782712893384.nextUp) == .infinity)
        #expect(
            ElementaryFunctions.exp(.infinity) == .infinity && ElementaryFunctions.exp(1e308) == .infinity)
        #expect(ElementaryFunctions.exp(-745.1332191019411) == .leastNonzeroMagnitude)
        #expect(ElementaryFunctions.exp(-745.1332191019412) == 0)
        #expect(ElementaryFunctions.exp(-.infinity) == 0 && ElementaryFunctions.exp(-1e308) == 0)
        #expect(ElementaryFunctions.exp(.nan).isNaN)
    }

    @Test("log has its poles, and none where there is no logarithm")
    func logEdges() {
        #expect(ElementaryFunctions.log(1).bitPattern == 0)
        #expect(ElementaryFunctions.log(0) == -.infinity && ElementaryFunctions.log(-0.0) == -.infinity)
        #expect(ElementaryFunctions.log(.infinity) == .infinity)
        #expect(ElementaryFunctions.log(-1).isNaN && ElementaryFunctions.log(-.infinity).isNaN)
        #expect(ElementaryFunctions.log(.nan).isNaN)
        #expect(ElementaryFunctions.log1p(-1) == -.infinity && ElementaryFunctions.log1p(-1.5).isNaN)
        #expect(ElementaryFunctions.log1p(.infinity) == .infinity && ElementaryFunctions.log1p(.nan).isNaN)
        #expect(ElementaryFunctions.log1p(-0.0).bitPattern == (-0.0).bitPattern)
    }

    @Test("the signed log is odd, and 0 at 0")
    func signedLog() {
        for x in [0.0, 1e-300, 0.5, 3, 1e17, .greatestFiniteMagnitude, .infinity] {
            #expect(ElementaryFunctions.signedLog(-x) == -ElementaryFunctions.signedLog(x))
            #expect(ElementaryFunctions.signedLog(x) == ElementaryFunctions.log1p(x))
        }
        #expect(ElementaryFunctions.signedLog(.nan).isNaN)
    }

    @Test("logistic reaches both ends without overflow")
    func logisticEdges() {
        #expect(ElementaryFunctions.logistic(0) == 0.5)
        #expect(ElementaryFunctions.logistic(1e308) == 1 && ElementaryFunctions.logistic(-1e308) == 0)
        #expect(ElementaryFunctions.logistic(.infinity) == 1 && ElementaryFunctions.logistic(-.infinity) == 0)
        #expect(ElementaryFunctions.logistic(.nan).isNaN)
        #expect(
            ElementaryFunctions.softplus(-.infinity) == 0
                && ElementaryFunctions.softplus(.infinity) == .infinity)
        #expect(ElementaryFunctions.softplus(.nan).isNaN)
    }

    @Test("logit undoes logistic")
    func logit() {
        #expect(ElementaryFunctions.logit(0.5) == 0)
        #expect(ElementaryFunctions.logit(0) == -.infinity && ElementaryFunctions.logit(1) == .infinity)
        for x in stride(from: -20.0, through: 5, by: 0.37) {
            #expect(abs(ElementaryFunctions.logit(ElementaryFunctions.logistic(x)) - x) < 1e-13)
        }
    }

    @Test("larger arguments never give smaller values")
    func monotone() {
        let functions: [(Double) -> Double] = [
            ElementaryFunctions.exp, ElementaryFunctions.signedLog, ElementaryFunctions.logistic,
            ElementaryFunctions.softplus,
        ]
        for function in functions {
            var last = -Double.infinity
            for step in -80_000...80_000 {
                let value = function(Double(step) * 0.009_321)
                #expect(value >= last)
                last = value
            }
        }
        var last = -Double.infinity
        for power in stride(from: -1_074.0, to: 1_024, by: 0.013) {
            let value = ElementaryFunctions.log(
                Double(
                    sign: .plus, exponent: Int(power.rounded(.down)),
                    significand: 1 + power - power.rounded(.down)))
            #expect(value >= last)
            last = value
        }
    }

    /// One number over the bits of many results; it may differ on no machine.
    private func fingerprint(_ function: (Double) -> Double, from low: Double, to high: Double) -> UInt64 {
        var random = TestRandom(seed: 8)
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for _ in 0..<50_000 {
            hash =
                (hash ^ function(.random(in: low...high, using: &random)).bitPattern) &* 0x0000_0100_0000_01b3
        }
        return hash
    }

    @Test("fifty thousand results of each function have the bits that they have had on every machine")
    func pinned() {
        #expect(fingerprint(ElementaryFunctions.exp, from: -745, to: 709) == 8_735_064_728_432_273_969)
        #expect(fingerprint(ElementaryFunctions.exp, from: -3, to: 3) == 7_981_621_594_977_179_219)
        #expect(fingerprint(ElementaryFunctions.log, from: 0, to: 1e6) == 1_743_834_737_507_636_087)
        #expect(fingerprint(ElementaryFunctions.signedLog, from: -1e4, to: 1e4) == 16_392_752_322_630_283_834)
        #expect(fingerprint(ElementaryFunctions.logistic, from: -40, to: 40) == 10_551_065_711_590_099_667)
        #expect(fingerprint(ElementaryFunctions.softplus, from: -40, to: 40) == 3_082_232_128_094_772_526)
        #expect(ElementaryFunctions.exp(1).bitPattern == 0x4005_bf0a_8b14_576a)
        #expect(ElementaryFunctions.log(10).bitPattern == 0x4002_6bb1_bbb5_5516)
        #expect(ElementaryFunctions.log1p(0.1).bitPattern == 0x3fb8_663f_793c_46c7)
        #expect(ElementaryFunctions.logistic(1).bitPattern == 0x3fe7_64d4_f5d5_a2bd)
    }
}
