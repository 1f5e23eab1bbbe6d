/// A text that equals only texts with the same bytes, as for ``TextKey``.
///
/// A `String` also equals texts that Unicode calls equivalent, which would merge ids and make batch and live
/// features tell texts apart differently.
package struct VerbatimText: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }

    package static func == (left: VerbatimText, right: VerbatimText) -> Bool {
        TextHash.areEqual(left.text.utf8.span, right.text.utf8.span)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
