import LimpetPipelines
import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetScoring

/// The result of a feature set's proof, as text and as JSON.
struct FeatureProofReport {
    /// The users that were compared with the reference implementation.
    var users: [Int]
    var allUsers: Int
    var snapshotTimes: Int
    var features: Int
    /// The comparisons of the proof, with their names.
    var parts: [(name: String, comparison: FeatureComparison)] = []

    /// The values that differ when snapshots see only the events that had arrived by then; nil where that was
    /// not requested. It is no part of the proof.
    var known: FeatureComparison?

    var compared: Int { parts.reduce(0) { $0 + $1.comparison.compared } }
    var differences: Int { parts.reduce(0) { $0 + $1.comparison.differences } }

    var text: String {
        var table = TextTable([("", .left), ("compared", .right), ("differences", .right)])
        for part in parts {
            table.append([
                part.name, Format.count(part.comparison.compared), Format.count(part.comparison.differences),
            ])
        }
        let some =
            users.count < allUsers
            ? "\(Format.count(users.count)) of \(Format.count(allUsers))" : "all \(Format.count(allUsers))"
        var lines = [
            "\(features) features, \(some) users, "
                + "\(snapshotTimes) snapshot \(snapshotTimes == 1 ? "time" : "times")",
            table.text,
        ]
        for part in parts {
            if let first = part.comparison.first { lines.append("\(part.name): \(Self.text(first))") }
        }
        if let known {
            lines.append(
                "As known then: \(Format.count(known.differences)) of \(Format.count(known.compared)) values "
                    + "are others" + (known.first.map { "; \(Self.text($0, "all events give"))" } ?? ""))
        }
        lines.append(
            differences == 0
                ? "No difference."
                : "\(Format.count(differences)) differences: this feature set must not be used.")
        return lines.joined(separator: "\n")
    }

    private static func text(
        _ difference: FeatureComparison.Difference, _ expected: String = "expected"
    ) -> String {
        let user = difference.user.isEmpty ? "" : " of user \(difference.user.quoted)"
        return "first, \(difference.feature)\(user) at \(difference.time) is \(difference.found), "
            + "\(expected) \(difference.expected)"
    }

    var document: JSON {
        .object([
            "features": .number(features), "users": .number(users.count), "moments": .number(snapshotTimes),
            "compared": .number(compared), "differences": .number(differences),
            "parts": .array(
                parts.map { Self.document($0.comparison, name: $0.name) }),
            "asKnown": known.map { Self.document($0, name: "snapshots of what had come in") },
        ])
    }

    private static func document(_ comparison: FeatureComparison, name: String) -> JSON {
        .object([
            "name": .string(name), "compared": .number(comparison.compared),
            "differences": .number(comparison.differences), "first": comparison.first.map(document),
        ])
    }

    private static func document(_ difference: FeatureComparison.Difference) -> JSON {
        .object([
            "feature": .string(difference.feature),
            "user": difference.user.isEmpty ? nil : .string(difference.user),
            "time": .string(difference.time.description), "found": .string(difference.found),
            "expected": .string(difference.expected),
        ])
    }
}
