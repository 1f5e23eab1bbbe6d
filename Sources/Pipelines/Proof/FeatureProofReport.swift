public import LimpetDocuments
import LimpetEvents
public import LimpetFeatures

/// The result of a feature set's proof.
///
///     let report = try await FeatureProof(extraction).run()
///     for (name, comparison) in report.parts { print(name, comparison.differences) }
public struct FeatureProofReport: Sendable {
    /// The users that were compared with the reference implementation.
    public var users: [Int]
    /// The number of users of the log.
    public var allUsers: Int
    /// The number of snapshot times.
    public var snapshotTimes: Int
    /// The number of features.
    public var features: Int
    /// The comparisons of the proof, with their names.
    public var parts: [(name: String, comparison: FeatureComparison)] = []

    /// The values that differ when snapshots see only the events that had arrived by then; nil where that was
    /// not requested. It is no part of the proof.
    public var known: FeatureComparison?

    /// The number of comparisons of all parts.
    public var compared: Int { parts.reduce(0) { $0 + $1.comparison.compared } }
    /// The number of differences of all parts; 0 where the proof holds.
    public var differences: Int { parts.reduce(0) { $0 + $1.comparison.differences } }

    /// The report as JSON.
    public var document: JSON {
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
