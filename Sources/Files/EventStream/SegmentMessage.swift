public import LimpetDocuments
public import LimpetEvents
import LimpetScoring

/// A converter of messages in the shape of Segment's tracking API, as its libraries send them and its exports
/// store them.
public enum SegmentMessage {
    /// The kinds of messages; each message becomes one event.
    public enum Kind: String, CaseIterable, Sendable {
        /// An event with a name of its own.
        case track
        /// The event `page`, with the page's name as the property `name`.
        case page
        /// The event `screen`, with the screen's name as the property `name`.
        case screen
        /// The event `identify`, with the user's traits as properties.
        case identify
        /// The event `group`, with the group's traits and `groupId` as properties.
        case group
        /// The event `alias`, with `previousId` as a property.
        case alias
    }

    /// The maximum number of properties of one message.
    public static let propertyLimit = 1_000
    /// The maximum number of values within the properties of one message, counting lists, objects and nulls.
    public static let valueLimit = 10_000
    /// The maximum length in bytes of an id, of an event's name, and of a property's name.
    public static let nameLimit = 1_024

    /// Converts a message to an event. The message's context becomes properties too, as
    /// `context.device.type`, except for the zone, the IP address and the library.
    ///
    /// The user is `userId`, else `anonymousId`; an empty id counts as absent. The time is `timestamp`, else
    /// `originalTimestamp`. Nested properties get names with dots, elements of lists
    /// with their index; nulls are left out; numbers keep their decimal text. The zone is the offset of
    /// `timestamp`, else the one that `context.timezone` has at that time.
    ///
    /// - Parameters:
    ///   - kind: the kind of the message, where the HTTP path says it; nil to read `type`.
    ///   - receivedAt: the time of a message that has none; nil to refuse such a message.
    ///   - zone: returns the rules of a time zone by its name in the tz database.
    /// - Throws: ``SegmentMessageError`` with the field and what was expected.
    public static func event(
        _ json: JSON, as kind: Kind? = nil, receivedAt: Timestamp? = nil, timeParser: TimeParser,
        zone: (String) -> TimeZoneRules?
    ) throws(SegmentMessageError) -> Event {
        guard json.members != nil else { throw SegmentMessageError(field: "", problem: "expected an object") }
        let kind = if let kind { kind } else { try self.kind(of: json) }
        var event = Event(
            user: try user(of: json), name: try eventName(of: json, kind: kind),
            time: Timestamp(milliseconds: 0), messageID: try identifier(json, "messageId"))
        try readTime(of: json, receivedAt: receivedAt, parser: timeParser, zone: zone, into: &event)
        event.properties = try properties(of: json, kind: kind)
        return event
    }

    /// A message of a batch.
    public struct Batched: Sendable {
        /// The message's place in the batch, e.g. `batch[2]`.
        public let place: String
        /// The message, with the context of the batch.
        public let json: JSON
    }

    /// Returns the messages of `{"batch": […]}`; nil when the document is no batch. A batch's `context`
    /// counts for each of its messages, but for the members that a message's own context has.
    ///
    /// - Throws: ``SegmentMessageError`` when `batch` is not a list, or a context not an object.
    public static func batch(_ json: JSON) throws(SegmentMessageError) -> [Batched]? {
        guard let batch = json["batch"] else { return nil }
        guard let messages = batch.array else {
            throw SegmentMessageError(field: "batch", problem: "expected a list of messages")
        }
        var shared: [JSONMember] = []
        switch json["context"] {
        case nil, .null: break
        case .object(let members): shared = members
        case let other:
            throw SegmentMessageError(field: "context", problem: "\(found(other)), expected an object")
        }
        return messages.enumerated().map { index, message in
            Batched(place: "batch[\(index)]", json: message.addingContext(shared))
        }
    }

