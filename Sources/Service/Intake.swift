import LimpetDecisions
import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetFiles
import LimpetNumerics
import LimpetScoring

/// A reader of requests into inputs of the decision loop, one message at a time.
struct Intake: Sendable {
    let amountProperties: [(name: String, decimals: Int)]
    /// The earliest plausible time of an event.
    let earliest: Timestamp
    let zone: @Sendable (String) -> TimeZoneRules?
    let secrets: ServiceSecrets
    /// Returns the record's profile of a delivery; nil where there is none.
    let owner: @Sendable (ReceiptID) -> UInt64?
    /// Returns true if the log that the database began with holds a message.
    let isInLog: @Sendable (String) -> Bool
    private let timeParser = TimeParser()

    init(
        policy: CompiledPolicy, earliest: Timestamp, zone: @escaping @Sendable (String) -> TimeZoneRules?,
        secrets: ServiceSecrets, owner: @escaping @Sendable (ReceiptID) -> UInt64?,
        isInLog: @escaping @Sendable (String) -> Bool
    ) {
        self.isInLog = isInLog
        amountProperties = policy.plan.amountProperties
        (self.earliest, self.zone, self.secrets, self.owner) = (earliest, zone, secrets, owner)
    }

    /// The moments of a request that all its messages share.
    struct Arrival {
        /// The time by the clock that the service follows.
        let now: Timestamp
        /// The time of sending that stands beside the messages; nil where there is none.
        var sent: Timestamp?
        /// True if the answer can hold an offer.
        var isAnswered: Bool
    }

    /// Reads one message; `kind` is the kind that the path of the request names.
    func event(
        _ json: JSON, as kind: SegmentMessage.Kind?, _ arrival: Arrival
    ) throws(ServiceError) -> IncomingEvent {
        var flags: IncomingEvent.Flags = []
        var json = json
        if let name = json["context"]?["timezone"], !name.isNothing, name.text.flatMap(zone) == nil {
            flags.insert(.unknownZone)
            json = json.withoutZone
        }
        var event = try segmentEvent(json, kind, arrival.now)
        guard !ReservedEvent.isReserved(event.name) else {
            throw .invalid("names that begin with $ are the service's own", field: "event")
        }
        let sent = try time(json, "sentAt") ?? arrival.sent
        let timing = EventTiming(timestamp: event.time, sent: sent, received: arrival.now)
        guard timing.time >= earliest else {
            throw .invalid(
                "\(timing.time) lies before \(earliest); is its unit another one?", field: "timestamp")
        }
        let ids = try Self.ids(of: json, kind: event.name)
        let message = hash(json, event, ids)
        let feedback = try feedback(event)
        if dropBadAmounts(&event) { flags.insert(.badAmount) }
        event.time = timing.time
        event.user = ""
        return IncomingEvent(
            ids: ids, event: event, message: message, zone: zoneName(json), originalTime: timing.original,
            flags: flags.union(timing.flags), consent: try Self.consent(json), feedback: feedback,
            isAnswered: arrival.isAnswered)
    }

    private func segmentEvent(
        _ json: JSON, _ kind: SegmentMessage.Kind?, _ now: Timestamp
    ) throws(ServiceError) -> Event {
        do {
            return try SegmentMessage.event(
                json, as: kind, receivedAt: now, timeParser: timeParser, zone: zone)
        } catch {
            throw .invalid(error.problem, field: error.field.isEmpty ? nil : error.field)
        }
    }

    /// Returns a time in a member; nil where there is none.
    func time(_ json: JSON, _ field: String) throws(ServiceError) -> Timestamp? {
        switch json[field] {
        case nil, .null: return nil
        case .string(let text), .number(let text):
            if let time = timeParser.parse(text) { return time.timestamp }
        default: break
        }
        throw .invalid("expected \(timeParser.expectation)", field: field)
    }

    private func zoneName(_ json: JSON) -> String? {
        json["context"]?["timezone"].flatMap { $0.isNothing ? nil : $0.text }
    }

    /// Removes texts where the model reads an amount; true if there was one.
    private func dropBadAmounts(_ event: inout Event) -> Bool {
        var isDropped = false
        for (name, decimals) in amountProperties {
            guard let text = event.properties[name], !text.isEmpty else { continue }
            guard ExactDecimal(text)?.units(decimals: decimals) == nil else { continue }
            event.properties[name] = nil
            isDropped = true
        }
        return isDropped
    }

    // MARK: Whose it is

