/// A penalty that is a sum over coordinates, `l1·|b| + ½ l2·b²` with `b` between bounds.
public struct SeparablePenalty: Hashable, Sendable {
    /// The weights of absolute values, at least 0.
    public var l1: [Double]
    /// The weights of half squares, at least 0.
    public var l2: [Double]
    /// The least values allowed, at most 0; −∞ for none.
    public var lower: [Double]
    /// The largest values allowed, at least 0; ∞ for none.
    public var upper: [Double]

    /// Makes a penalty of 0 without bounds.
    public init(count: Int) {
        l1 = [Double](repeating: 0, count: count)
        l2 = l1
        lower = [Double](repeating: -.infinity, count: count)
        upper = [Double](repeating: .infinity, count: count)
    }

    /// The number of coordinates.
    public var count: Int { l1.count }

    /// The coordinates that may differ from 0.
    package var free: [Int] { l1.indices.filter { lower[$0] < 0 || upper[$0] > 0 } }

    /// True when the penalty is quadratic without bounds, so that one linear equation gives the minimum.
    public var isQuadratic: Bool {
        l1.allSatisfy { $0 == 0 } && lower.allSatisfy { $0 == -.infinity }
            && upper.allSatisfy { $0 == .infinity }
    }

    /// True when the penalty is quadratic without bounds on the coordinates that may differ from 0.
    package var isQuadraticWhereFree: Bool {
        free.allSatisfy { l1[$0] == 0 && lower[$0] == -.infinity && upper[$0] == .infinity }
    }

    /// Returns the penalty at a point within the bounds.
    public func value(_ b: [Double]) -> Double {
        var sum = 0.0
        for j in b.indices { sum += l1[j] * abs(b[j]) + 0.5 * l2[j] * b[j] * b[j] }
        return sum
    }
}
