package import LimpetScoring

/// The restricted cubic splines with given knots: functions that are cubic between knots, straight beyond the
/// first and the last, with two continuous derivatives (F. Harrell, Regression Modeling Strategies, 2nd ed.,
/// 2015, section 2.4.5).
///
/// With knots `t_1 … t_k` and `(u)₊ = max(0, u)` they are the sums of a constant and of `k − 1` functions:
/// the value itself, and for `j = 1 … k − 2` the function `f_j(x) / (t_k − t_1)²` with
///
///     f_j(x) = (x − t_j)₊³ − (x − t_{k−1})₊³ (t_k − t_j)/(t_k − t_{k−1})
///         + (x − t_k)₊³ (t_{k−1} − t_j)/(t_k − t_{k−1})
package struct RestrictedSpline: Sendable {
    /// The knots: at least three, strictly ascending.
    package let knots: [Double]

    /// The numbers of knots for which Harrell's quantiles are tabulated.
    package static let knotCounts = 3...7

    package init(knots: [Double]) {
        precondition(knots.count >= 3, "a spline has at least three knots")
        self.knots = knots
    }

    /// Returns the functions other than the constant, each as a curve.
    package func curves(_ transform: Term.Transform) -> [Term.Curve] {
        (0..<(knots.count - 1)).map { number in
            let points = knots.map { number == 0 ? ($0, 1) : bend(number - 1, at: $0) }
            return Term.Curve(
                transform: transform, knots: knots, values: points.map(\.0), slopes: points.map(\.1))
        }
    }

    /// Returns a cubic function and its slope at a value.
    private func bend(_ number: Int, at x: Double) -> (Double, Double) {
        let (first, left, last) = (knots[0], knots[knots.count - 2], knots[knots.count - 1])
        let scale = last - first
        let terms = [
            (knots[number], 1.0), (left, -(last - knots[number]) / (last - left)),
            (last, (left - knots[number]) / (last - left)),
        ]
        var (value, slope) = (0.0, 0.0)
        for (knot, factor) in terms where x > knot {
            let u = (x - knot) / scale
            value += factor * u * u * u
            slope += factor * 3 * u * u
        }
        return (value * scale, slope)
    }

    // MARK: Knots

    /// The quantiles of the knots, by the number of knots.
    private static let quantiles: [Int: [Double]] = [
        3: [0.1, 0.5, 0.9], 4: [0.05, 0.35, 0.65, 0.95], 5: [0.05, 0.275, 0.5, 0.725, 0.95],
        6: [0.05, 0.23, 0.41, 0.59, 0.77, 0.95],
        7: [0.025, 0.1833, 0.3417, 0.5, 0.6583, 0.8167, 0.975],
    ]

    /// Returns knots at Harrell's quantiles, or at those of the distinct values where equal values leave
    /// fewer than three different quantiles. There are never more knots than distinct values.
    ///
    /// - Parameters:
    ///   - values: none missing.
    ///   - weights: of each value, above 0; nil for ones.
    ///   - count: the largest number of knots, from 3 to 7.
    /// - Returns: nil where there are fewer than three distinct values.
    package static func knots(_ values: [Double], weights: [Double]?, count: Int) -> [Double]? {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var distinct: [(value: Double, weight: Double)] = []
        for place in order {
            let weight = weights?[place] ?? 1
            if let last = distinct.last, last.value == values[place] {
                distinct[distinct.count - 1].weight += weight
            } else {
                distinct.append((values[place], weight))
            }
        }
        guard distinct.count >= 3, let shares = quantiles[min(count, distinct.count)] else { return nil }
        let knots = shares.map { quantile($0, of: distinct) }.withoutRepeats
        guard knots.count < 3 else { return knots }
        let alike = distinct.map { (value: $0.value, weight: 1.0) }
        let others = shares.map { quantile($0, of: alike) }.withoutRepeats
        return others.count < 3 ? nil : others
    }

    /// Returns the inverse of the distribution function, averaged where it is flat (type 2 of R. Hyndman and
    /// Y. Fan, 1996): a value of weight 2 counts twice.
    private static func quantile(_ share: Double, of sorted: [(value: Double, weight: Double)]) -> Double {
        let total = sorted.reduce(0.0) { $0 + $1.weight }
        let (goal, slack) = (share * total, 1e-9 * total)
        var sum = 0.0
        for place in sorted.indices {
            sum += sorted[place].weight
            guard sum >= goal - slack else { continue }
            let next = min(place + 1, sorted.count - 1)
            return sum > goal + slack
                ? sorted[place].value : sorted[place].value / 2 + sorted[next].value / 2
        }
        return sorted[sorted.count - 1].value
    }
}

extension [Double] {
    /// The ascending numbers without repetitions.
    fileprivate var withoutRepeats: [Double] {
        reduce(into: []) { kept, number in if kept.last != number { kept.append(number) } }
    }
}
