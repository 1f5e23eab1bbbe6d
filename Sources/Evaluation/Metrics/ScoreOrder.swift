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
        let included = weights.flatMap { weights -> [Int32]? in
            guard weights.contains(0) else { return nil }
            return scores.indices.filter { weights[$0] > 0 }.map { Int32($0) }
        }
        guard let rows = DescendingOrder.rows(scores, included: included) else { return nil }
        self.rows = rows
        starts = Self.starts(rows, scores)
    }

    private static func starts(_ rows: [Int32], _ scores: [Double]) -> [Int32] {
        var starts: [Int32] = []
        starts.reserveCapacity(rows.count + 1)
        let (rows, scores) = (rows.span, scores.span)
        var last = Double.nan
        for place in 0..<rows.count {
            let score = scores[Int(rows[place])]
            if score != last { starts.append(Int32(place)) }
            last = score
        }
        starts.append(Int32(rows.count))
        return starts
    }

    package init(rows: [Int32], starts: [Int32]) {
        self.rows = rows
        self.starts = starts
    }

    /// Returns the first row of each group, which has the group's score.
    package func firstRows() -> [Int] { starts.dropLast().map { Int(rows[Int($0)]) } }
}
