public import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetScoring

/// The result of a condition for one user at one time, with the numbers that it was compared with.
public struct ConditionTrace: Hashable, Sendable {
    /// True if the condition held.
    public let holds: Bool
    /// The kind of the condition, e.g. `event`.
    public let kind: String
    /// The requirement of the policy; nil for conditions that are composed of others.
    public let needed: JSON?
    /// The value that was found: a number or a text; null where it is missing.
    public let found: JSON?
    /// The traces of the conditions that it is composed of. All are evaluated, whatever the results of the
    /// others.
    public let parts: [ConditionTrace]

    /// The trace as a document.
    public var document: JSON {
        .object([
            "condition": .string(kind), "holds": .boolean(holds), "needed": needed, "found": found,
            "parts": parts.isEmpty ? nil : .array(parts.map(\.document)),
        ])
    }

    private init(_ holds: Bool, kind: String, parts: [ConditionTrace]) {
        self.holds = holds
        self.kind = kind
        needed = nil
        found = nil
        self.parts = parts
    }

    private init(_ holds: Bool, of condition: Condition, found: JSON) {
        let member = condition.document.members?.first
        self.holds = holds
        kind = member?.name ?? ""
        needed = member?.value
        self.found = found
        parts = []
    }
}

extension ConditionTrace {
    /// Evaluates a condition in a situation.
    init(_ condition: Condition, in situation: borrowing Situation) {
        switch condition {
        case .all(let conditions):
            let parts = Self.traces(conditions, in: situation)
            self.init(parts.allSatisfy(\.holds), kind: "all", parts: parts)
        case .any(let conditions):
            let parts = Self.traces(conditions, in: situation)
            self.init(parts.contains(where: \.holds), kind: "any", parts: parts)
        case .not(let condition):
            let part = ConditionTrace(condition, in: situation)
            self.init(!part.holds, kind: "not", parts: [part])
        case .score(let bounds):
            let probability = situation.score.probability
            self.init(bounds.contains(probability), of: condition, found: .number(probability))
        case .event(let events):
            let count = situation.count(events.events.events, within: events.within)
            self.init(events.bounds.contains(Double(count)), of: condition, found: .number(count))
        case .feature(let name, let bounds):
            let number = situation.core.inputIndex[name].map { situation.vector.numbers[$0] } ?? .nan
            self.init(bounds.contains(number), of: condition, found: .number(number))
        case .category(let name, let texts):
            let key = situation.core.inputIndex[name].map { situation.vector.categories[$0] } ?? .missing
            let text = texts.first { TextKey($0) == key }
            self.init(text != nil, of: condition, found: text.map { .string($0) } ?? .null)
        case .property(let name, let pattern, let within, let texts):
            let text = situation.latest(name, of: pattern, within: within)
            self.init(
                text.map(texts.contains) ?? false, of: condition, found: text.map { .string($0) } ?? .null)
        case .threshold, .scoreLevel, .scoreChange, .elapsed, .dwell, .timeOfDay, .weekday:
            self.init(false, of: condition, found: .null)
        }
    }

    private static func traces(
        _ conditions: [Condition], in situation: borrowing Situation
    ) -> [ConditionTrace] {
        var traces: [ConditionTrace] = []
        for condition in conditions { traces.append(ConditionTrace(condition, in: situation)) }
        return traces
    }
}
