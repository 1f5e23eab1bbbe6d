/// The convex hull of the receiver operating characteristic: the thresholds of a ranking that are optimal for
/// some costs (F. Provost and T. Fawcett, 2001).
package enum ROCHull {
    /// A threshold, by the weights of the rows that score at least as high.
    package struct Corner: Hashable, Sendable {
        /// The weight of rows with label 1 above the threshold.
        package var positives: Double
        /// The weight of rows with label 0 above the threshold.
        package var negatives: Double
    }

    /// Returns the corners from nobody to everybody; points within an edge are left out (A. Andrew's monotone
    /// chain, 1979).
    package static func corners(_ groups: ScoreGroups) -> [Corner] {
        var corners = [Corner(positives: 0, negatives: 0)]
        var point = corners[0]
        for group in groups.positives.indices {
            let (positives, negatives) = (groups.positives[group], groups.negatives[group])
            guard positives > 0 || negatives > 0 else { continue }
            point.positives += positives
            point.negatives += negatives
            while corners.count >= 2,
                !turnsDown(corners[corners.count - 2], corners[corners.count - 1], point)
            {
                corners.removeLast()
            }
            corners.append(point)
        }
        return corners
    }

    /// Returns true if the edge to `next` is less steep than the edge to `middle`.
    private static func turnsDown(_ first: Corner, _ middle: Corner, _ next: Corner) -> Bool {
        (middle.positives - first.positives) * (next.negatives - middle.negatives)
            > (next.positives - middle.positives) * (middle.negatives - first.negatives)
    }
}
