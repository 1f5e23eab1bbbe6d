import LimpetDocuments

/// The pairs of values that a target usually has, of which one needs not be told that it counts as 1.
enum UsualTarget {
    /// The values that count as 1, each with the one that counts as 0.
    private static let pairs = [
        ("1", "0"), ("1.0", "0.0"), ("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"),
    ]
    /// The words for somebody who has left, beside one other value.
    private static let left: VerbatimSet = [
        "churned", "churn", "churner", "left", "lost", "cancelled", "canceled", "exited", "gone", "inactive",
        "attrited", "attrited customer", "unsubscribed", "withdrawn",
    ]

    /// Returns the value that counts as 1; nil where none of the usual ones is there.
    static func positive(among values: [String]) -> String? {
        let lowercased = values.map { $0.lowercased() }
        guard (1...2).contains(values.count), VerbatimSet(lowercased).count == values.count else {
            return nil
        }
        for (one, zero) in pairs where lowercased.allSatisfy({ $0 == one || $0 == zero }) {
            return lowercased.firstIndex(of: one).map { values[$0] }
        }
        let places = lowercased.indices.filter { left.contains(lowercased[$0]) }
        return places.count == 1 && values.count == 2 ? values[places[0]] : nil
    }
}
