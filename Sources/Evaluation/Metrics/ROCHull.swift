/// The convex hull of the receiver operating characteristic: the cuts of a ranking that are best for some costs
/// (F. Provost and T. Fawcett, 2001).
package enum ROCHull {
    /// A cut: what scores at least as high.
    package struct Corner: Hashable, Sendable {
        /// The weight of label 1 above the cut.
        package var positives: Double
        /// The weight of label 0 above the cut.
        package var negatives: Double
    }

    /// The corners from nobody to everybody. Points within an edge are left out (A. Andrew's chain, 1979).
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

    /// Whether the way to `next` is less steep than the way to `middle`.
    private static func turnsDown(_ first: Corner, _ middle: Corner, _ next: Corner) -> Bool {
        (middle.positives - first.positives) * (next.negatives - middle.negatives)
            > (next.positives - middle.positives) * (middle.negatives - first.negatives)
    }
}
