public import LimpetDocuments
import LimpetEvents
import LimpetFeatures

extension Trigger {
    private static let kinds = Condition.kinds + ["absence", "inactivity"]

    /// Reads a trigger: an object with exactly one of `event`, `absence`, `inactivity`, `dwell`, `all`,
    /// `any`, or a condition such as `score`.
    ///
    /// - Throws: `DocumentError` with the path of the invalid value.
    public init(_ node: DocumentNode) throws(DocumentError) {
        try self.init(node, depth: 0)
        let absences = leaves.count { if case .absence = $0 { true } else { false } }
        guard absences <= 1 else { throw node.error("a trigger waits for at most one absence") }
    }

    private init(_ node: DocumentNode, depth: Int) throws(DocumentError) {
        let (kind, content) = try node.onlyMember(of: Self.kinds, depth: depth)
        func parts() throws(DocumentError) -> [Trigger] {
            try content.parts { part throws(DocumentError) in try Trigger(part, depth: depth + 1) }
        }
        switch kind {
        case "all": self = .all(try parts())
        case "any": self = .any(try parts())
        case "not": self = .condition(.not(try Condition(content, depth: depth + 1)))
        case "event": self = .event(try EventOccurrence(content))
        case "absence": self = .absence(try Absence(content))
        case "inactivity": self = .absence(try Absence(inactivity: content))
        case "dwell": self = .absence(try Absence(dwell: content))
        default: self = .condition(try Condition(leaf: kind, content))
        }
    }

    /// The trigger as a document, with the defaults written out.
    public var document: JSON {
        switch self {
        case .all(let parts): .object(["all": .array(parts.map(\.document))])
        case .any(let parts): .object(["any": .array(parts.map(\.document))])
        case .event(let occurrence): .object(["event": .object(occurrence.members)])
        case .absence(let absence): .object(["absence": absence.document])
        case .condition(let condition): condition.document
        }
    }
}

extension EventOccurrence {
    /// Reads an occurrence: `name`, `where`, `nth` or bounds, `within` and `since`.
    init(_ node: DocumentNode) throws(DocumentError) {
        try node.allowOnly(["name", "where", "nth", "within", "since"] + Bounds.keys)
        let hasBounds = Bounds.keys.contains { node.value[$0] != nil }
        var count = hasBounds ? try Bounds(node) : nil
        if let nth = try node.optional("nth") {
            guard count == nil else { throw nth.error("takes no bounds beside it") }
            let number = Double(try nth.integer(in: 1...1_000_000))
            count = Bounds(atLeast: number, atMost: number)
        }
        let (within, since) = (try node.optional("within"), try node.optional("since"))
        if count == nil, let unused = within ?? since {
            throw unused.error("needs nth, or bounds of the count")
        }
        self.init(
            EventSelection(
                try EventPattern(node.required("name")),
                tests: try EventSelection.tests(node.optional("where"))),
            count: count, within: try within?.span(),
            since: try since.map { since throws(DocumentError) in try EventSelection(since) })
    }

    var members: [JSONMember] {
        [JSONMember(name: "name", value: events.events.document)] + events.whereMembers
            + within.members("within")
            + (since.map { [JSONMember(name: "since", value: $0.document)] } ?? []) + (count?.members ?? [])
    }
}

extension Absence {
    /// Reads `{after: .., no: .., within: .., restart: .., grace: .., validFor: ..}`.
    init(_ node: DocumentNode) throws(DocumentError) {
        try node.allowOnly(["after", "no", "within", "restart", "grace", "validFor"])
        self.init(
            after: try EventSelection(node.required("after")), no: try EventSelection(node.required("no")),
            within: try node.required("within").span(),
            restart: try node.optional("restart").map { word throws(DocumentError) in
                try word.choice(Restart.self)
            } ?? .last, grace: try node.optional("grace")?.span() ?? Self.usualGrace,
            validFor: try node.optional("validFor")?.span())
    }

    /// Reads `{for: 14d}`: no own event after an own event.
    init(inactivity node: DocumentNode) throws(DocumentError) {
        try node.allowOnly(["for", "grace", "validFor"])
        self.init(
            after: .any, no: .any, within: try node.required("for").span(),
            grace: try node.optional("grace")?.span() ?? Self.usualGrace,
            validFor: try node.optional("validFor")?.span())
    }

    /// Reads `{on: help_viewed, for: 15s, without: click}`: without `without`, no own event at all.
    init(dwell node: DocumentNode) throws(DocumentError) {
        try node.allowOnly(["on", "for", "without", "grace", "validFor"])
        self.init(
            after: try EventSelection(node.required("on")),
            no: try node.optional("without").map { node throws(DocumentError) in try EventSelection(node) }
                ?? .any, within: try node.required("for").span(),
            grace: try node.optional("grace")?.span() ?? Self.usualGrace,
            validFor: try node.optional("validFor")?.span())
    }

    var document: JSON {
        .object([
            "after": after.document, "no": no.document, "within": .string(within.description),
            "restart": .string(restart.rawValue), "grace": .string(grace.description),
            "validFor": .string(validFor.description),
        ])
    }
}
