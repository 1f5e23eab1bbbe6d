/// A way of writing numbers: the decimal mark, the separator of thousands, and the sign of a currency, of per
/// cent or of a unit that stands at each. Brackets around a number are a minus, as in accounts.
public struct NumberNotation: Hashable, Sendable {
    /// The character before the fraction.
    public enum Mark: String, CaseIterable, Sendable {
        /// `1.5`
        case point
        /// `1,5`
        case comma
    }

    /// The character between groups of three digits.
    public enum Thousands: String, CaseIterable, Sendable {
        /// None: `1234`.
        case none
        /// The comma beside a decimal point, and the point beside a decimal comma.
        case opposite
        /// A space, also one that does not break or is thin.
        case space
        /// An apostrophe: `1'234`.
        case apostrophe
    }

    /// The decimal mark.
    public var mark: Mark
    /// The separator of thousands. Where there is one, it stands in each number of more than three whole
    /// digits.
    public var thousands: Thousands
    /// The sign that stands before or after each number, such as `€`, `%` or `min`; "" for none.
    public var sign: String

    /// Makes a notation.
    public init(mark: Mark, thousands: Thousands = .none, sign: String = "") {
        (self.mark, self.thousands, self.sign) = (mark, thousands, sign)
    }

    /// Returns the number that a text stands for; nil when it is not written so.
    public func value(_ text: String) -> Double? {
        let parts = Parts(text)
        guard parts.sign == sign else { return nil }
        let halves = parts.digits.split(
            separator: mark == .point ? "." : ",", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = digits(halves[0]), !whole.isEmpty || halves.count > 1 else { return nil }
        let fraction = halves.count > 1 ? String(halves[1]) : ""
        guard halves.count < 2 || !fraction.isEmpty, fraction.utf8.allSatisfy({ $0 &- 48 < 10 }) else {
            return nil
        }
        return Double((parts.isNegative ? "-" : "") + (whole.isEmpty ? "0" : whole) + "." + fraction + "0")
    }

    /// Returns the digits before the decimal mark without what separates thousands; nil when others stand
    /// there, or the groups are not of three.
    private func digits(_ text: Substring) -> String? {
        let separators: [Character] =
            switch thousands {
            case .none: []
            case .opposite: [mark == .point ? "," : "."]
            case .space: [" ", "\u{a0}", "\u{202f}", "\u{2009}"]
            case .apostrophe: ["'", "’"]
            }
        let groups = text.split(omittingEmptySubsequences: false) { separators.contains($0) }
        guard groups.allSatisfy({ $0.utf8.allSatisfy { $0 &- 48 < 10 } }) else { return nil }
        if thousands == .none { return String(text) }
        // `0,125` is no number of thousands.
        guard groups.count == 1 || !(groups[0].isEmpty || groups[0].utf8.first == 48),
            groups[0].utf8.count <= 3, groups.dropFirst().allSatisfy({ $0.utf8.count == 3 })
        else { return nil }
        return groups.joined()
    }

    /// A number in this notation.
    public var example: String {
        let separator =
            switch thousands {
            case .none: ""
            case .opposite: mark == .point ? "," : "."
            case .space: " "
            case .apostrophe: "'"
            }
        let number = "1\(separator)234\(mark == .point ? "." : ",")5"
        let isBehind =
            sign == "%" || sign == "‰" || sign.unicodeScalars.first?.properties.isAlphabetic == true
        return isBehind
            ? "\(number) \(sign)" : sign + number
    }

    /// All notations with a sign, the plainest first.
    public static func all(sign: String) -> [NumberNotation] {
        Mark.allCases.flatMap { mark in
            Thousands.allCases.map { NumberNotation(mark: mark, thousands: $0, sign: sign) }
        }
    }

    /// Returns the sign of a currency or of per cent that stands at a number; "" for none.
    public static func sign(of text: String) -> String { Parts(text).sign }
}

extension NumberNotation {
    /// A text taken apart into what may stand at a number, and its digits with their marks.
    private struct Parts {
        var isNegative = false
        var sign = ""
        var digits: Substring = ""

        private static let currencies = [
            "USD", "EUR", "GBP", "CHF", "JPY", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "INR",
            "BRL", "MXN", "ZAR", "CNY",
        ]

        init(_ text: String) {
            var rest = Substring(text).unicodeScalars
            takeMinus(&rest)
            if !isNegative, rest.first == "(", rest.last == ")" {
                isNegative = true
                rest = rest.dropFirst().dropLast()
            }
            takeSign(&rest, atEnd: false)
            // The minus stands before the currency or behind it.
            if !isNegative { takeMinus(&rest) }
            takeSign(&rest, atEnd: true)
            digits = Substring(rest)
        }

        private mutating func takeMinus(_ rest: inout Substring.UnicodeScalarView) {
            guard let first = rest.first, first == "-" || first == "+" || first == "−" else { return }
            isNegative = first != "+"
            rest.removeFirst()
        }

        /// Takes one sign off an end, with the spaces between it and the number.
        private mutating func takeSign(_ rest: inout Substring.UnicodeScalarView, atEnd: Bool) {
            guard sign.isEmpty, let outer = atEnd ? rest.last : rest.first, !(48...57).contains(outer.value)
            else {
                return
            }
            var length = 0
            if Self.isSign(outer) {
                length = 1
            } else if Self.currencies.contains(String(atEnd ? rest.suffix(3) : rest.prefix(3))) {
                length = 3
            } else if atEnd {
                length = Self.unitLength(rest)
            }
            guard length > 0 else { return }
            sign = String(atEnd ? rest.suffix(length) : rest.prefix(length))
            rest = atEnd ? rest.dropLast(length) : rest.dropFirst(length)
            while let space = atEnd ? rest.last : rest.first, space.properties.isWhitespace {
                rest = atEnd ? rest.dropLast() : rest.dropFirst()
            }
        }

        /// Returns the number of letters of a unit such as `min` or `GB` at the end; 0 where there is none.
        private static func unitLength(_ rest: Substring.UnicodeScalarView) -> Int {
            let letters = rest.reversed().prefix { $0.properties.isAlphabetic }.count
            return letters <= longestUnit ? letters : 0
        }

        private static let longestUnit = 6

        private static func isSign(_ scalar: UnicodeScalar) -> Bool {
            scalar == "%" || scalar == "‰" || scalar.properties.generalCategory == .currencySymbol
        }
    }
}
