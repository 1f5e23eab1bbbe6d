/// A writer of values as C literals.
enum CLiteral {
    /// The longest text in one literal that every C99 compiler accepts.
    static let textLimit = 4_095

    /// Returns a double with the fewest decimal digits that restore its bits.
    static func number(_ value: Double) -> String { value.description }

    /// Returns a text literal. Bytes beyond printable ASCII are octal escapes, and so are question marks,
    /// since two of them begin a trigraph.
    static func text(_ text: String) throws(ExportError) -> String {
        guard text.utf8.count <= textLimit else {
            throw .unwritableText(
                text: text, problem: "it has \(text.utf8.count) bytes, expected at most \(textLimit)")
        }
        var literal = ""
        for byte in text.utf8 {
            switch byte {
            case 0:
                throw .unwritableText(text: text, problem: "it contains a NUL, which ends a text in C")
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): literal += "\\" + String(UnicodeScalar(byte))
            case UInt8(ascii: "?"), 0..<32, 127...: literal += octal(byte)
            default: literal.unicodeScalars.append(UnicodeScalar(byte))
            }
        }
        return "\"\(literal)\""
    }

    private static func octal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 8)
        return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }

    /// Returns a text for a comment, shortened to 60 characters; characters that could end the comment or the
    /// line become underscores.
    static func comment(_ text: String) -> String {
        let harmless = Set(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _.-:,=<>()[]".unicodeScalars)
        let shown = text.unicodeScalars.prefix(60).map { harmless.contains($0) ? Character($0) : "_" }
        return String(shown)
    }

    /// Returns the elements of an array in braces, on several lines.
    static func list(_ elements: [String]) -> String {
        var (lines, line): ([String], String) = ([], "   ")
        for (index, element) in elements.enumerated() {
            let piece = element + (index + 1 < elements.count ? "," : "")
            if line.utf8.count + piece.utf8.count > 108, line.utf8.count > 3 {
                lines.append(line)
                line = "   "
            }
            line += " " + piece
        }
        return "{\n" + (lines + [line]).joined(separator: "\n") + "\n}"
    }
}
