/// The different texts of a property that is read as amounts which are none, and count as missing.
///
/// So a columnar log is read: its rows have no lines any more by which they could be refused.
package struct OtherTexts: Hashable, Sendable {
    /// The number of these texts.
    package private(set) var count = 0
    /// The number of all texts of the property.
    package private(set) var total = 0
    /// The first of these texts.
    package private(set) var example: String?

    package init() {}

    /// Counts a text of the property.
    package mutating func note(_ text: String, isAmount: Bool) {
        total += 1
        guard !isAmount else { return }
        count += 1
        example = example ?? text
    }

    /// True for at most a tenth of all texts: otherwise the property is none of amounts. Features are
    /// proposed where a twentieth of the texts before the last snapshot time are none.
    package var areFew: Bool { count * 10 <= total }
}
