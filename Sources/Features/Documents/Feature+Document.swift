import LimpetDocuments
import LimpetEvents

extension Feature {
    private static let plainKeys = [
        "name", "kind", "events", "where", "hours", "weekdays", "window", "of",
    ]

    /// Reads one feature from a document.
    init(_ node: DocumentNode) throws(DocumentError) {
        try node.allowOnly(Self.plainKeys + FeatureKind.Parameter.allCases.map(\.rawValue))
        let kind = try node.required("kind").choice(FeatureKind.self)
        let taken = kind.parameters + kind.optionalParameters
        for parameter in FeatureKind.Parameter.allCases where !taken.contains(parameter) {
            guard let value = try node.optional(parameter.rawValue) else { continue }
            throw value.error("\(kind.rawValue) takes no '\(parameter.rawValue)'")
        }
        let other: DocumentNode? =
            if let key = kind.otherKey { try node.optional(key.rawValue) } else { nil }
        self.init(
            name: try node.optional("name")?.string(), kind: kind,
            events: try EventPattern(node.optional("events")), conditions: try EventConditions(node),
            window: try node.optional("window")?.span(), property: try node.optional("of")?.string(),
            against: try node.optional("against")?.span(),
            other: try other.map { other throws(DocumentError) in try EventPattern(other) },
            stages: try Self.stages(node.optional("stages")),
            nth: try node.optional("nth")?.integer(in: 1...1_000),
            within: try node.optional("within")?.span(), halfLife: try node.optional("halfLife")?.span())
    }

    private static func stages(_ node: DocumentNode?) throws(DocumentError) -> [EventPattern] {
        guard let node else { return [] }
        var stages: [EventPattern] = []
        for element in try node.elements(limit: 20) { stages.append(try EventPattern(element)) }
        return stages
    }

    /// The feature as a document, without a name that equals ``derivedName``.
    var document: JSON {
        var members: [JSONMember] = []
        func add(_ name: String, _ value: JSON?) {
            if let value { members.append(JSONMember(name: name, value: value)) }
        }
        add("name", name == derivedName ? nil : .string(name))
        add("kind", .string(kind.rawValue))
        add("events", events.isAny ? nil : events.document)
        conditions.add(to: &members)
        add("of", property.map { .string($0) })
        add("window", window.map { .string($0.description) })
        add("against", against.map { .string($0.description) })
        add(kind.otherKey?.rawValue ?? "", other.map(\.document))
        add("stages", stages.isEmpty ? nil : .array(stages.map(\.document)))
        add("nth", nth.map { .number($0) })
        add("within", within.map { .string($0.description) })
        add("halfLife", halfLife.map { .string($0.description) })
        return .object(members)
    }
}

extension EventConditions {
    /// Reads the conditions of a feature.
    fileprivate init(_ node: DocumentNode) throws(DocumentError) {
        var properties: [PropertyCondition] = []
        for (name, test) in try node.optional("where")?.namedMembers() ?? [] {
            properties.append(PropertyCondition(name, try PropertyCondition.Test(test)))
        }
        self.init(
            properties: properties, hours: try Self.hours(node.optional("hours")),
            weekdays: try Self.weekdays(node.optional("weekdays")))
    }

    private static func hours(_ node: DocumentNode?) throws(DocumentError) -> HourRange? {
        guard let node else { return nil }
        let ends = try node.elements(limit: 2)
        guard ends.count == 2,
            let range = HourRange(
                start: try ends[0].integer(in: 0...23), end: try ends[1].integer(in: 1...24))
        else {
            throw node.error(
                "expected two different hours such as [22, 6]: from the first, before the second")
        }
        return range
    }

    private static func weekdays(_ node: DocumentNode?) throws(DocumentError) -> [Int] {
        guard let node else { return [] }
        var days: [Int] = []
        for name in try node.strings() {
            guard let day = weekdayNames.firstIndex(of: name) else {
                throw node.error(
                    "found \(name.quoted), expected one of \(weekdayNames.joined(separator: ", "))")
            }
            days.append(day)
        }
        guard !days.isEmpty else { throw node.error("name at least one day of the week") }
        return days
    }

    fileprivate func add(to members: inout [JSONMember]) {
        if !properties.isEmpty {
            let tests = properties.map { JSONMember(name: $0.property, value: $0.test.document) }
            members.append(JSONMember(name: "where", value: .object(tests)))
        }
        if let hours {
            members.append(
                JSONMember(name: "hours", value: .array([.number(hours.start), .number(hours.end)])))
        }
        if !weekdays.isEmpty {
            let names = weekdays.map { JSON.string(Self.weekdayName($0)) }
            members.append(JSONMember(name: "weekdays", value: .array(names)))
        }
    }
}

extension PropertyCondition.Test {
    /// Reads a text, a list of texts, `{not: …}`, or `{atLeast: …, below: …}`.
    fileprivate init(_ node: DocumentNode) throws(DocumentError) {
        guard node.value.members != nil else {
            self = .oneOf(try node.texts())
            return
        }
        try node.allowOnly(["not", "atLeast", "below"])
        if let texts = try node.optional("not") {
            try node.allowOnly(["not"])
            self = .noneOf(try texts.texts())
        } else {
            self = .amount(
                atLeast: try node.optional("atLeast")?.scalarText(),
                below: try node.optional("below")?.scalarText())
        }
    }

    fileprivate var document: JSON {
        switch self {
        case .oneOf(let texts): .array(texts.map { .string($0) })
        case .noneOf(let texts): .object(["not": .array(texts.map { .string($0) })])
        case .amount(let least, let limit):
            .object(["atLeast": least.map { .string($0) }, "below": limit.map { .string($0) }])
        }
    }
}

extension DocumentNode {
    /// Returns a text, number or Boolean as the text that events carry.
    fileprivate func scalarText() throws(DocumentError) -> String {
        switch value {
        case .string(let text), .number(let text): return text
        case .boolean(let value): return value ? "true" : "false"
        default: throw error("expected a text or a number")
        }
    }

    /// Returns such a text, or a list of them.
    fileprivate func texts() throws(DocumentError) -> [String] {
        guard value.array != nil else { return [try scalarText()] }
        var texts: [String] = []
        for element in try elements(limit: 10_000) { texts.append(try element.scalarText()) }
        return texts
    }
}
