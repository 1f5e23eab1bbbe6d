import LimpetNumerics

/// The rows from the highest score to the lowest, with rows of equal score in one group.
///
/// Rows are sorted once; every metric of ranking is then a pass over the groups, even when the weights of
/// rows change, as in a bootstrap.
package struct ScoreOrder: Sendable {
    /// The rows, the highest score first; rows with equal scores in their original order. Rows of weight 0
    /// are left out.
    package let rows: [Int32]
    /// The index in `rows` where each group starts, and the end of the last group.
    package let starts: [Int32]

    /// The number of different scores.
    package var groupCount: Int { starts.count - 1 }

    /// Sorts rows by score; nil when a score of a row with weight is NaN, when a weight is negative or not
    /// finite, or when the lists differ in length.
    package init?(_ scores: [Double], weights: [Double]? = nil) {
        guard RowWeights.areValid(weights, rows: scores.count), scores.count < Int32.max else { return nil }
        var keyed: [KeyedRow] = []
        keyed.reserveCapacity(scores.count)
        for row in scores.indices where (weights?[row] ?? 1) > 0 {
            guard !scores[row].isNaN else { return nil }
            keyed.append(KeyedRow(key: KeyedRow.descendingKey(scores[row]), row: Int32(row)))
        }
        KeyedRow.sort(&keyed)
        var starts: [Int32] = []
        for place in keyed.indices where place == 0 || keyed[place].sortKey != keyed[place - 1].sortKey {
            starts.append(Int32(place))
        }
        starts.append(Int32(keyed.count))
        rows = keyed.map(\.row)
        self.starts = starts
    }

    package init(rows: [Int32], starts: [Int32]) {
        self.rows = rows
        self.starts = starts
    }

    /// Returns the first row of each group, which has the group's score.
    package func firstRows() -> [Int] { starts.dropLast().map { Int(rows[Int($0)]) } }
}
