import Hummingbird
import LimpetDocuments
import LimpetScoring
import LimpetStorage
import NIOCore

/// Turns every error into a JSON response, and counts responses.
struct ErrorMiddleware: RouterMiddleware {
    typealias Context = ServiceContext
    let bodyLimit: Int
    let counters: ServiceCounters

    @concurrent func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = serviceError(error, path: request.uri.path).response
        }
        counters.countResponse(status: response.status.code)
        return response
    }

    private func serviceError(_ error: any Error, path: String) -> ServiceError {
        switch error {
        case let error as ServiceError: return error
        case let error as StorageError: return ServiceError(error)
        case let error as DocumentError: return ServiceError(error)
        case is NIOTooManyBytesError: return .tooLarge(limit: bodyLimit)
        case let error as any HTTPResponseError:
            if error.status == .notFound, let allowed = Self.methods(of: path) {
                return .methodNotAllowed(allowed)
            }
            return ServiceError(
                status: error.status, code: error.status == .notFound ? "notFound" : "refused",
                message: error.status.reasonPhrase)
        default:
            return ServiceError(
                status: .internalServerError, code: "internal", message: "something went wrong")
        }
    }

    /// Returns the methods of a path; nil for a path that there is not.
    private static func methods(of path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return Routes.methods.first { route in
            let names = route.path.split(separator: "/", omittingEmptySubsequences: false)
            return names.count == parts.count
                && zip(names, parts).allSatisfy { $0 == "*" ? !$1.isEmpty : $0.isVerbatim($1) }
        }?.allowed
    }
}
