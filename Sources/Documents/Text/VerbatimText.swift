/// A text that equals only texts with the same bytes.
///
/// A `String` also equals texts that Unicode calls equivalent, which would merge ids and make batch and live
/// features tell texts apart differently. Texts of users are compared in this form alone.
package struct VerbatimText: Hashable, Comparable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    @inline(__always)
    package static func == (left: VerbatimText, right: VerbatimText) -> Bool {
        left.text.isVerbatim(right.text)
    }

    /// The order of the bytes, which is that of Unicode's code points.
    package static func < (left: VerbatimText, right: VerbatimText) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension StringProtocol {
    /// Returns true when the text has the same bytes as another.
    @inline(__always)
    package func isVerbatim(_ other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }

    /// Returns true when the text's bytes begin with those of another: a prefix may end within what Unicode
    /// draws as one character.
    package func begins(with prefix: some StringProtocol) -> Bool { utf8.starts(with: prefix.utf8) }

    /// Returns true when the text's bytes end with those of another.
    package func ends(with suffix: some StringProtocol) -> Bool {
        utf8.count >= suffix.utf8.count && utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }
}

extension String {
    /// Returns true when the text has the same bytes as another.
    @inline(__always)
    package func isVerbatim(_ other: String) -> Bool { utf8.span.isVerbatim(other.utf8.span) }
}

extension Collection<String> {
    /// Returns true when a text with the same bytes is among these.
    package func contains(verbatim text: String) -> Bool { contains { $0.isVerbatim(text) } }

    /// Returns the index of the first text with the same bytes; nil when there is none.
    package func firstIndex(verbatim text: String) -> Index? { firstIndex { $0.isVerbatim(text) } }
}

extension Sequence<String> {
    /// Returns the texts in the order of their bytes.
    package func sortedByBytes() -> [String] { map(VerbatimText.init).sorted().map(\.text) }
}
