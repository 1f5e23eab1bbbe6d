import LimpetDocuments
import Hummingbird
import LimpetScoring
import LimpetStorage
import NIOCore

/// Turns every error into a JSON response, and counts responses.
struct ErrorMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext
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
            response = serviceError(error).response
        }
        counters.countResponse(status: response.status.code)
        return response
    }

    private func serviceError(_ error: any Error) -> ServiceError {
        switch error {
        case let error as ServiceError: error
        case let error as StorageError: ServiceError(error)
        case let error as DocumentError: ServiceError(error)
        case is NIOTooManyBytesError: .tooLarge(limit: bodyLimit)
        case let error as any HTTPResponseError:
            ServiceError(
                status: error.status, code: error.status == .notFound ? "notFound" : "refused",
                message: error.status.reasonPhrase)
        default: ServiceError(status: .internalServerError, code: "internal", message: "something went wrong")
        }
    }
}
