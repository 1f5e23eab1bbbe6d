import Hummingbird
import LimpetDecisions
import LimpetDocuments
import LimpetEvents
import LimpetFiles
import LimpetScoring
import LimpetSequencing
import LimpetStorage
import NIOCore

/// The routes of the service and their handlers.
struct Routes: Sendable {
    typealias Context = ServiceContext
    let core: ServiceCore
    let intake: Intake
    let configuration: ServiceConfiguration
    let counters: ServiceCounters

    var router: Router<Context> {
        let router = Router(context: Context.self)
        router.add(
            middleware: ErrorMiddleware(bodyLimit: configuration.bodyLimit, counters: counters))
        router.add(middleware: AccessMiddleware(configuration.keys))
        for kind in SegmentMessage.Kind.allCases {
            router.post("/v1/\(kind.rawValue)") { request, context in
                try await take(request, context, as: kind)
            }
        }
        router.post("/v1/batch") { request, context in try await takeBatch(request, context) }
        router.post("/v1/consent") { request, context in try await takeConsent(request, context) }
        router.post("/v1/decide") { request, context in try await decide(request, context) }
        router.post("/v1/score") { request, context in try await score(request, context) }
        addUsers(to: router)
        addAdministration(to: router)
        router.get("/metrics") { _, context in
            try context.require(.admin)
            return metrics()
        }
        router.get("/health/live") { _, _ in Response.json(.object(["status": .string("live")])) }
        router.get("/health/ready") { _, _ in try await ready() }
        return router
    }

    /// The methods of each path, with `*` for a part that names something.
    static let methods: [(path: String, allowed: String)] =
        SegmentMessage.Kind.allCases.map { ("/v1/\($0.rawValue)", "POST") } + [
            ("/v1/batch", "POST"), ("/v1/consent", "POST"), ("/v1/decide", "POST"), ("/v1/score", "POST"),
            ("/v1/decisions/*", "GET"), ("/v1/users/*", "GET, DELETE"), ("/v1/users/*/decisions", "GET"),
            ("/v1/users/*/export", "GET"), ("/v1/admin/silence", "GET, POST"),
            ("/v1/admin/clock", "GET, POST"), ("/v1/admin/merge", "POST"), ("/v1/admin/erasures", "GET"),
            ("/metrics", "GET"), ("/health/live", "GET"), ("/health/ready", "GET"),
        ]

    // MARK: - Intake

    private func arrival(isAnswered: Bool) -> Intake.Arrival {
        Intake.Arrival(now: configuration.now(), isAnswered: isAnswered)
    }

    private func take(
        _ request: Request, _ context: Context, as kind: SegmentMessage.Kind
    ) async throws -> Response {
        let (json, bytes) = try await body(of: request)
        let event = try intake.event(json, as: kind, arrival(isAnswered: true))
        try configuration.keys.checkIdentity(json, event.ids, context.role, joins: true)
        let start = ContinuousClock.now
        let isKnown = event.event.messageID.map(intake.isInLog) ?? false
        if isKnown { counters.countDuplicates(1) }
        let answers = isKnown ? [] : try await core.take(.inputs([.event(event)]), bytes: bytes)
        let writer = AnswerWriter(core: core, seesDecisions: context.role >= .server)
        let parts = try answers.first.map { try writer.parts($0) } ?? AnswerWriter.Parts(isDuplicate: isKnown)
        counters.countEvents(answers)
        count(parts, since: start)
        let members = [
            JSONMember(name: "success", value: .boolean(true)),
            JSONMember(name: "duplicate", value: .boolean(parts.isDuplicate)),
        ]
        return .json(.object(members + (try writer.members(parts))))
    }

    private func takeBatch(_ request: Request, _ context: Context) async throws -> Response {
        let (json, bytes) = try await body(of: request)
        let messages: [SegmentMessage.Batched]
        do { messages = try SegmentMessage.batch(json) ?? [] } catch {
            throw ServiceError.invalid(error.problem, field: error.field)
        }
        guard json["batch"] != nil else {
            throw ServiceError.invalid("expected a list of messages", field: "batch")
        }
        var arrival = arrival(isAnswered: false)
        arrival.sent = try intake.time(json, "sentAt")
        var (inputs, rejected, known): ([ProfileInput], [JSON], Int) = ([], [], 0)
        for (index, message) in messages.enumerated() {
            do throws(ServiceError) {
                let event = try intake.event(message.json, as: nil, arrival)
                try configuration.keys.checkIdentity(message.json, event.ids, context.role, joins: true)
                if event.event.messageID.map(intake.isInLog) ?? false {
                    known += 1
                } else {
                    inputs.append(.event(event))
                }
            } catch {
                rejected.append(error.rejection(of: index))
            }
        }
        let answers = inputs.isEmpty ? [] : try await core.take(.inputs(inputs), bytes: bytes)
        let counts = counters.countEvents(answers)
        counters.countRejected(rejected.count)
        counters.countDuplicates(known)
        return .json(
            .object([
                "success": .boolean(true), "accepted": .number(counts.accepted),
                "duplicates": .number(counts.duplicates + known), "rejected": .array(rejected),
            ]))
    }

