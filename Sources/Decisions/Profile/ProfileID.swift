public import LimpetDocuments

/// An id by which a user is known: one that the product gave, or that of a device before a login.
///
/// The two kinds are names of their own: a known user `17` is not the anonymous `17`.
public struct ProfileID: Hashable, Sendable {
    /// The kinds of ids.
    public enum Kind: UInt8, Sendable {
        /// The id of a user who is known, `userId`.
        case known = 0
        /// The id of a device or a browser, `anonymousId`.
        case anonymous = 1
    }

    /// The kind of the id.
    public let kind: Kind
    private let verbatim: VerbatimText
    /// The id, compared byte by byte.
    public var text: String { verbatim.text }

    /// Creates an id.
    public init(_ kind: Kind, _ text: String) {
        self.kind = kind
        verbatim = VerbatimText(text)
    }

    /// Returns the id of a known user.
    public static func known(_ text: String) -> ProfileID { ProfileID(.known, text) }
    /// Returns the id of a device or a browser.
    public static func anonymous(_ text: String) -> ProfileID { ProfileID(.anonymous, text) }
}
