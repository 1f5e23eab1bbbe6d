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

    /// Finds the kind of a text, which is not empty.
    init(_ text: String) {
        let sign = NumberNotation.sign(of: text)
        if Self.isPlain(text) {
            self = .number
        } else if NumberNotation.all(sign: sign).contains(where: { $0.value(text) != nil }) {
            self = sign.isEmpty ? .separated : .signed
        } else if DateNotation.allCases.contains(where: { $0.time(text) != nil }) {
            self = .time
        } else {
            self = .other
        }
    }

    /// Returns true for digits with a point at most, and an exponent at most.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 48 && $0 <= 57 || [46, 69, 101, 43, 45].contains($0) }
            && Double(text) != nil
    }
}
