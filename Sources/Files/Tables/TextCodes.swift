import LimpetDocuments
import LimpetEvents

/// Codes of texts, numbered in the order of first occurrence; 0 is the empty text, which means missing.
struct TextCodes: Sendable {
    private var codeOfText: [VerbatimText: UInt32] = [VerbatimText(""): 0]
    /// The text of each code.
    private(set) var texts = [""]

    /// Returns the code of a text; a new one for a text that has not occurred.
    mutating func code(_ text: String) -> UInt32 {
        if let code = codeOfText[VerbatimText(text)] { return code }
        let code = UInt32(texts.count)
        codeOfText[VerbatimText(text)] = code
        texts.append(text)
        return code
    }
}
