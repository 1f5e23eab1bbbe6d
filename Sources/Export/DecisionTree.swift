/// A writer of nested `CASE` expressions over ascending edges: a row is compared with a logarithmic number of
/// edges, not with all.
enum DecisionTree {
    /// Returns an expression for `leaves[i]` where the value is at least exactly `i` edges.
    static func expression(of value: String, edges: ArraySlice<String>, leaves: ArraySlice<String>) -> String
    {
        guard leaves.count > 1 else { return leaves.first ?? "NULL" }
        let half = edges.count / 2
        let (edge, first) = (edges.startIndex + half, leaves.startIndex)
        let left = expression(of: value, edges: edges[..<edge], leaves: leaves[first...(first + half)])
        let right = expression(of: value, edges: edges[(edge + 1)...], leaves: leaves[(first + half + 1)...])
        return "CASE WHEN \(value) < \(edges[edge]) THEN \(left) ELSE \(right) END"
    }

    static func expression(of value: String, edges: [String], leaves: [String]) -> String {
        expression(of: value, edges: edges[...], leaves: leaves[...])
    }
}
