import LimpetNumerics
import LimpetTestSupport
import Testing

@Suite struct ExactDecimalTests {
    @Test(
        "a number is its digits and a scale",
        arguments: [
            ("0", 0, 0), ("-0", 0, 0), ("-12.50", -1_250, 2), ("+3", 3, 0), (".5", 5, 1), ("5.", 5, 0),
            ("1e3", 1, -3), ("1.5E-2", 15, 3), ("1e+3", 1, -3), ("000123", 123, 0), ("0.000", 0, 3),
            ("0.00000000000000000000001", 1, 23), ("999999999999999999", 999_999_999_999_999_999, 0),
            ("-0.999999999999999999", -999_999_999_999_999_999, 18), ("1e-999", 1, 999),
            ("00000000000000000000000000001", 1, 0),
        ] as [(String, Int64, Int)])
    func reading(text: String, significand: Int64, scale: Int) throws {
        let decimal = try #require(ExactDecimal(text))
        #expect(decimal.significand == significand)
        #expect(decimal.scale == scale)
    }

    @Test(
        "what is no decimal number of at most 18 digits is refused",
        arguments: [
            "", "-", "+", ".", "-.", "1,5", "1e", "1e+", "e5", "1.5.2", "NaN", "nan", "inf", "-inf",
            "Infinity",
            "0x10", "1_000", " 1", "1 ", "1e1000", "1e0001", "--1", "+-1", "1-", "١", "1234567890123456789",
            "0.1234567890123456789", "1000000000000000000", "$5", "1e5.5", "1\u{0}",
        ])
    func refusing(text: String) {
        #expect(ExactDecimal(text) == nil)
    }

    @Test(
        "units are counted at the requested decimals",
        arguments: [
            ("12.5", 2, 1_250), ("-12.5", 2, -1_250), ("12.5", 1, 125), ("1e3", 2, 100_000),
            ("1.5E-2", 3, 15),
            ("0", 9, 0), ("0e999", 9, 0), ("9007199254740991", 0, 9_007_199_254_740_991),
            ("-9007199254740991", 0, -9_007_199_254_740_991), ("90071992547409.91", 2, 9_007_199_254_740_991),
            ("1e-999", 2, 0), ("999999999999999999e-18", 0, 1), ("1e15", 0, 1_000_000_000_000_000),
        ] as [(String, Int, Int64)])
    func counting(text: String, decimals: Int, units: Int64) {
        #expect(ExactDecimal(text)?.units(decimals: decimals) == units)
    }

    @Test(
        "finer digits are rounded to the nearest unit, ties to even",
        arguments: [
            ("0.5", 0), ("1.5", 2), ("2.5", 2), ("3.5", 4), ("-0.5", 0), ("-1.5", -2), ("-2.5", -2),
            ("2.50000000000000001", 3), ("2.49999999999999999", 2), ("0.499", 0), ("0.501", 1),
            ("5e-1", 0), ("5e-18", 0), ("500000000000000000e-18", 0), ("500000000000000001e-18", 1),
            ("999999999999999999e-19", 0),
        ] as [(String, Int64)])
    func rounding(text: String, units: Int64) {
        #expect(ExactDecimal(text)?.units(decimals: 0) == units)
    }

    @Test(
        "amounts of 2^53 units and more are refused",
        arguments: [
            ("9007199254740992", 0), ("-9007199254740992", 0), ("9007199254740991.5", 0),
            ("90071992547409.92", 2), ("9007199254740991", 1), ("1e16", 0), ("1e999", 0), ("1", 16),
            ("999999999999999999", 0), ("999999999999999999", 9),
        ])
    func tooLarge(text: String, decimals: Int) throws {
        let decimal = try #require(ExactDecimal(text))
        #expect(decimal.units(decimals: decimals) == nil)
    }

    @Test(
        "trailing zeros need no decimals",
        arguments: [
            ("1", 0), ("1.0", 0), ("1.50", 1), ("1.05", 2), ("0.00", 0), ("1e-3", 3), ("1e3", 0),
            ("-2.10", 1),
        ])
    func decimalsNeeded(text: String, places: Int) {
        #expect(ExactDecimal(text)?.decimalsNeeded == places)
    }

    @Test("printed amounts are read back as the same units")
    func roundTrip() {
        var random = TestRandom(seed: 2)
        for _ in 0..<2_000 {
            let units = Int64.random(
                in: -(ExactDecimal.unitLimit - 1)..<ExactDecimal.unitLimit, using: &random)
            let digits = String(units.magnitude)
            let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            let text = (units < 0 ? "-" : "") + padded.dropLast(3) + "." + padded.suffix(3)
            #expect(ExactDecimal(text)?.units(decimals: 3) == units, "\(text)")
        }
    }
}
