import LimpetEvents

/// The kind of value that a text of a table was written for, where it is no number that Limpet reads.
enum WrittenValue: Hashable {
    /// A number such as `467.49`.
    case number
    /// A number with a decimal comma or separators of thousands, such as `467,49` or `1,173.58`.
    case separated
    /// A number with a sign of a currency or of per cent, such as `$5.00` or `5.0%`.
    case signed
    /// A date or a time.
    case time
    /// Anything else.
    case other

    private static let currencies = ["USD", "EUR", "GBP", "CHF", "JPY", "CAD", "AUD"]

    /// Finds the kind of a text, which is not empty.
    init(_ text: String, times: TimeParser = TimeParser()) {
        if let kind = Self.numeric(text) {
            self = kind
        } else if Self.isCivilDate(text) || times.parse(text) != nil {
            self = .time
        } else {
            let bare = Self.withoutSigns(text)
            self = bare.utf8.count < text.utf8.count && Self.numeric(bare) != nil ? .signed : .other
        }
    }

    /// Returns `number` or `separated`; nil for other texts.
    private static func numeric(_ text: String) -> WrittenValue? {
        var rest = text[...]
        if let first = rest.first, first == "-" || first == "+" || first == "−" { rest.removeFirst() }
        guard rest.utf8.first.map({ $0 >= 48 && $0 <= 57 || $0 == 46 }) == true else { return nil }
        if isPlain(rest) { return .number }
        // A decimal comma, with points or spaces between thousands.
        let parts = rest.split(separator: ",", omittingEmptySubsequences: false)
        if parts.count == 2, !parts[1].isEmpty, parts[1].utf8.allSatisfy(isDigit) {
            if isGrouped(parts[0], by: ".") || isGrouped(parts[0], by: " ") { return .separated }
        }
        // A decimal point or none, with commas, spaces or apostrophes between thousands.
        let halves = rest.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        if halves.count < 2 || halves[1].utf8.allSatisfy(isDigit) {
            for separator in [",", " ", "\u{a0}", "\u{202f}", "'", "’"] as [Character] {
                if halves[0].contains(separator), isGrouped(halves[0], by: separator) { return .separated }
            }
        }
        return nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

    /// Returns true for digits with a point at most, and an exponent at most.
    private static func isPlain(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { isDigit($0) || [46, 69, 101, 43, 45].contains($0) } && Double(text) != nil
    }

    /// Returns true for digits, alone or in groups of three after the first.
    private static func isGrouped(_ text: Substring, by separator: Character) -> Bool {
        let groups = text.split(separator: separator, omittingEmptySubsequences: false)
        guard let first = groups.first, !first.isEmpty, first.utf8.allSatisfy(isDigit) else { return false }
        return groups.count == 1
            || first.utf8.count <= 3
                && groups.dropFirst().allSatisfy { $0.utf8.count == 3 && $0.utf8.allSatisfy(isDigit) }
    }

    /// Returns true for a day, a month and a year in any order, alone or before a space.
    private static func isCivilDate(_ text: String) -> Bool {
        let day = text.prefix { $0 != " " && $0 != "T" }
        for separator in ["/", ".", "-"] as [Character] {
            let parts = day.split(separator: separator, omittingEmptySubsequences: false)
            guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }) else {
                continue
            }
            let lengths = parts.map(\.utf8.count)
            if lengths == [4, 2, 2] || lengths[0] <= 2 && lengths[1] <= 2 && [2, 4].contains(lengths[2]) {
                return true
            }
        }
        return false
    }

    /// Returns the text without signs of currencies and of per cent at its ends.
    private static func withoutSigns(_ text: String) -> String {
        func isSign(_ scalar: UnicodeScalar) -> Bool {
            scalar.properties.generalCategory == .currencySymbol || scalar == "%" || scalar == "‰"
        }
        func isSpace(_ scalar: UnicodeScalar) -> Bool { scalar.properties.isWhitespace }
        var rest = text.unicodeScalars[...]
        // The sign of the number may stand before that of the currency.
        let minus = rest.first.map { $0 == "-" || $0 == "+" } == true ? rest.popFirst() : nil
        for currency in currencies {
            if String(rest.prefix(3)) == currency { rest = rest.dropFirst(3) }
            if String(rest.suffix(3)) == currency { rest = rest.dropLast(3) }
        }
        while let first = rest.first, isSign(first) || isSpace(first) { rest = rest.dropFirst() }
        while let last = rest.last, isSign(last) || isSpace(last) { rest = rest.dropLast() }
        let sign = minus.map { String($0) } ?? ""
        return sign + String(String.UnicodeScalarView(rest))
    }
}
