import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetPipelines

extension FeatureProofReport {
    /// The comparisons with their counts, and the first difference of each.
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
}
