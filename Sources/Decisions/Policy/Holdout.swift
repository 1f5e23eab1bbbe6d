/// The users who get no offers, drawn by a keyed hash.
///
/// Membership is a keyed hash of the user's id: stable for one key, the same in every process, independent
/// between keys, and not predictable without the key.
public struct Holdout: Hashable, Sendable {
    /// The share of users who are held out, from 0 to 1.
    public var share: Double
    /// The key of the hash; another key draws another holdout.
    public var key: String

    /// Creates a holdout.
    public init(share: Double, key: String) {
        self.share = share
        self.key = key
    }

    /// Returns true if a user is held out: if the first 53 bits of HMAC-SHA256, as a fraction, are below the
    /// share.
    public func contains(_ user: String) -> Bool { contains(message: Array(user.utf8)) }

    /// The salt of the holdout, which keeps its draw apart from others under the same key.
    public static let salt = "holdout"

    /// Returns true if a user is held out by a draw with a salt: of the text of the salt, a zero byte, and
    /// the user's id.
    public func contains(_ user: String, salt: String) -> Bool {
        contains(message: Array(salt.utf8) + [0] + Array(user.utf8))
    }

    private func contains(message: [UInt8]) -> Bool {
        let digest = MessageAuthentication.code(of: message, key: Array(key.utf8))
        let bits = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Double(bits >> 11) * 0x1p-53 < share
    }
}
