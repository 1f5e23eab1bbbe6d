public import LimpetDocuments
public import LimpetEvents

extension FeatureSet {
    /// The format version that this release writes.
    public static let documentVersion = 1

    /// Reads a feature set from a document, in the form of YAML files and model files.
    ///
    /// - Throws: `DocumentError` with the path of the invalid value.
    public init(_ node: DocumentNode) throws(DocumentError) {
        try node.allowOnly([
            "version", "timeZone", "sessionGap", "systemEvents", "decimals", "distinctLimit",
            "scoreSegments", "features",
        ])
        _ = try node.required("version").integer(in: 1...Self.documentVersion)
        self.init(features: [])
        if let zone = try node.optional("timeZone") { timeZone = try zone.string() }
        if let gap = try node.optional("sessionGap") { sessionGap = try gap.span() }
        if let events = try node.optional("systemEvents") { systemEvents = try events.strings() }
        if let places = try node.optional("decimals") {
            for (name, node) in try places.namedMembers() {
                decimals[name] = try node.integer(in: 0...Self.decimalsLimit)
            }
        }
        if let limit = try node.optional("distinctLimit") {
            distinctLimit = try limit.integer(in: 1...1_000_000)
        }
        if let segments = try node.optional("scoreSegments") { scoreSegments = try segments.strings() }
        for element in try node.required("features").elements(limit: 100_000) {
            features.append(try Feature(element))
        }
        do { try validate() } catch { throw node.error("\(error)") }
    }

    /// The feature set as a document.
    public var document: JSON {
        .object([
            "version": .number(Self.documentVersion),
            "timeZone": .string(timeZone),
            "sessionGap": .string(sessionGap.description),
            "systemEvents": .array(systemEvents.map { .string($0) }),
            "decimals": .object(
                decimals.sortedByKey.map { JSONMember(name: $0.key, value: .number($0.value)) }
            ),
            "distinctLimit": .number(distinctLimit),
            "scoreSegments": scoreSegments.isEmpty ? nil : .array(scoreSegments.map { .string($0) }),
            "features": .array(features.map(\.document)),
        ])
    }
}

extension EventPattern {
    /// Reads a name or a list of names; a missing value, or the word `any`, stands for all of the user's own
    /// events.
    public init(_ node: DocumentNode?) throws(DocumentError) {
        guard let node else {
            self = .any
            return
        }
        let names = try node.strings()
        guard !names.isEmpty else { throw node.error("name at least one event, or any") }
        guard !names.contains("") else { throw node.error("an event's name may not be empty") }
        self.init(names: names == ["any"] ? [] : names)
    }

    package var document: JSON { isAny ? .string("any") : .array(names.map { .string($0) }) }
}

extension Label {
    /// Reads a label from a document.
    package init(_ node: DocumentNode) throws(DocumentError) {
        try node.allowOnly(["kind", "events", "horizon"])
        self.init(
            kind: try node.required("kind").choice(Kind.self),
            events: try EventPattern(node.optional("events")), horizon: try node.required("horizon").span())
    }

    package var document: JSON {
        .object([
            "kind": .string(kind.rawValue), "events": events.document,
            "horizon": .string(horizon.description),
        ])
    }
}

extension Label.Kind: CaseIterable {
    /// Both kinds.
    public static var allCases: [Label.Kind] { [.inactivity, .event] }
}

extension Population {
    /// Reads a population from a document.
    package init(_ node: DocumentNode) throws(DocumentError) {
        try node.allowOnly(["hasDone", "hasNotDone", "activeWithin"])
        self.init(
            hasDone: try EventPattern(node.optional("hasDone")),
            hasNotDone: try node.optional("hasNotDone").map { events throws(DocumentError) in
                try EventPattern(events)
            },
            activeWithin: try node.optional("activeWithin")?.span())
    }

    package var document: JSON {
        .object([
            "hasDone": hasDone.document, "hasNotDone": hasNotDone?.document,
            "activeWithin": activeWithin.map { .string($0.description) },
        ])
    }
}
