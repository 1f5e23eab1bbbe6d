import LimpetFeatures
public import LimpetDocuments
import LimpetEvents
import LimpetScoring

extension Condition {
    /// The maximum depth of nested conditions.
    public static let depthLimit = 16
    /// The maximum number of conditions in one `all` or `any`.
    public static let partLimit = 100

    static let kinds = [
        "all", "any", "not", "score", "scoreChange", "event", "elapsed", "inactive", "dwell", "feature",
        "property", "device", "country", "timeOfDay", "weekday",
    ]

    /// The property of events that holds the type of the user's device.
    public static let deviceProperty = "context.device.type"
    /// The property of events that holds the user's country.
    public static let countryProperty = "context.location.country"

    /// Reads a condition: an object with exactly one of `all`, `any`, `not`, `score`, `event`, `feature`, ….
    ///
    /// - Throws: `DocumentError` with the path of the invalid value.
    public init(_ node: DocumentNode) throws(DocumentError) {
        try self.init(node, depth: 0)
    }

    init(_ node: DocumentNode, depth: Int) throws(DocumentError) {
        let (kind, content) = try node.onlyMember(of: Self.kinds, depth: depth)
        switch kind {
        case "all": self = .all(try Self.parts(content, depth: depth))
        case "any": self = .any(try Self.parts(content, depth: depth))
        case "not": self = .not(try Condition(content, depth: depth + 1))
        default: try self.init(leaf: kind, content)
        }
    }

    /// Reads a condition that is not composed of others.
    init(leaf kind: String, _ content: DocumentNode) throws(DocumentError) {
        switch kind {
        case "score": self = try Self.score(content)
        case "scoreChange": self = try Self.scoreChange(content)
        case "event": self = .event(try EventCount(content))
        case "elapsed": self = try Self.elapsed(content)
        case "inactive": self = .elapsed(.any, SpanBounds(atLeast: try content.span()))
        case "dwell": self = try Self.dwell(content)
        case "feature": self = try Self.feature(content)
        case "property": self = try Self.property(content)
        case "device": self = .latest(Self.deviceProperty, try content.plainTexts())
        case "country": self = .latest(Self.countryProperty, try content.plainTexts())
        case "timeOfDay": self = .timeOfDay(try content.civilPeriod())
        default: self = .weekday(try Self.weekdays(content))
        }
    }

    private static func latest(_ property: String, _ texts: [String]) -> Condition {
        .property(name: property, of: .any, within: nil, texts: texts)
    }

    private static func parts(_ node: DocumentNode, depth: Int) throws(DocumentError) -> [Condition] {
        try node.parts { element throws(DocumentError) in try Condition(element, depth: depth + 1) }
    }

    private static func score(_ node: DocumentNode) throws(DocumentError) -> Condition {
        if let text = node.value.text {
            guard text.isVerbatim("threshold") else {
                throw node.error("expected bounds, or the word threshold for the one that the model ships")
            }
            return .threshold
        }
        guard let until = try node.optional("until") else { return .score(try probability(node)) }
        try node.allowOnly(["atLeast", "until"])
        let atLeast = try node.required("atLeast")
        let (upper, lower) = (try atLeast.double(), try until.double())
        guard (0...1).contains(upper), (0...upper).contains(lower) else {
            throw until.error("expected 0 to \(upper), below which the level ends")
        }
        return .scoreLevel(atLeast: upper, until: lower)
    }

    private static func probability(_ node: DocumentNode) throws(DocumentError) -> Bounds {
        try node.allowOnly(Bounds.keys)
        let bounds = try Bounds(node)
        guard bounds.limits.allSatisfy({ (0...1).contains($0) }) else {
            throw node.error("the score is a probability; its bounds lie from 0 to 1")
        }
        return bounds
    }

    private static func scoreChange(_ node: DocumentNode) throws(DocumentError) -> Condition {
        try node.allowOnly(["within"] + Bounds.keys)
        return .scoreChange(within: try node.required("within").span(), try Bounds(node))
    }

    private static func elapsed(_ node: DocumentNode) throws(DocumentError) -> Condition {
        try node.allowOnly(["event", "where", "atLeast", "below"])
        return .elapsed(try EventSelection(members: node), try SpanBounds(node))
    }

    private static func dwell(_ node: DocumentNode) throws(DocumentError) -> Condition {
        try node.allowOnly(["event", "where", "within", "atLeast", "below"])
        return .dwell(
            try EventSelection(members: node), within: try node.optional("within")?.span(),
            try SpanBounds(node))
    }

    private static func feature(_ node: DocumentNode) throws(DocumentError) -> Condition {
        try node.allowOnly(["name", "is"] + Bounds.keys)
        let name = try node.required("name").string()
        guard let texts = try node.optional("is") else { return .feature(name: name, try Bounds(node)) }
        try node.allowOnly(["name", "is"])
        return .category(name: name, texts: try texts.plainTexts())
    }

