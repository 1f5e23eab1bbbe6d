import LimpetDocuments
import Hummingbird
import LimpetDecisions
import LimpetEvents
import LimpetFiles
import LimpetScoring
import LimpetStorage

/// The routes of the service and their handlers.
struct Routes: Sendable {
    typealias Context = BasicRequestContext
    let engine: Engine
    let store: EventStore
    let intake: Intake
    let configuration: ServiceConfiguration
    let counters: ServiceCounters

    var router: Router<Context> {
        let router = Router(context: Context.self)
        router.add(
            middleware: ErrorMiddleware(bodyLimit: configuration.bodyLimit, counters: counters))
        router.add(middleware: AccessMiddleware(writeKey: configuration.writeKey))
        for kind in SegmentMessage.Kind.allCases {
            router.post("/v1/\(kind.rawValue)") { request, _ in try await take(request, as: kind) }
        }
        router.post("/v1/batch") { request, _ in try await takeBatch(request) }
        router.post("/v1/decide") { request, _ in try await decide(request) }
        router.post("/v1/score") { request, _ in try await score(request) }
        router.get("/v1/users/:id") { _, context in try await user(inPath: context.parameters.require("id")) }
        router.get("/metrics") { _, _ in await metrics() }
        router.get("/health/live") { _, _ in Response.json(.object(["status": .string("live")])) }
        router.get("/health/ready") { _, _ in try await ready() }
        return router
    }

    // MARK: - Intake

    private func take(_ request: Request, as kind: SegmentMessage.Kind) async throws -> Response {
        let json = try await body(of: request)
        let now = configuration.now()
        let duplicates = try await append([intake.event(json, as: kind, now: now)], now: now)
        return .json(.object(["success": .boolean(true), "duplicate": .boolean(duplicates > 0)]))
    }

    private func takeBatch(_ request: Request) async throws -> Response {
        let json = try await body(of: request)
        let now = configuration.now()
        let events = try intake.events(inBatch: json, now: now)
        let duplicates = try await append(events, now: now)
        return .json(
            .object([
                "success": .boolean(true), "accepted": .number(events.count - duplicates),
                "duplicates": .number(duplicates),
            ]))
    }

    /// Stores events and returns the number of duplicates, once they are on disk and in the users' states.
    private func append(_ events: [Event], now: Timestamp) async throws -> Int {
        let admissions = try await store.append(engine.unknown(events), receivedAt: now)
        let accepted = admissions.count { $0 != .duplicate }
        let duplicates = events.count - accepted
        counters.countEvents(accepted: accepted, duplicates: duplicates)
        return duplicates
    }

    // MARK: - Decisions and scores

    private func decide(_ request: Request) async throws -> Response {
        let start = ContinuousClock.now
        let node = DocumentNode(try await body(of: request))
        try node.allowOnly(["userId", "anonymousId", "placement"])
        let user = try node.user()
        let placement = try node.optional("placement")?.string()
        let (receipt, seq) = await engine.decide(user, placement: placement, now: configuration.now())
        guard let receipt else {
            throw ServiceError(
                status: .internalServerError, code: "internal", message: "no decision was made")
        }
        do {
            try await store.append(receipt, afterEvent: seq)
        } catch {
            await engine.withdraw(receipt)
            throw error
        }
        counters.countDecision(outcome: receipt.outcome.name, duration: start.duration(to: .now))
        return .json(answer(receipt))
    }

    private func answer(_ receipt: Receipt) -> JSON {
        var shown: Policy.Offer?
        if case .offer(let id) = receipt.outcome {
            shown = engine.core.policy.offers.first { $0.id.isVerbatim(id) }
        }
        return .object([
            "offer": shown.map { offer in
                .object([
                    "id": .string(offer.id), "title": .string(offer.title),
                    "body": offer.body.map { .string($0) },
                ])
            } ?? .null,
            "probability": receipt.score.map { .number($0.probability) } ?? .null,
            "logOdds": receipt.score.map { .number($0.logOdds) } ?? .null,
            "reasons": .array(receipt.reasons.map(\.receiptDocument)), "receipt": receipt.document,
        ])
    }

    private func score(_ request: Request) async throws -> Response {
        let node = DocumentNode(try await body(of: request))
        try node.allowOnly(["userId", "anonymousId", "at"])
        let user = try node.user()
        let time = try node.optional("at")?.time() ?? configuration.now()
        guard let profile = await engine.profile(of: user, at: time) else {
            throw ServiceError.unknownUser(user)
        }
        return .json(profile.scoreDocument)
    }

    private func user(inPath component: String) async throws -> Response {
        guard let user = PercentEncoding.decode(component) else {
            throw ServiceError.invalid("the user's id in the path is not valid UTF-8 in percent encoding")
        }
        guard let profile = await engine.profile(of: user, at: configuration.now()) else {
            throw ServiceError.unknownUser(user)
        }
        return .json(profile.document)
    }

    /// Responds whether events can be stored: after a failed write only once another has succeeded.
    private func ready() async throws -> Response {
        try await store.checkWritable()
        return .json(.object(["status": .string("ready")]))
    }

    private func metrics() async -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: counters.text(users: await engine.userCount))))
    }

    // MARK: - Bodies

    /// The content types under which JSON is accepted: browsers send `text/plain` without a preflight
    /// request, and curl names a form by default.
    private static let contentTypes = [
        "application/json", "text/plain", "application/x-www-form-urlencoded",
    ]

    /// Returns the JSON of a request's body.
    private func body(of request: Request) async throws -> JSON {
        let type = request.headers[.contentType].map { $0.prefix { $0 != ";" && $0 != " " }.lowercased() }
        guard type.map(Self.contentTypes.contains) ?? true,
            request.headers[.contentEncoding].map({ $0 == "identity" }) ?? true
        else { throw ServiceError.unsupportedMediaType }
        let buffer = try await request.body.collect(upTo: configuration.bodyLimit)
        return try Self.json(Array(buffer.readableBytesView))
    }
}

extension Routes {
    fileprivate static func json(_ bytes: [UInt8]) throws(ServiceError) -> JSON {
        do { return try JSONReader.read(bytes[...]) } catch { throw .invalid("\(error)") }
    }
}

extension DocumentNode {
    /// Returns the member `userId`, else `anonymousId`.
    fileprivate func user() throws(DocumentError) -> String {
        let anonymous = try optional("anonymousId")
        let node = if let user = try optional("userId") { user } else { anonymous }
        guard let node else { throw try required("userId").error("is missing") }
        let user = if let number = node.value.integer { String(number) } else { try node.string() }
        guard !user.isEmpty, user.utf8.count <= SegmentMessage.nameLimit, !user.utf8.contains(0) else {
            throw node.error("expected 1 to \(SegmentMessage.nameLimit) bytes without the character U+0000")
        }
        return user
    }

    /// Returns a time in the formats that events use.
    fileprivate func time() throws(DocumentError) -> Timestamp {
        let parser = TimeParser()
        let text = if case .number(let number) = value { number } else { try string() }
        guard let time = parser.parse(text) else { throw error("expected \(parser.expectation)") }
        return time.timestamp
    }
}
