import LimpetNumerics

/// The id of a delivery as clients see it: that of its receipt, and a code that only the database can make.
///
/// What a client reports about a delivery counts only with it, so that nobody dismisses or clicks for others.
public struct DeliveryToken: Hashable, Sendable, CustomStringConvertible {
    /// The receipt of the decision.
    public let receipt: ReceiptID
    private let code: String

    private static let codeBytes = 12

    /// Makes the token of a delivery.
    ///
    /// - Parameters:
    ///   - profile: the number of the user's profile at the decision.
    ///   - secret: the secret of the database.
    public init(_ receipt: ReceiptID, profile: UInt64, secret: [UInt8]) {
        self.receipt = receipt
        code = Self.code(receipt, profile, secret)
    }

    /// The token as text, such as `3-1048-0-9f86d081884c7d659a2feaa0`.
    public var description: String { "\(receipt)-\(code)" }

    /// Returns the receipt that a token names, whoever made it; nil for a text that is no token.
    public static func receipt(named text: String) -> ReceiptID? {
        text.lastIndex(of: "-").flatMap { ReceiptID(String(text[..<$0])) }
    }

    /// Returns the receipt that a token names, if the database made the token for a profile.
    public static func receipt(of text: String, profile: UInt64, secret: [UInt8]) -> ReceiptID? {
        guard let end = text.lastIndex(of: "-"), let receipt = ReceiptID(String(text[..<end])) else {
            return nil
        }
        let (given, made) = (
            Array(text[text.index(after: end)...].utf8), Array(code(receipt, profile, secret).utf8)
        )
        return MessageAuthentication.areEqual(given, made) ? receipt : nil
    }

    private static func code(_ receipt: ReceiptID, _ profile: UInt64, _ secret: [UInt8]) -> String {
        let message = Array("delivery\0\(receipt)\0\(profile)".utf8)
        let digest = MessageAuthentication.code(of: message, key: secret)
        return MessageAuthentication.digits(digest.prefix(codeBytes))
    }
}
