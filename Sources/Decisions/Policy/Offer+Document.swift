import LimpetDocuments
import LimpetEvents
import LimpetFeatures

extension Policy.Offer {
    private static let priorityLimit = 1_000_000
    private static let keys = ["id", "title", "body", "priority", "cooldown", "placements", "when"]
    private static let newerKeys = [
        "channel", "trigger", "value", "effect", "cost", "goal", "validFor", "freshness", "quietHours",
    ]

    init(_ node: DocumentNode, version: Int) throws(DocumentError) {
        try node.allowOnly(Self.keys + Self.newerKeys)
        if version == 1, let key = Self.newerKeys.first(where: { node.value[$0] != nil }) {
            throw try node.required(key).error("needs version: 2")
        }
        let id = try node.required("id")
        let trigger = try node.optional("trigger").map { node throws(DocumentError) in try Trigger(node) }
        let when = trigger == nil ? try node.required("when") : try node.optional("when")
        self.init(
            id: try id.string(), title: try node.required("title").string(),
            body: try node.optional("body")?.string(),
            priority: try node.optional("priority")?.integer(in: -Self.priorityLimit...Self.priorityLimit)
                ?? 0,
            cooldown: try node.optional("cooldown")?.span(),
            placements: try node.optional("placements")?.strings(), trigger: trigger,
            condition: try when.map { node throws(DocumentError) in try Condition(node) } ?? .always)
        guard !self.id.isEmpty else { throw id.error("the id may not be empty") }
        if version == 1, let when, !condition.leaves.allSatisfy(\.isOfFirstVersion) {
            throw when.error("holds a condition that needs version: 2")
        }
        try readNewer(node)
    }

    private mutating func readNewer(_ node: DocumentNode) throws(DocumentError) {
        if let name = try node.optional("channel") {
            channel = try name.string()
            guard !channel.isEmpty else { throw name.error("the channel may not be empty") }
        }
        value = try Self.amount(node.optional("value"))
        cost = try Self.amount(node.optional("cost"))
        if let share = try node.optional("effect") {
            effect = try share.double()
            guard let effect, (-1...1).contains(effect) else {
                throw share.error("expected a share from -1 to 1")
            }
            guard value != nil else { throw share.error("needs a value") }
        }
        if let events = try node.optional("goal") { goal = try EventSelection(events) }
        if let span = try node.optional("validFor") { validFor = try span.span() }
        freshness = try node.optional("freshness")?.span()
        if let hours = try node.optional("quietHours") {
            quietHours = hours.value.text == "none" ? .none : .own(try hours.civilPeriod())
        }
    }

    private static func amount(_ node: DocumentNode?) throws(DocumentError) -> Double? {
        guard let node else { return nil }
        let amount = try node.double()
        guard amount >= 0, amount.isFinite else { throw node.error("expected an amount of at least 0") }
        return amount
    }

    func document(version: Int) -> JSON {
        var members: [JSONMember] = []
        func add(_ name: String, _ value: JSON?) {
            if let value { members.append(JSONMember(name: name, value: value)) }
        }
        add("id", .string(id))
        add("title", .string(title))
        add("body", body.map { .string($0) })
        add("priority", .number(priority))
        add("cooldown", cooldown.map { .string($0.description) })
        add("placements", placements.map { .list($0) })
        if version > 1 {
            add("channel", .string(channel))
            add("trigger", trigger?.document)
            add("value", value.map { .number($0) })
            add("effect", effect.map { .number($0) })
            add("cost", cost.map { .number($0) })
            add("goal", goal?.document)
            add("validFor", .string(validFor.description))
            add("freshness", freshness.map { .string($0.description) })
            add("quietHours", quietHours.document)
        }
        add("when", condition == .always ? nil : condition.document)
        return .object(members)
    }
}

extension Policy.Offer.QuietHours {
    fileprivate var document: JSON? {
        switch self {
        case .usual: nil
        case .none: .string("none")
        case .own(let period): .string(period.description)
        }
    }
}

extension Condition {
    /// The condition that always holds.
    static let always = Condition.all([])
}
