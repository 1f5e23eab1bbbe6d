import LimpetDocuments

/// The texts that stand for "missing", compared with the bytes of fields.
struct MissingTexts: Sendable {
    private let texts: [[UInt8]]
    /// A bit for each length of a text, and for the low bits of each first byte.
    private let lengths: UInt64
    private let starts: UInt64
    /// True when one of the texts, such as `-999`, is a number too, so that numbers have to be compared.
    let holdNumbers: Bool

    init(_ missing: VerbatimSet) {
        texts = missing.sorted().map { Array($0.utf8) }
        lengths = texts.reduce(0) { $0 | 1 << UInt64(min($1.count, 63)) }
        starts = texts.reduce(0) { $0 | 1 << UInt64(($1.first ?? 0) & 63) }
        holdNumbers = missing.contains { $0.isDecimalNumber }
    }

    /// Returns true for one of the texts, and for the empty one.
    @inline(__always)
    func contains(_ text: Span<UInt8>) -> Bool {
        guard !text.isEmpty else { return true }
        // Few texts have the length and the first byte of one that is missing.
        guard lengths >> UInt64(min(text.count, 63)) & 1 == 1, starts >> UInt64(text[0] & 63) & 1 == 1
        else { return false }
        return texts.contains { text.isSame(as: $0) }
    }
}
