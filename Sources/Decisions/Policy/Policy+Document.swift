public import LimpetDocuments
import LimpetEvents
import LimpetNumerics
import LimpetScoring

extension Policy {
    /// The newest version of the format.
    public static let documentVersion = 2

    private static let keys = ["version", "caps", "holdout", "offers"]
    private static let newerKeys = [
        "consent", "legalBasis", "quietHours", "backoff", "freshness", "serviceMessages", "keep",
    ]

    /// Reads a policy from a document.
    ///
    /// - Throws: `DocumentError` with the path of the invalid value.
    public init(_ node: DocumentNode) throws(DocumentError) {
        try node.allowOnly(Self.keys + Self.newerKeys)
        let version = try node.required("version").integer(in: 1...Self.documentVersion)
        if version == 1, let key = Self.newerKeys.first(where: { node.value[$0] != nil }) {
            throw try node.required(key).error("needs version: 2")
        }
        self.init(
            version: version,
            caps: try node.optional("caps").map { caps throws(DocumentError) in try Caps(caps) } ?? Caps(),
            holdout: try node.optional("holdout").map { holdout throws(DocumentError) in
                try Holdout(holdout)
            },
            consent: version == 1 ? .undeclared : try ConsentRule(node), offers: [])
        if let hours = try node.optional("quietHours") { quietHours = try hours.civilPeriod() }
        if let backoff = try node.optional("backoff") { self.backoff = try Backoff(backoff) }
        if let span = try node.optional("freshness") { freshness = try span.span() }
        if let names = try node.optional("keep") { keep = try names.strings() }
        try readOffers(node)
        if let names = try node.optional("serviceMessages") {
            serviceMessages = try names.strings()
            for name in serviceMessages where !offers.contains(where: { $0.id.isVerbatim(name) }) {
                throw names.error("no offer is called \(name.quoted)")
            }
        }
    }

    private mutating func readOffers(_ node: DocumentNode) throws(DocumentError) {
        var ids: VerbatimSet = []
        for element in try node.required("offers").elements(limit: Self.offerLimit) {
            let offer = try Offer(element, version: version)
            guard ids.insert(offer.id).inserted else {
                throw try element.required("id").error("two offers are called \(offer.id)")
            }
            offers.append(offer)
        }
    }

    /// The policy as a document with all defaults written out: equal policies have equal documents.
    public var document: JSON {
        let offers = JSON.array(self.offers.map { $0.document(version: version) })
        guard version > 1 else {
            return .object([
                "version": .number(1), "caps": caps.document, "holdout": holdout?.document, "offers": offers,
            ])
        }
        return .object([
            "version": .number(version), "caps": caps.document, "holdout": holdout?.document,
            "consent": consent == .required ? .string("required") : nil, "legalBasis": consent.basis,
            "quietHours": quietHours.map { .string($0.description) }, "backoff": backoff.document,
            "freshness": .string(freshness.description),
            "serviceMessages": serviceMessages.isEmpty ? nil : .list(serviceMessages),
            "keep": keep.map { .list($0) }, "offers": offers,
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

extension ConsentRule {
    fileprivate init(_ node: DocumentNode) throws(DocumentError) {
        let (consent, basis) = (try node.optional("consent"), try node.optional("legalBasis"))
        if let consent {
            guard try consent.string().isVerbatim("required") else {
                throw consent.error("expected required; another ground is named by legalBasis")
            }
            if let basis { throw basis.error("stands beside consent: required; one of them decides") }
        }
        guard let basis else {
            self = .required
            return
        }
        let name = try basis.string()
        guard !name.isEmpty else { throw basis.error("name the ground, e.g. legitimate interest") }
        self = .legalBasis(name)
    }

    fileprivate var basis: JSON? { if case .legalBasis(let name) = self { .string(name) } else { nil } }
}

extension Backoff {
    fileprivate init(_ node: DocumentNode) throws(DocumentError) {
        try node.allowOnly(["base", "limit"])
        self.init()
        if let span = try node.optional("base") { base = try span.span() }
        if let count = try node.optional("limit") { limit = try count.integer(in: 1...1_000) }
    }

    fileprivate var document: JSON {
        .object(["base": .string(base.description), "limit": .number(limit)])
    }
}
