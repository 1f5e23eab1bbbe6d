/// A tree of at most one split: its contribution to the log-odds as a function of one input.
struct ImportedStump: Sendable {
    /// The function.
    var shape: Shape
    /// The division of the training rows between the leaves, by number or by training weight; nil where it is
    /// not known.
    var share: Share?

    enum Shape: Sendable {
        /// The same value for every row.
        case constant(Double)
        /// `values[i]` for a number that is at least exactly `i` of the ascending edges.
        case number(input: Int, edges: [Double], values: [Double], missing: Double)
        /// One value for the given codes of a category, another for all other texts.
        case category(input: Int, codes: [Int], inside: Double, outside: Double, missing: Double)
    }

    /// Two leaves with the number or weight of the training rows in each.
    struct Share: Sendable {
        var left: Double
        var right: Double
        var leftValue: Double
        var rightValue: Double

        /// The share of the training rows in the left leaf, from 0 to 1.
        var leftPart: Double { left / (left + right) }
        /// The mean value over the training rows.
        var mean: Double { rightValue + leftPart * (leftValue - rightValue) }
        /// The standard deviation of the value over the training rows.
        var deviation: Double {
            (leftValue - rightValue).magnitude * (leftPart * (1 - leftPart)).squareRoot()
        }

        /// Makes a share; nil unless both weights are at least 0 and their sum is positive and finite.
        init?(left: Double, right: Double, leftValue: Double, rightValue: Double) {
            guard left >= 0, right >= 0, left + right > 0, (left + right).isFinite else { return nil }
            (self.left, self.right) = (left, right)
            (self.leftValue, self.rightValue) = (leftValue, rightValue)
        }
    }
}

extension ImportedStump {
    /// Makes a step function from the decision rule of the other program.
    ///
    /// - Parameters:
    ///   - edges: the points at which the decision may change, in any order; those that are not finite are
    ///     ignored, since no number reaches them.
    ///   - decision: returns the contribution of a number; NaN is missing.
    static func number(input: Int, edges: [Double], decision: (Double) -> Double) -> Shape {
        let edges = Set(edges.filter(\.isFinite)).sorted()
        let before = edges.first.map(\.nextDown) ?? 0
        return .number(
            input: input, edges: edges, values: ([before] + edges).map(decision), missing: decision(.nan))
    }
}
