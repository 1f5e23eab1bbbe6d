/// Codes that are numbers: `1`, `1.0` and `+01` are one, whose shortest form is `1`.
///
///     DecimalCode.shortest("1.50")  // "1.5"
///     DecimalCode.shortest("pro")   // nil
///     DecimalCode.are(["1.0", "2"])  // true
///     DecimalCode.are(["1", "007"])  // false
package enum DecimalCode {
    /// The most digits of a code that other programs can hold as a number, too.
    private static let mostDigits = 15

    /// Returns the shortest form of a plain decimal: digits with an optional sign and fraction; nil for other
    /// texts.
    ///
    /// - Parameter isTruncated: true to leave the fraction out.
    package static func shortest(_ text: String, isTruncated: Bool = false) -> String? {
        guard var parts = Parts(text) else { return nil }
        if isTruncated { parts.fraction = parts.fraction.prefix(0) }
        return parts.shortest
    }

    /// Returns true where texts are plain decimals without needless zeros at the front, which would make them
    /// names, and of at most 15 digits; empty ones are missing. False where all are.
    package static func are(_ texts: some Sequence<String>) -> Bool {
        var isAny = false
        for text in texts where !text.isEmpty {
            guard let parts = Parts(text), parts.leadingZeros == 0,
                parts.whole.count + parts.fraction.count <= mostDigits
            else { return false }
            isAny = true
        }
        return isAny
    }

    /// A plain decimal without needless zeros.
    private struct Parts {
        let isNegative: Bool
        /// The digits before the point, without zeros at the front; none for 0.
        let whole: Substring.UTF8View
        /// The digits after the point, without zeros at the end.
        var fraction: Substring.UTF8View
        /// The zeros at the front that were left out, but for the one of a number below 1.
        let leadingZeros: Int

        init?(_ text: String) {
            var rest = text.utf8[...]
            let sign = rest.first
            if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest.removeFirst() }
            isNegative = sign == UInt8(ascii: "-")
            let digits = rest.prefix { $0 >= 48 && $0 <= 57 }
            rest = rest.dropFirst(digits.count)
            var fraction = rest.prefix(0)
            if rest.first == UInt8(ascii: ".") {
                rest.removeFirst()
                fraction = rest.prefix { $0 >= 48 && $0 <= 57 }
                rest = rest.dropFirst(fraction.count)
            }
            guard rest.isEmpty, digits.count + fraction.count > 0 else { return nil }
            whole = digits.drop { $0 == 48 }
            leadingZeros = digits.count - whole.count - (whole.isEmpty && !digits.isEmpty ? 1 : 0)
            while fraction.last == 48 { fraction.removeLast() }
            self.fraction = fraction
        }

        var shortest: String {
            guard !whole.isEmpty || !fraction.isEmpty else { return "0" }
            let front = (isNegative ? "-" : "") + (whole.isEmpty ? "0" : String(Substring(whole)))
            return fraction.isEmpty ? front : front + "." + String(Substring(fraction))
        }
    }
}