    private func takeConsent(_ request: Request, _ context: Context) async throws -> Response {
        let (json, bytes) = try await body(of: request)
        try DocumentNode(json).allowOnly([
            "userId", "anonymousId", "userHash", "purposes", "objection", "messageId",
        ])
        let ids = try Intake.ids(of: json)
        try configuration.keys.checkIdentity(json, ids, context.role, joins: true)
        let purposes = json["purposes"] ?? .object([])
        var event = IncomingEvent(
            ids: ids, event: Event(user: "", name: ReservedEvent.consent, time: configuration.now()),
            flags: .own, consent: try Intake.statements(purposes, field: "purposes"), isAnswered: false)
        if json["objection"] == .boolean(true) { event.event.name = ReservedEvent.objection }
        if event.event.name == ReservedEvent.consent, event.consent.isEmpty {
            throw ServiceError.invalid("expected at least one purpose, or objection: true", field: "purposes")
        }
        event.message = intake.hash(requestID: try Intake.id(json, "messageId"))
        _ = try await core.take(.inputs([.event(event)]), bytes: bytes)
        return .json(.object(["success": .boolean(true)]))
    }

    // MARK: - Decisions and scores

    private func decide(_ request: Request, _ context: Context) async throws -> Response {
        let start = ContinuousClock.now
        let (json, bytes) = try await body(of: request)
        let node = DocumentNode(json)
        try node.allowOnly(["userId", "anonymousId", "placement", "requestId", "userHash"])
        let ids = try Intake.ids(of: json)
        try configuration.keys.checkIdentity(json, ids, context.role, joins: false)
        let question = OfferQuestion(
            ids: ids, placement: try node.optional("placement")?.string(),
            request: intake.hash(requestID: try Intake.id(json, "requestId")))
        let answers = try await core.take(.inputs([.ask(question)]), bytes: bytes)
        let writer = AnswerWriter(core: core, seesDecisions: context.role >= .server)
        let parts = try answers.first.map { try writer.parts($0) } ?? AnswerWriter.Parts()
        count(parts, since: start)
        return .json(.object(try writer.members(parts)))
    }

    private func count(_ parts: AnswerWriter.Parts, since start: ContinuousClock.Instant) {
        guard let receipt = parts.receipt.flatMap({ parts.record?.receipts[$0] }) else { return }
        counters.countDecision(outcome: receipt.outcomeName, duration: start.duration(to: .now))
    }

    private func score(_ request: Request, _ context: Context) async throws -> Response {
        try context.require(.server)
        let (json, _) = try await body(of: request)
        try DocumentNode(json).allowOnly(["userId", "anonymousId", "at"])
        let id = try Intake.ids(of: json)[0]
        let time = try intake.time(json, "at") ?? configuration.now()
        let view = try await core.look { (state) throws(StorageError) in
            try state.store.profile(id).map { state.sequencer.view($0, at: time) }
        }
        guard let view else { throw ServiceError.unknownUser(id.text) }
        return .json(view.scoreDocument(id.text))
    }

    /// Responds whether events can be stored: after a group that was not, only once the disk takes writes.
    private func ready() async throws -> Response {
        guard case .ready = core.state else { throw core.notReady }
        if core.loop.current.hasFailed { try await core.probe() }
        return .json(.object(["status": .string("ready")]))
    }

    private func metrics() -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: counters.text(core.loop.current))))
    }

    // MARK: - Bodies

    /// The content types under which JSON is accepted: browsers send `text/plain` without a preflight
    /// request, and curl names a form by default.
    private static let contentTypes: VerbatimSet = [
        "application/json", "text/plain", "application/x-www-form-urlencoded",
    ]

    /// Returns the JSON of a request's body, and the bytes that were sent or unpacked.
    func body(of request: Request) async throws -> (json: JSON, bytes: Int) {
        let type = request.headers[.contentType].map { $0.prefix { $0 != ";" && $0 != " " }.lowercased() }
        guard type.map(Self.contentTypes.contains) ?? true else { throw ServiceError.unsupportedMediaType }
        var bytes = try await sentBytes(of: request)
        switch request.headers[.contentEncoding]?.lowercased() {
        case nil, "identity": break
        case "gzip":
            guard let unpacked = GzipUnpacker.unpacked(bytes, limit: configuration.bodyLimit) else {
                throw ServiceError.badGzip(limit: configuration.bodyLimit)
            }
            bytes = unpacked
        default: throw ServiceError.unsupportedMediaType
        }
        do { return (try JSONReader.read(bytes[...]), bytes.count) } catch {
            throw ServiceError.invalid("\(error)")
        }
    }

    private func sentBytes(of request: Request) async throws -> [UInt8] {
        do {
            let buffer = try await request.body.collect(upTo: configuration.bodyLimit)
            return Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw ServiceError.tooLarge(limit: configuration.bodyLimit)
        } catch {
            throw ServiceError.invalid("the body cannot be read: it ended early, or its chunks are wrong")
        }
    }
}
