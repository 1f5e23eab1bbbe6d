public import LimpetDocuments
public import LimpetEvents
import LimpetFeatures

/// The events of some names whose properties pass tests, e.g. the page views of one category.
public struct EventSelection: Hashable, Sendable {
    /// The pattern of the events' names.
    public var events: EventPattern
    /// The tests of properties, all of which an event must pass; one without the property passes none.
    public var tests: [PropertyTest]

    /// All events that users cause themselves.
    public static let any = EventSelection(.any)

    /// Creates a selection.
    public init(_ events: EventPattern, tests: [PropertyTest] = []) {
        self.events = events
        self.tests = tests
    }
}

/// A test of one property of an event.
public struct PropertyTest: Hashable, Sendable {
    /// The property's name.
    public var property: String
    /// The test of its value.
    public var value: Value

    /// The kinds of tests.
    public enum Value: Hashable, Sendable {
        /// The text is one of these.
        case oneOf([String])
        /// There is a text, and it is none of these.
        case noneOf([String])
        /// The number lies within bounds.
        case number(Bounds)
    }

    /// Creates a test.
    public init(_ property: String, _ value: Value) {
        self.property = property
        self.value = value
    }
}

extension EventSelection {
    /// The maximum number of properties that a selection tests.
    public static let testLimit = 20

    /// Reads a selection: a name, a list of names, or an object with `event` and `where`.
    ///
    /// - Throws: `DocumentError` with the path of the invalid value.
    public init(_ node: DocumentNode) throws(DocumentError) {
        guard node.value.members != nil else {
            self.init(try EventPattern(node))
            return
        }
        try node.allowOnly(["event", "where"])
        self.init(try EventPattern(node.optional("event")), tests: try Self.tests(node.optional("where")))
    }

    /// Reads `where`: properties with what their values must be.
    static func tests(_ node: DocumentNode?) throws(DocumentError) -> [PropertyTest] {
        guard let node else { return [] }
        let members = try node.namedMembers()
        guard (1...testLimit).contains(members.count) else {
            throw node.error("expected 1 to \(testLimit) properties")
        }
        var tests: [PropertyTest] = []
        for (name, content) in members { tests.append(try PropertyTest(name, content)) }
        return tests.sorted { VerbatimText($0.property) < VerbatimText($1.property) }
    }

    /// The members `event` and `where` of a document.
    var members: [JSONMember] {
        [JSONMember(name: "event", value: events.document)] + whereMembers
    }

    /// The member `where` of a document, if there are tests.
    var whereMembers: [JSONMember] {
        guard !tests.isEmpty else { return [] }
        let members = tests.map { JSONMember(name: $0.property, value: $0.value.document) }
        return [JSONMember(name: "where", value: .object(members))]
    }

    var document: JSON { .object(members) }
}

extension PropertyTest {
    fileprivate init(_ name: String, _ node: DocumentNode) throws(DocumentError) {
        guard node.value.members != nil else {
            self.init(name, .oneOf(try node.plainTexts()))
            return
        }
        if let excluded = try node.optional("not") {
            try node.allowOnly(["not"])
            self.init(name, .noneOf(try excluded.plainTexts()))
        } else {
            try node.allowOnly(Bounds.keys)
            self.init(name, .number(try Bounds(node)))
        }
    }
}

extension PropertyTest.Value {
    fileprivate var document: JSON {
        switch self {
        case .oneOf(let texts): .array(texts.map { .string($0) })
        case .noneOf(let texts): .object(["not": .array(texts.map { .string($0) })])
        case .number(let bounds): .object(bounds.members)
        }
    }
}
