import LimpetDocuments
import LimpetNumerics
import Hummingbird
import LimpetDecisions
import LimpetScoring

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Authorises requests by the write key.
///
/// Without a key the service listens on this machine alone; then requests of other sites' pages are refused,
/// which a browser on this machine could otherwise send.
struct AccessMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext
    private let keyHash: [UInt8]?

    init(writeKey: String?) {
        keyHash = writeKey.map { SHA256.hash(Array($0.utf8)) }
    }

    @concurrent func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        if request.uri.path.begins(with: "/health/") { return try await next(request, context) }
        if let keyHash {
            guard let key = Self.key(in: request),
                MessageAuthentication.areEqual(SHA256.hash(Array(key.utf8)), keyHash)
            else {
                throw ServiceError.unauthorized
            }
        } else {
            let isLocal = request.head.authority.map(Loopback.isAuthority) ?? true
            let isOwnPage = request.headers[.origin].map(Loopback.isOrigin) ?? true
            guard isLocal, isOwnPage else { throw ServiceError.forbidden }
        }
        return try await next(request, context)
    }

    /// Returns the key of `Basic base64(key:)`, as Segment's libraries send it, or of `Bearer key`.
    private static func key(in request: Request) -> String? {
        guard let header = request.headers[.authorization], let space = header.firstIndex(of: " ") else {
            return nil
        }
        let value = header[header.index(after: space)...].drop { $0 == " " }
        switch header[..<space].lowercased() {
        case "bearer": return String(value)
        case "basic":
            guard let data = Data(base64Encoded: String(value)),
                let text = String(validating: data, as: UTF8.self)
            else { return nil }
            return String(text.prefix { $0 != ":" })
        default: return nil
        }
    }
}
