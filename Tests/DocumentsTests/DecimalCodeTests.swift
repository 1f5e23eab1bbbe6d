import LimpetDocuments
import Testing

@Suite struct DecimalCodeTests {
    @Test(
        "a plain decimal has one shortest form",
        arguments: [
            ("1", "1"), ("1.0", "1"), ("01", "1"), ("+1", "1"), ("1.", "1"), ("1.50", "1.5"), (".5", "0.5"),
            ("0.5", "0.5"), ("-0", "0"), ("-0.0", "0"), ("0", "0"), ("000", "0"), ("-1.10", "-1.1"),
            ("100", "100"), ("10.010", "10.01"), ("-00.70", "-0.7"),
            ("123456789012345678901", "123456789012345678901"),
        ])
    func shortest(text: String, expected: String) {
        #expect(DecimalCode.shortest(text) == expected)
        #expect(DecimalCode.shortest(expected) == expected)
    }

    @Test(
        "other texts have none",
        arguments: ["", ".", "-", "+.", "1e3", "1,5", " 1", "1 ", "x1", "٣", "1.2.3"])
    func others(text: String) { #expect(DecimalCode.shortest(text) == nil) }

    @Test(
        "fractions are left out where numbers are cut to whole ones",
        arguments: [("1.7", "1"), ("-0.5", "0"), ("-2.9", "-2"), (".5", "0"), ("3", "3")])
    func truncated(text: String, expected: String) {
        #expect(DecimalCode.shortest(text, isTruncated: true) == expected)
    }

    @Test("zeros at the front, words and too many digits make texts of all")
    func are() {
        #expect(DecimalCode.are(["1", "2.0", "", "0.5", "-3", "0", ".25"]))
        #expect(DecimalCode.are(["123456789012345"]))
        for texts in [["1", "007"], ["1", "K1A"], ["1", "00"], ["1234567890123456"], ["1e3"], [""], []] {
            #expect(!DecimalCode.are(texts), "\(texts)")
        }
    }
}