    private static func kind(of json: JSON) throws(SegmentMessageError) -> Kind {
        let words = Kind.allCases.map(\.rawValue)
        guard let text = json["type"]?.text, let kind = Kind(rawValue: text) else {
            throw SegmentMessageError(
                field: "type",
                problem: "\(found(json["type"])), expected one of \(words.joined(separator: ", "))")
        }
        return kind
    }

    private static func user(of json: JSON) throws(SegmentMessageError) -> String {
        if let user = try identifier(json, "userId") { return user }
        if let user = try identifier(json, "anonymousId") { return user }
        throw SegmentMessageError(field: "userId", problem: "is missing; expected userId or anonymousId")
    }

    private static func eventName(of json: JSON, kind: Kind) throws(SegmentMessageError) -> String {
        guard kind == .track else { return kind.rawValue }
        guard let name = try identifier(json, "event") else {
            throw SegmentMessageError(field: "event", problem: "is missing; expected the event's name")
        }
        return name
    }

    /// A text that names something; whole numbers are taken as they are written. Null and the empty text
    /// name nothing, as libraries send them for an id that they do not have.
    private static func identifier(_ json: JSON, _ field: String) throws(SegmentMessageError) -> String? {
        let text: String
        switch json[field] {
        case nil, .null: return nil
        case .string(let string): text = string
        case .number(let number): text = number
        default: throw SegmentMessageError(field: field, problem: "\(found(json[field])), expected a text")
        }
        guard !text.isEmpty else { return nil }
        guard text.utf8.count <= nameLimit, !text.utf8.contains(0) else {
            throw SegmentMessageError(
                field: field,
                problem: "\(text.quoted), expected 1 to \(nameLimit) bytes without the character U+0000")
        }
        return text
    }

    private static func readTime(
        of json: JSON, receivedAt: Timestamp?, parser: TimeParser, zone: (String) -> TimeZoneRules?,
        into event: inout Event
    ) throws(SegmentMessageError) {
        let field = json["timestamp"]?.isAbsent ?? true ? "originalTimestamp" : "timestamp"
        let time = json[field]?.isAbsent ?? true ? nil : json[field]
        switch time {
        case nil:
            guard let receivedAt else {
                throw SegmentMessageError(
                    field: "timestamp", problem: "is missing; expected \(parser.expectation)")
            }
            event.time = receivedAt
        case .string(let text), .number(let text):
            guard let time = parser.parse(text) else {
                throw SegmentMessageError(
                    field: field, problem: "\(text.quoted), expected \(parser.expectation)")
            }
            event.time = time.timestamp
            event.zoneOffsetMinutes = time.zoneOffsetMinutes
        default:
            throw SegmentMessageError(
                field: field, problem: "\(found(time)), expected \(parser.expectation)")
        }
        guard event.zoneOffsetMinutes == nil, let name = json["context"]?["timezone"], name != .null else {
            return
        }
        guard let text = name.text, let rules = zone(text) else {
            throw SegmentMessageError(
                field: "context.timezone", problem: "\(found(name)), expected a zone like Europe/Amsterdam")
        }
        event.zoneOffsetMinutes = rules.offsetSeconds(at: event.time) / 60
    }

    private static func properties(of json: JSON, kind: Kind) throws(SegmentMessageError)
        -> VerbatimDictionary<String>
    {
        let field = kind == .identify || kind == .group ? "traits" : "properties"
        var flattening = PropertyFlattening()
        switch json[field] {
        case nil, .null: break
        case .object(let members):
            for member in members { try flattening.add(member.value, name: member.name, path: field) }
        default: throw SegmentMessageError(field: field, problem: "\(found(json[field])), expected an object")
        }
        if case .object(let members)? = json["context"] {
            for member in members where !contextLeftOut.contains(member.name) {
                try flattening.add(member.value, name: "context.\(member.name)", path: "context")
            }
        }
        for (source, name) in extraFields(of: kind) {
            if let text = try identifier(json, source) { flattening.properties[name] = text }
        }
        return flattening.properties
    }

    /// The members of a message's context that become no property: the zone is in the event's time, an IP
    /// address is personal data, and the library says nothing about the user.
    private static let contextLeftOut: VerbatimSet = ["timezone", "ip", "library"]