    private static func property(_ node: DocumentNode) throws(DocumentError) -> Condition {
        try node.allowOnly(["event", "name", "is", "within"])
        return .property(
            name: try node.required("name").string(), of: try EventPattern(node.optional("event")),
            within: try node.optional("within")?.span(), texts: try node.required("is").plainTexts())
    }

    private static func weekdays(_ node: DocumentNode) throws(DocumentError) -> [Int] {
        var days: Set<Int> = []
        for name in try node.strings() {
            guard let day = EventConditions.weekdayNames.firstIndex(verbatim: name) else {
                throw node.error("expected days of \(EventConditions.weekdayNames.joined(separator: ", "))")
            }
            days.insert(day)
        }
        guard !days.isEmpty else { throw node.error("expected at least one day") }
        return days.sorted()
    }
}

extension EventCount {
    /// Reads a count: `name`, `where`, `within`, `since` and bounds.
    init(_ node: DocumentNode) throws(DocumentError) {
        try node.allowOnly(["name", "where", "within", "since"] + Bounds.keys)
        let hasBounds = Bounds.keys.contains { node.value[$0] != nil }
        self.init(
            EventSelection(
                try EventPattern(node.required("name")),
                tests: try EventSelection.tests(node.optional("where"))),
            within: try node.optional("within")?.span(),
            since: try node.optional("since").map { since throws(DocumentError) in try EventSelection(since)
            },
            bounds: hasBounds ? try Bounds(node) : Bounds(atLeast: 1))
    }

    var members: [JSONMember] {
        [JSONMember(name: "name", value: events.events.document)] + events.whereMembers
            + within.members("within")
            + (since.map { [JSONMember(name: "since", value: $0.document)] } ?? []) + bounds.members
    }
}

extension EventSelection {
    /// Reads the members `event` and `where` of a condition.
    init(members node: DocumentNode) throws(DocumentError) {
        self.init(try EventPattern(node.optional("event")), tests: try Self.tests(node.optional("where")))
    }
}

extension SpanBounds {
    init(_ node: DocumentNode) throws(DocumentError) {
        self.init(atLeast: try node.optional("atLeast")?.span(), below: try node.optional("below")?.span())
        guard atLeast != nil || below != nil else { throw node.error("expected atLeast or below") }
    }

    var members: [JSONMember] { atLeast.members("atLeast") + below.members("below") }
}

extension DocumentNode {
    /// Returns the only member of an object that has one of some kinds.
    func onlyMember(of kinds: [String], depth: Int) throws(DocumentError) -> (String, DocumentNode) {
        try allowOnly(kinds)
        guard depth < Condition.depthLimit else {
            throw error("more than \(Condition.depthLimit) conditions within each other")
        }
        let members = try namedMembers()
        guard members.count == 1, let member = members.first else {
            throw error("expected exactly one of \(kinds.joined(separator: ", "))")
        }
        return (member.name, member.node)
    }

    /// Reads the parts of a composed condition.
    func parts<Part>(_ read: (DocumentNode) throws(DocumentError) -> Part) throws(DocumentError) -> [Part] {
        var parts: [Part] = []
        for element in try elements(limit: Condition.partLimit) { parts.append(try read(element)) }
        guard !parts.isEmpty else { throw error("expected at least one condition") }
        return parts
    }
}

extension Condition {
    /// The condition as a document, with the defaults written out.
    public var document: JSON {
        switch self {
        case .all(let parts): .object(["all": .array(parts.map(\.document))])
        case .any(let parts): .object(["any": .array(parts.map(\.document))])
        case .not(let part): .object(["not": part.document])
        case .score(let bounds): .object(["score": .object(bounds.members)])
        case .threshold: .object(["score": .string("threshold")])
        case .scoreLevel(let atLeast, let until):
            .object(["score": .object(["atLeast": .number(atLeast), "until": .number(until)])])
        case .scoreChange(let within, let bounds):
            .object([
                "scoreChange": .object(
                    [JSONMember(name: "within", value: .string(within.description))] + bounds.members)
            ])
        case .event(let count): .object(["event": .object(count.members)])
        case .elapsed(let events, let bounds): .object(["elapsed": .object(events.members + bounds.members)])
        case .dwell(let events, let within, let bounds):
            .object(["dwell": .object(events.members + within.members("within") + bounds.members)])
        case .feature(let name, let bounds):
            .object([
                "feature": .object([JSONMember(name: "name", value: .string(name))] + bounds.members)
            ])
        case .category(let name, let texts):
            .object(["feature": .object(["name": .string(name), "is": .list(texts)])])
        case .property(let name, let pattern, let within, let texts):
            .object([
                "property": .object(
                    [
                        JSONMember(name: "event", value: pattern.document),
                        JSONMember(name: "name", value: .string(name)),
                        JSONMember(name: "is", value: .list(texts)),
                    ] + within.members("within"))
            ])
        case .timeOfDay(let period): .object(["timeOfDay": .string(period.description)])
        case .weekday(let days):
            .object(["weekday": .list(days.map(EventConditions.weekdayName))])
        }
    }
}

extension JSON {
    /// A list of texts.
    static func list(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
}
