import LimpetDocuments
import Hummingbird
import LimpetScoring
import LimpetStorage

/// An error response that says what is wrong with a request: `{"error": {"code", "message", "field"}, …}`.
struct ServiceError: Error {
    let status: HTTPResponse.Status
    let code: String
    let message: String
    var field: String?
    /// The value of the header `Allow`; nil where it is not sent.
    var allowed: String?

    /// Returns the error of an invalid request.
    static func invalid(_ message: String, field: String? = nil) -> ServiceError {
        ServiceError(status: .badRequest, code: "invalid", message: message, field: field)
    }

    static let unauthorized = ServiceError(
        status: .unauthorized, code: "unauthorized",
        message: "expected a key, as the user of basic authorization or as a bearer token")

    static let forbidden = ServiceError(
        status: .forbidden, code: "forbidden",
        message: "without keys only this machine's own programs and pages are served")

    static let overloaded = ServiceError(
        status: .tooManyRequests, code: "overloaded", message: "too much waits to be taken; try again later")

    static let unknownDecision = ServiceError(
        status: .notFound, code: "unknownDecision", message: "there is no receipt with this id", field: "id")

    static func unavailable(_ reason: String) -> ServiceError {
        ServiceError(status: .serviceUnavailable, code: "unavailable", message: reason)
    }

    static func methodNotAllowed(_ allowed: String) -> ServiceError {
        var error = ServiceError(
            status: .methodNotAllowed, code: "methodNotAllowed", message: "expected one of \(allowed)")
        error.allowed = allowed
        return error
    }

    static func badGzip(limit: Int) -> ServiceError {
        .invalid("expected a body in gzip of at most \(limit) bytes when unpacked")
    }

    static func tooLarge(limit: Int) -> ServiceError {
        ServiceError(
            status: .contentTooLarge, code: "tooLarge", message: "the body has more than \(limit) bytes")
    }

    static let unsupportedMediaType = ServiceError(
        status: .unsupportedMediaType, code: "unsupportedMediaType",
        message: "expected JSON, sent as application/json, as it is or in gzip")

    static func unknownUser(_ user: String) -> ServiceError {
        ServiceError(
            status: .notFound, code: "unknownUser", message: "nothing is known about this user",
            field: "userId")
    }

    /// Creates the response to an error of the store, which is worth a retry.
    init(_ error: StorageError) { self = .unavailable("\(error)") }

    init(_ error: DocumentError) {
        self = .invalid(error.problem, field: error.path.isEmpty ? nil : error.path)
    }

    init(status: HTTPResponse.Status, code: String, message: String, field: String? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.field = field
    }

    /// The error as one message of a batch is told.
    func rejection(of index: Int) -> JSON {
        .object([
            "index": .number(index), "code": .string(code), "field": field.map { .string($0) },
            "message": .string(message),
        ])
    }

    /// The response; code and message stand at the top too, where the libraries of others look for them.
    var response: Response {
        var response = Response.json(
            .object([
                "error": .object([
                    "code": .string(code), "message": .string(message), "field": field.map { .string($0) },
                ]),
                "code": .string(code), "message": .string(message),
            ]), status: status)
        if let allowed { response.headers[.allow] = allowed }
        if status == .tooManyRequests { response.headers[.retryAfter] = "1" }
        if status == .unauthorized { response.headers[.wwwAuthenticate] = "Basic realm=\"limpet\"" }
        if status == .serviceUnavailable { response.headers[.retryAfter] = "1" }
        return response
    }
}

extension Response {
    /// Returns a JSON response in one line.
    static func json(_ value: JSON, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: value.compact + "\n")))
    }
}
