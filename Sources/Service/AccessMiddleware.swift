import Hummingbird
import LimpetDecisions
import LimpetDocuments
import LimpetScoring

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Finds the role of a request by its key.
///
/// Without keys the service listens on this machine alone; then requests of other sites' pages are refused,
/// which a browser on this machine could otherwise send.
struct AccessMiddleware: RouterMiddleware {
    typealias Context = ServiceContext
    private let keys: AccessKeys

    init(_ keys: AccessKeys) { self.keys = keys }

    @concurrent func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        if request.uri.path.begins(with: "/health/") { return try await next(request, context) }
        var context = context
        if keys.areMissing {
            let isLocal = request.head.authority.map(Loopback.isAuthority) ?? true
            let isOwnPage = request.headers[.origin].map(Loopback.isOrigin) ?? true
            guard isLocal, isOwnPage else { throw ServiceError.forbidden }
            context.role = .admin
        } else {
            guard let role = Self.key(in: request).flatMap(keys.role) else { throw ServiceError.unauthorized }
            context.role = role
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