    /// Returns the ids that a message or a question names, the known one first.
    static func ids(of json: JSON, kind: String = "") throws(ServiceError) -> [ProfileID] {
        var ids: [ProfileID] = []
        if let known = try id(json, "userId") { ids.append(.known(known)) }
        if let anonymous = try id(json, "anonymousId") { ids.append(.anonymous(anonymous)) }
        // An alias names the id of the device that the user is now known on.
        if kind == "alias", let previous = try id(json, "previousId"), ids.first?.kind == .known,
            !ids.contains(.anonymous(previous))
        {
            ids = [ids[0], .anonymous(previous)]
        }
        guard !ids.isEmpty else {
            throw .invalid("is missing; expected userId or anonymousId", field: "userId")
        }
        return ids
    }

    static func id(_ json: JSON, _ field: String) throws(ServiceError) -> String? {
        let text: String
        switch json[field] {
        case nil, .null: return nil
        case .string(let string): text = string
        case .number(let number): text = number
        default: throw .invalid("expected a text", field: field)
        }
        guard !text.isEmpty else { return nil }
        guard text.utf8.count <= SegmentMessage.nameLimit, !text.utf8.contains(0) else {
            throw .invalid(
                "expected 1 to \(SegmentMessage.nameLimit) bytes without the character U+0000", field: field)
        }
        return text
    }

    /// Returns the hashes of a message: of its id, and of all that a repetition must say again.
    private func hash(_ json: JSON, _ event: Event, _ ids: [ProfileID]) -> MessageHash? {
        guard let id = event.messageID else { return nil }
        let content = [
            event.name, ids.map { "\($0.kind.rawValue)\($0.text)" }.joined(separator: "\0"),
            (json["timestamp"] ?? json["originalTimestamp"])?.compact ?? "",
            (json["properties"] ?? json["traits"])?.compact ?? "",
        ].joined(separator: "\u{1}")
        return MessageHash(id: secrets.messages(id, kind: 0), content: secrets.messages(content, kind: 1))
    }

    /// Returns the hashes of a question's id; nil where it has none.
    func hash(requestID: String?) -> MessageHash? {
        requestID.map { MessageHash(id: secrets.messages($0, kind: 2), content: 0) }
    }

    // MARK: Statements and reactions

    /// Returns the statements about purposes in `context.consent.categoryPreferences`.
    private static func consent(_ json: JSON) throws(ServiceError) -> [IncomingEvent.Statement] {
        guard let preferences = json["context"]?["consent"]?["categoryPreferences"], !preferences.isNothing
        else { return [] }
        return try statements(preferences, field: "context.consent.categoryPreferences")
    }

    /// Returns statements by purpose.
    static func statements(_ json: JSON, field: String) throws(ServiceError) -> [IncomingEvent.Statement] {
        guard let members = json.members, members.count <= ConsentStatements.limit else {
            throw .invalid(
                "expected an object of at most \(ConsentStatements.limit) purposes with true or false",
                field: field)
        }
        var statements: [IncomingEvent.Statement] = []
        for member in members {
            guard case .boolean(let isGiven) = member.value, !member.name.isEmpty,
                member.name.utf8.count <= SegmentMessage.nameLimit
            else { throw .invalid("expected true or false", field: "\(field).\(member.name)") }
            statements.append(.init(member.name, isGiven))
        }
        return statements
    }

    /// Returns the reaction to a delivery that an event reports. Without a delivery's id the event is one as
    /// all others, as in the histories of other systems; with one, that must be ours.
    private func feedback(_ event: Event) throws(ServiceError) -> DeliveryFeedback? {
        guard let kind = DeliveryFeedback.Kind(event: event.name), let text = event.properties["delivery"]
        else {
            return nil
        }
        guard let named = DeliveryToken.receipt(named: text), let profile = owner(named),
            DeliveryToken.receipt(of: text, profile: profile, secret: secrets.delivery) != nil
        else {
            throw .invalid(
                "expected the id of a delivery, as the answer with the offer gave it",
                field: "properties.delivery")
        }
        return DeliveryFeedback(record: named.record, kind: kind)
    }
}

extension DeliveryFeedback.Kind {
    /// Returns the kind of feedback that an event of this name reports; nil for other events.
    fileprivate init?(event name: String) {
        if name.isVerbatim("offer_shown") {
            self = .shown
        } else if name.isVerbatim("offer_clicked") {
            self = .clicked
        } else if name.isVerbatim("offer_dismissed") {
            self = .dismissed
        } else {
            return nil
        }
    }
}

extension JSON {
    /// True for null and the empty text.
    var isNothing: Bool { self == .null || text == "" }

    /// The message without the name of a zone in its context.
    fileprivate var withoutZone: JSON {
        guard case .object(let members) = self else { return self }
        return .object(
            members.map { member in
                guard member.name.isVerbatim("context"), case .object(let context) = member.value else {
                    return member
                }
                return JSONMember(
                    name: member.name,
                    value: .object(context.filter { !$0.name.isVerbatim("timezone") }))
            })
    }
}
