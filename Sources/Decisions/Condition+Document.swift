import LimpetFeatures
public import LimpetDocuments
import LimpetEvents
import LimpetScoring

extension Condition {
    /// The maximum depth of nested conditions.
    public static let depthLimit = 16
    /// The maximum number of conditions in one `all` or `any`.
    public static let partLimit = 100

    private static let kinds = ["all", "any", "not", "score", "event", "feature", "property"]

    /// Reads a condition: an object with exactly one of `all`, `any`, `not`, `score`, `event`, `feature`,
    /// `property`.
    ///
    /// - Throws: `DocumentError` with the path of the invalid value.
    public init(_ node: DocumentNode) throws(DocumentError) {
        try self.init(node, depth: 0)
    }

    private init(_ node: DocumentNode, depth: Int) throws(DocumentError) {
        try node.allowOnly(Self.kinds)
        guard depth < Self.depthLimit else {
            throw node.error("more than \(Self.depthLimit) conditions within each other")
        }
        let members = try node.namedMembers()
        guard members.count == 1, let (kind, content) = members.first else {
            throw node.error("expected exactly one of \(Self.kinds.joined(separator: ", "))")
        }
        switch kind {
        case "all": self = .all(try Self.parts(content, depth: depth))
        case "any": self = .any(try Self.parts(content, depth: depth))
        case "not": self = .not(try Condition(content, depth: depth + 1))
        case "score": self = .score(try Self.scoreBounds(content))
        case "event": self = try Self.event(content)
        case "feature": self = try Self.feature(content)
        default: self = try Self.property(content)
        }
    }

    private static func parts(_ node: DocumentNode, depth: Int) throws(DocumentError) -> [Condition] {
        var parts: [Condition] = []
        for element in try node.elements(limit: partLimit) {
            parts.append(try Condition(element, depth: depth + 1))
        }
        guard !parts.isEmpty else { throw node.error("expected at least one condition") }
        return parts
    }

    private static func scoreBounds(_ node: DocumentNode) throws(DocumentError) -> Bounds {
        try node.allowOnly(Bounds.keys)
        let bounds = try Bounds(node)
        guard bounds.limits.allSatisfy({ (0...1).contains($0) }) else {
            throw node.error("the score is a probability; its bounds lie from 0 to 1")
        }
        return bounds
    }

    private static func event(_ node: DocumentNode) throws(DocumentError) -> Condition {
        try node.allowOnly(["name", "within"] + Bounds.keys)
        let pattern = try EventPattern(node.required("name"))
        let hasBounds = Bounds.keys.contains { node.value[$0] != nil }
        return .event(
            pattern, within: try node.optional("within")?.span(),
            count: hasBounds ? try Bounds(node) : Bounds(atLeast: 1))
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

    /// The condition as a document, with the defaults written out.
    public var document: JSON {
        switch self {
        case .all(let parts): .object(["all": .array(parts.map(\.document))])
        case .any(let parts): .object(["any": .array(parts.map(\.document))])
        case .not(let part): .object(["not": part.document])
        case .score(let bounds): .object(["score": .object(bounds.members)])
        case .event(let pattern, let within, let count):
            .object([
                "event": .object(
                    [JSONMember(name: "name", value: pattern.names.document)] + within.members + count.members
                )
            ])
        case .feature(let name, let bounds):
            .object([
                "feature": .object([JSONMember(name: "name", value: .string(name))] + bounds.members)
            ])
        case .category(let name, let texts):
            .object(["feature": .object(["name": .string(name), "is": texts.document])])
        case .property(let name, let pattern, let within, let texts):
            .object([
                "property": .object(
                    [
                        JSONMember(name: "event", value: pattern.names.document),
                        JSONMember(name: "name", value: .string(name)),
                        JSONMember(name: "is", value: texts.document),
                    ] + within.members)
            ])
        }
    }
}

extension Bounds {
    fileprivate static let keys = ["above", "atLeast", "below", "atMost"]

    fileprivate var limits: [Double] { [above, atLeast, below, atMost].compactMap { $0 } }

    /// Reads the bounds from a condition's members.
    fileprivate init(_ node: DocumentNode) throws(DocumentError) {
        self.init(
            above: try node.optional("above")?.double(), atLeast: try node.optional("atLeast")?.double(),
            below: try node.optional("below")?.double(), atMost: try node.optional("atMost")?.double())
        guard !isEmpty else {
            throw node.error("expected at least one of \(Self.keys.joined(separator: ", "))")
        }
    }

    fileprivate var members: [JSONMember] {
        zip(Self.keys, [above, atLeast, below, atMost]).compactMap { name, limit in
            limit.map { JSONMember(name: name, value: .number($0)) }
        }
    }
}

extension DocumentNode {
    /// Returns a text or a list of texts; numbers and Booleans count as the texts that events carry for them.
    fileprivate func plainTexts() throws(DocumentError) -> [String] {
        if let text = value.plainText { return [text] }
        var texts: [String] = []
        for element in try elements(limit: Condition.partLimit) {
            guard let text = element.value.plainText else { throw element.error("expected a text") }
            texts.append(text)
        }
        guard !texts.isEmpty else { throw error("expected at least one text") }
        return texts
    }
}

extension JSON {
    fileprivate var plainText: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .boolean(let value): value ? "true" : "false"
        default: nil
        }
    }
}

extension [String] {
    /// A list of names or texts; the empty list stands for any event.
    fileprivate var document: JSON {
        isEmpty ? .string("any") : .array(map { .string($0) })
    }
}

extension TimeSpan? {
    fileprivate var members: [JSONMember] {
        map { [JSONMember(name: "within", value: .string($0.description))] } ?? []
    }
}
