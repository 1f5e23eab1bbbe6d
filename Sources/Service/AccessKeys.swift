import HTTPTypes
import LimpetDecisions
import LimpetDocuments
import LimpetNumerics

/// The keys of a service: who may do what.
///
/// The public key stands in web pages and apps: whoever has it sends events, asks, and gets offers. A
/// server's key sees whole decisions and scores. Users, erasure, metrics and silence need that of
/// administrators.
public struct AccessKeys: Sendable {
    /// The rights of a request; each role may do what those before it may.
    public enum Role: Int, Comparable, Sendable {
        /// Sending events and asking for offers.
        case everybody
        /// Seeing decisions and scores.
        case server
        /// Seeing and changing users, and stopping offers.
        case admin

        /// Orders roles by what they may do.
        public static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }
    }

    private let hashes: [(role: Role, hash: [UInt8])]
    private let identitySecret: [UInt8]?
    /// True if one of them is the empty text.
    let haveEmptyKey: Bool

    /// Makes keys.
    ///
    /// - Parameters:
    ///   - everybody: the public key.
    ///   - server: the key of servers.
    ///   - admin: the token of administrators.
    ///   - identitySecret: the secret by which pages prove that a known user is theirs; nil where they need
    ///     not.
    public init(
        everybody: String? = nil, server: String? = nil, admin: String? = nil, identitySecret: String? = nil
    ) {
        hashes = [(Role.admin, admin), (.server, server), (.everybody, everybody)].compactMap { role, key in
            key.map { (role, SHA256.hash(Array($0.utf8))) }
        }
        self.identitySecret = identitySecret.map { Array($0.utf8) }
        haveEmptyKey = [everybody, server, admin, identitySecret].contains { $0?.isEmpty ?? false }
    }

    /// True if there is no key: then only this machine is served, with all rights.
    public var areMissing: Bool { hashes.isEmpty }

    /// Returns the role of a key; nil for a key that is none.
    func role(of key: String) -> Role? {
        let given = SHA256.hash(Array(key.utf8))
        return hashes.first { MessageAuthentication.areEqual(given, $0.hash) }?.role
    }

    /// Checks that a page may speak for a known user: `userHash` is the HMAC-SHA256 of the user's id under
    /// the identity secret, in hexadecimal digits.
    ///
    /// - Parameter joins: true for an event, which needs the proof only where it joins a device to a user.
    func checkIdentity(_ json: JSON, _ ids: [ProfileID], _ role: Role, joins: Bool) throws(ServiceError) {
        guard let identitySecret, role == .everybody, let known = ids.first, known.kind == .known else {
            return
        }
        guard !joins || ids.count > 1 else { return }
        let code = MessageAuthentication.code(of: Array(known.text.utf8), key: identitySecret)
        let expected = MessageAuthentication.digits(code)
        let given = json["userHash"]?.text ?? json["context"]?["userHash"]?.text ?? ""
        guard MessageAuthentication.areEqual(Array(given.utf8), Array(expected.utf8)) else {
            throw ServiceError(
                status: .forbidden, code: "userHash",
                message: "expected the HMAC-SHA256 of the user's id under the identity secret",
                field: "userHash")
        }
    }
}
