public import LimpetDocuments
public import LimpetEvents
import LimpetScoring

/// The versions that the aliases of one model point to, and the history of their changes: the file
/// `aliases.json` beside the versions.
public struct RegistryLedger: Hashable, Sendable {
    /// A change of an alias.
    public struct Change: Hashable, Sendable {
        /// The time of the change.
        public var time: Timestamp
        /// The alias.
        public var alias: String
        /// The version that the alias points to since the change.
        public var version: Int
        /// The version before the change; nil for the first.
        public var before: Int?
        /// True when the change took back a promotion.
        public var isRollback: Bool
        /// The reason as the user gave it; empty when none was given.
        public var reason: String
    }

    /// The promoted versions of each alias that have not been taken back; the last one is in force.
    public private(set) var stacks: VerbatimDictionary<[Int]> = [:]
    /// All changes, the oldest first.
    public private(set) var changes: [Change] = []

    /// No aliases.
    public init() {}

    /// The maximum number of changes in a ledger.
    static let limit = 100_000

    /// Returns the version that an alias points to; nil for an unknown alias.
    public func version(of alias: String) -> Int? { stacks[alias]?.last }

    /// Returns the aliases that point to a version, sorted.
    public func aliases(of version: Int) -> [String] {
        stacks.filter { $0.value.last == version }.map(\.key).sorted()
    }

    mutating func promote(_ version: Int, to alias: String, at time: Timestamp, reason: String) {
        let before = self.version(of: alias)
        stacks[alias, default: []].append(version)
        changes.append(
            Change(
                time: time, alias: alias, version: version, before: before, isRollback: false, reason: reason)
        )
    }

    /// Takes back the last promotion of an alias; returns nil when there is none before it.
    mutating func rollBack(_ alias: String, at time: Timestamp, reason: String) -> Change? {
        guard let stack = stacks[alias], stack.count > 1, let last = stack.last else { return nil }
        stacks[alias] = stack.dropLast()
        let change = Change(
            time: time, alias: alias, version: stack[stack.count - 2], before: last, isRollback: true,
            reason: reason)
        changes.append(change)
        return change
    }

    var document: JSON {
        .object([
            "version": .number(1),
            "aliases": .object(
                stacks.keys.sorted().map { alias in
                    JSONMember(
                        name: alias, value: .array((stacks[alias] ?? []).map { .number($0) }))
                }),
            "changes": .array(
                changes.map { change in
                    .object([
                        "time": .string(change.time.description), "alias": .string(change.alias),
                        "version": .number(change.version),
                        "before": change.before.map { .number($0) } ?? .null,
                        "rollback": .boolean(change.isRollback), "reason": .string(change.reason),
                    ])
                }),
        ])
    }

    init(_ node: DocumentNode) throws(DocumentError) {
        try node.allowOnly(["version", "aliases", "changes"])
        _ = try node.required("version").integer(in: 1...1)
        for (alias, versions) in try node.required("aliases").namedMembers() {
            var stack: [Int] = []
            for version in try versions.elements(limit: Self.limit) {
                stack.append(try version.integer(in: 1...Int(Int32.max)))
            }
            guard ModelRegistry.isName(alias), Int(alias) == nil, !stack.isEmpty else {
                throw versions.error("expected versions of an alias with a name")
            }
            stacks[alias] = stack
        }
        for element in try node.required("changes").elements(limit: Self.limit) {
            let before = element.value["before"]
            changes.append(
                Change(
                    time: try Self.time(element.required("time")),
                    alias: try element.required("alias").string(),
                    version: try element.required("version").integer(in: 1...Int(Int32.max)),
                    before: before?.integer,
                    isRollback: element.value["rollback"]?.boolean ?? false,
                    reason: try element.required("reason").string()))
        }
    }

    private static func time(_ node: DocumentNode) throws(DocumentError) -> Timestamp {
        let text = try node.string()
        guard let parsed = TimeParser(format: .automatic, zone: .utc).parse(text) else {
            throw node.error("found \(text.quoted), expected a time")
        }
        return parsed.timestamp
    }
}
