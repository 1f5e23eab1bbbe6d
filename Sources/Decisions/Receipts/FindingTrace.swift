import LimpetDocuments
import LimpetEvents

/// The results of conditions as documents, from what their leaves found.
struct FindingTrace {
    private let findings: [LeafFinding]
    private let probability: Double?
    private var next = 0

    init(_ findings: [LeafFinding], probability: Double?) {
        self.findings = findings
        self.probability = probability
    }

    /// True once all findings have been told.
    var isAtEnd: Bool { next >= findings.count }

    private struct Node {
        var holds: Bool
        var json: JSON
    }

    /// Returns the trace of a condition; nil where its leaves were not evaluated.
    mutating func document(_ condition: Condition) -> JSON? { node(condition)?.json }

    /// Returns the trace of the conditions within a trigger; nil where it has none.
    mutating func document(_ trigger: Trigger) -> JSON? {
        var parts: [JSON] = []
        for leaf in trigger.leaves {
            if case .condition(let condition) = leaf, let part = document(condition) { parts.append(part) }
        }
        return parts.isEmpty ? nil : .array(parts)
    }

    private mutating func node(_ condition: Condition) -> Node? {
        switch condition {
        case .all(let parts):
            guard let nodes = nodes(parts) else { return nil }
            return composed("all", nodes, holds: nodes.allSatisfy(\.holds))
        case .any(let parts):
            guard let nodes = nodes(parts) else { return nil }
            return composed("any", nodes, holds: nodes.contains(where: \.holds))
        case .not(let part):
            guard let node = node(part) else { return nil }
            return composed("not", [node], holds: !node.holds)
        default:
            guard next < findings.count else { return nil }
            defer { next += 1 }
            return leaf(condition, findings[next])
        }
    }

    private mutating func nodes(_ conditions: [Condition]) -> [Node]? {
        var nodes: [Node] = []
        for condition in conditions {
            guard let node = node(condition) else { return nil }
            nodes.append(node)
        }
        return nodes
    }

    private func composed(_ kind: String, _ parts: [Node], holds: Bool) -> Node {
        Node(
            holds: holds,
            json: .object([
                "condition": .string(kind), "holds": .boolean(holds),
                "parts": parts.isEmpty ? nil : .array(parts.map(\.json)),
            ]))
    }

    private func leaf(_ condition: Condition, _ finding: LeafFinding) -> Node {
        let member = condition.document.members?.first
        return Node(
            holds: finding.holds,
            json: .object([
                "condition": .string(member?.name ?? ""), "holds": .boolean(finding.holds),
                "needed": member?.value, "found": found(finding.value, condition),
            ]))
    }

    private func found(_ value: LeafFinding.Value, _ condition: Condition) -> JSON {
        switch value {
        case .none: .null
        case .score: probability.map { .number($0) } ?? .null
        case .number(let number): .number(number)
        case .count(let count): .number(count)
        case .text(let place):
            switch condition {
            case .category(_, let texts), .property(_, _, _, let texts):
                texts.indices.contains(place) ? .string(texts[place]) : .null
            default: .null
            }
        }
    }
}