    /// Returns the fields of a kind, besides its properties, that become properties, with their names.
    private static func extraFields(of kind: Kind) -> [(source: String, property: String)] {
        switch kind {
        case .track, .identify: []
        case .page, .screen: [("name", "name"), ("category", "category")]
        case .group: [("groupId", "groupId")]
        case .alias: [("previousId", "previousId")]
        }
    }

    fileprivate static func found(_ json: JSON?) -> String {
        switch json {
        case nil: "is missing"
        case .string(let text): text.quoted
        case .object: "is an object"
        case .array: "is a list"
        case let value?: value.compact.quoted
        }
    }
}

extension JSON {
    /// True when the value says nothing: null or the empty text.
    fileprivate var isAbsent: Bool { self == .null || text == "" }

    /// Returns an object with the members of a context that its own context does not have.
    fileprivate func addingContext(_ shared: [JSONMember]) -> JSON {
        guard !shared.isEmpty, case .object(var members) = self else { return self }
        guard let place = members.firstIndex(where: { VerbatimText($0.name) == VerbatimText("context") })
        else {
            members.append(JSONMember(name: "context", value: .object(shared)))
            return .object(members)
        }
        switch members[place].value {
        case .null: members[place].value = .object(shared)
        case .object(let own):
            let names = Set(own.map { VerbatimText($0.name) })
            members[place].value = .object(own + shared.filter { !names.contains(VerbatimText($0.name)) })
        default: break
        }
        return .object(members)
    }
}

/// Nested properties, flattened to one level of names with dots.
private struct PropertyFlattening {
    var properties: VerbatimDictionary<String> = [:]
    private var valueCount = 0

    mutating func add(_ value: JSON, name: String, path: String) throws(SegmentMessageError) {
        try checkCost(name: name, path: path)
        switch value {
        case .null: return
        case .boolean(let value): try set(value ? "true" : "false", name: name, path: path)
        case .number(let text), .string(let text): try set(text, name: name, path: path)
        case .array(let values):
            for (index, value) in values.enumerated() { try add(value, name: "\(name).\(index)", path: path) }
        case .object(let members):
            for member in members { try add(member.value, name: "\(name).\(member.name)", path: path) }
        }
    }

    /// Counts each value before its nested names are built: a long name over a long list would otherwise be
    /// copied for every element, also for nulls, which become no property.
    private mutating func checkCost(name: String, path: String) throws(SegmentMessageError) {
        guard name.utf8.count <= SegmentMessage.nameLimit else {
            throw SegmentMessageError(
                field: path,
                problem: "the name \(name.quoted) is longer than \(SegmentMessage.nameLimit) bytes")
        }
        valueCount += 1
        guard valueCount <= SegmentMessage.valueLimit else {
            throw SegmentMessageError(
                field: path,
                problem: "more than \(SegmentMessage.valueLimit) values, with lists, objects and nulls")
        }
    }

    private mutating func set(_ text: String, name: String, path: String) throws(SegmentMessageError) {
        let field = name.begins(with: path + ".") ? name : "\(path).\(name)"
        guard properties.updateValue(text, forKey: name) == nil else {
            throw SegmentMessageError(field: field, problem: "occurs twice, once within another property")
        }
        guard properties.count <= SegmentMessage.propertyLimit else {
            throw SegmentMessageError(
                field: field, problem: "more than \(SegmentMessage.propertyLimit) properties")
        }
    }
}

/// An error about a message that is not in the shape of Segment's tracking API.
public struct SegmentMessageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The field, e.g. `context.timezone`; empty for the whole message.
    public let field: String
    /// The value found, and what was expected.
    public let problem: String

    /// Makes an error.
    public init(field: String, problem: String) {
        self.field = field
        self.problem = problem
    }

    /// The field and the problem.
    public var description: String { field.isEmpty ? problem : "\(field): \(problem)" }
}
