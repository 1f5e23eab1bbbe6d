/// A tree of at most one split: what it adds to the log-odds, as a function of one input.
struct ImportedStump: Sendable {
    /// The function.
    var shape: Shape
    /// How the training rows divided, by rows or by the weight that training gave them; nil where it is not known.
    var share: Share?

    enum Shape: Sendable {
        /// The same for every row.
        case constant(Double)
        /// `values[i]` where exactly `i` of the ascending edges are at most the number.
        case number(input: Int, edges: [Double], values: [Double], missing: Double)
        /// One value for some codes of a category, another for all other texts.
        case category(input: Int, codes: [Int], inside: Double, outside: Double, missing: Double)
    }

    /// Two leaves with the part of the training rows that each had.
    struct Share: Sendable {
        var left: Double
        var right: Double
        var leftValue: Double
        var rightValue: Double

        /// The part of the left leaf, from 0 to 1.
        var leftPart: Double { left / (left + right) }
        /// The mean over the training rows.
        var mean: Double { rightValue + leftPart * (leftValue - rightValue) }
        /// The standard deviation over the training rows.
        var deviation: Double {
            (leftValue - rightValue).magnitude * (leftPart * (1 - leftPart)).squareRoot()
        }

        /// Nil when the weights are not both numbers from 0 that are not both 0.
        init?(left: Double, right: Double, leftValue: Double, rightValue: Double) {
            guard left >= 0, right >= 0, left + right > 0, (left + right).isFinite else { return nil }
            (self.left, self.right) = (left, right)
            (self.leftValue, self.rightValue) = (leftValue, rightValue)
        }
    }
}

extension ImportedStump {
    /// A stump from the rule by which the other program decides.
    ///
    /// - Parameters:
    ///   - edges: the places where the decision may change, in any order; those that are not finite are never reached.
    ///   - decision: what a number adds; NaN is missing.
    static func number(input: Int, edges: [Double], decision: (Double) -> Double) -> Shape {
        let edges = Set(edges.filter(\.isFinite)).sorted()
        let before = edges.first.map(\.nextDown) ?? 0
        return .number(
            input: input, edges: edges, values: ([before] + edges).map(decision), missing: decision(.nan))
    }
}
