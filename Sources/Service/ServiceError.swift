import LimpetDocuments
import Hummingbird
import LimpetScoring
import LimpetStorage

/// An error response that says what is wrong with a request: `{"error": {"code", "message", "field"}}`.
struct ServiceError: Error {
    let status: HTTPResponse.Status
    let code: String
    let message: String
    var field: String?

    /// Returns the error of an invalid request.
    static func invalid(_ message: String, field: String? = nil) -> ServiceError {
        ServiceError(status: .badRequest, code: "invalid", message: message, field: field)
    }

    static let unauthorized = ServiceError(
        status: .unauthorized, code: "unauthorized",
        message: "expected the write key, as the user of basic authorization or as a bearer token")

    static let forbidden = ServiceError(
        status: .forbidden, code: "forbidden",
        message: "without a write key only this machine's own programs and pages are served")

    static func tooLarge(limit: Int) -> ServiceError {
        ServiceError(
            status: .contentTooLarge, code: "tooLarge", message: "the body has more than \(limit) bytes")
    }

    static let unsupportedMediaType = ServiceError(
        status: .unsupportedMediaType, code: "unsupportedMediaType",
        message: "expected JSON, sent as application/json and not compressed")

    static func unknownUser(_ user: String) -> ServiceError {
        ServiceError(
            status: .notFound, code: "unknownUser", message: "nothing is known about this user",
            field: "userId")
    }

    /// Creates the response to an error of the store: the sender's error where a text cannot be stored, else
    /// one that is worth a retry.
    init(_ error: StorageError) {
        if case .nullCharacter(let field) = error {
            self = .invalid("\(error)", field: field)
        } else {
            self.init(status: .serviceUnavailable, code: "unavailable", message: "\(error)")
        }
    }

    init(_ error: DocumentError) {
        self = .invalid(error.problem, field: error.path.isEmpty ? nil : error.path)
    }

    init(status: HTTPResponse.Status, code: String, message: String, field: String? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.field = field
    }

    var response: Response {
        var response = Response.json(
            .object([
                "error": .object([
                    "code": .string(code), "message": .string(message), "field": field.map { .string($0) },
                ])
            ]), status: status)
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
