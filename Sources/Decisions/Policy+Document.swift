public import LimpetDocuments
import LimpetNumerics
import LimpetEvents
import LimpetScoring

extension Policy {
    /// The format version that this release writes.
    public static let documentVersion = 1

    /// Reads a policy from a document.
    ///
    /// - Throws: `DocumentError` with the path of the invalid value.
    public init(_ node: DocumentNode) throws(DocumentError) {
        try node.allowOnly(["version", "caps", "holdout", "offers"])
        _ = try node.required("version").integer(in: 1...Self.documentVersion)
        self.init(
            caps: try node.optional("caps").map { caps throws(DocumentError) in try Caps(caps) } ?? Caps(),
            holdout: try node.optional("holdout").map { holdout throws(DocumentError) in
                try Holdout(holdout)
            },
            offers: [])
        var ids: VerbatimSet = []
        for element in try node.required("offers").elements(limit: Self.offerLimit) {
            let offer = try Offer(element)
            guard ids.insert(offer.id).inserted else {
                throw try element.required("id").error("two offers are called \(offer.id)")
            }
            offers.append(offer)
        }
    }

    /// The policy as a document with all defaults written out: equal policies have equal documents.
    public var document: JSON {
        .object([
            "version": .number(Self.documentVersion), "caps": caps.document, "holdout": holdout?.document,
            "offers": .array(offers.map(\.document)),
        ])
    }

    /// The SHA-256 of the document in one line, in hexadecimal digits, which identifies the policy in
    /// receipts.
    public var hash: String { SHA256.hexadecimal(Array(document.compact.utf8)[...]) }
}

extension Caps {
    private static let limit = 1_000_000

    fileprivate init(_ node: DocumentNode) throws(DocumentError) {
        try node.allowOnly(["perSession", "spacing", "perDay", "day", "sessionGap"])
        self.init()
        if let count = try node.optional("perSession") { perSession = try count.integer(in: 0...Self.limit) }
        if let span = try node.optional("spacing") { spacing = try span.span() }
        if let count = try node.optional("perDay") { perDay = try count.integer(in: 0...Self.limit) }
        if let word = try node.optional("day") { day = try word.choice(Day.self) }
        if let span = try node.optional("sessionGap") { sessionGap = try span.span() }
    }

    fileprivate var document: JSON {
        .object([
            "perSession": .number(perSession), "spacing": .string(spacing.description),
            "perDay": .number(perDay), "day": .string(day.rawValue),
            "sessionGap": .string(sessionGap.description),
        ])
    }
}

extension Holdout {
    fileprivate init(_ node: DocumentNode) throws(DocumentError) {
        try node.allowOnly(["share", "key"])
        let (share, key) = (try node.required("share"), try node.required("key"))
        self.init(share: try share.double(), key: try key.string())
        guard (0...1).contains(self.share) else { throw share.error("expected a share from 0 to 1") }
        guard !self.key.isEmpty else { throw key.error("the key may not be empty") }
    }

    fileprivate var document: JSON { .object(["share": .number(share), "key": .string(key)]) }
}

extension Policy.Offer {
    private static let priorityLimit = 1_000_000

    fileprivate init(_ node: DocumentNode) throws(DocumentError) {
        try node.allowOnly(["id", "title", "body", "priority", "cooldown", "placements", "when"])
        let id = try node.required("id")
        self.init(
            id: try id.string(), title: try node.required("title").string(),
            body: try node.optional("body")?.string(),
            priority: try node.optional("priority")?.integer(in: -Self.priorityLimit...Self.priorityLimit)
                ?? 0,
            cooldown: try node.optional("cooldown")?.span(),
            placements: try node.optional("placements")?.strings(),
            condition: try Condition(node.required("when")))
        guard !self.id.isEmpty else { throw id.error("the id may not be empty") }
    }

    fileprivate var document: JSON {
        .object([
            "id": .string(id), "title": .string(title), "body": body.map { .string($0) },
            "priority": .number(priority), "cooldown": cooldown.map { .string($0.description) },
            "placements": placements.map { .array($0.map { .string($0) }) }, "when": condition.document,
        ])
    }
}
