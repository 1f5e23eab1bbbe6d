/// The summed derivatives of an axis's bins over some rows.
package struct PairTreeSums: Sendable {
    package let gradients: [Double]
    package let hessians: [Double]

    package init(gradients: [Double], hessians: [Double]) {
        (self.gradients, self.hessians) = (gradients, hessians)
    }

    func less(_ other: PairTreeSums) -> PairTreeSums {
        PairTreeSums(
            gradients: zip(gradients, other.gradients).map { $0 - $1 },
            hessians: zip(hessians, other.hessians).map { $0 - $1 })
    }
}

/// A cut of an axis into two sides.
package struct PairTreeCut {
    let axis: Int
    /// True for the bins on the left.
    package let isLeft: [Bool]
    let left: Side
    let right: Side
    /// The decrease of the quadratic model of the loss.
    package let gain: Double

    /// The summed derivatives of a side.
    struct Side {
        var gradient = 0.0
        var hessian = 0.0

        /// The minimum of the quadratic model.
        var step: Double { -gradient / (hessian + PairTreeCut.l2) }
        fileprivate var gain: Double { gradient * gradient / (hessian + PairTreeCut.l2) }
        fileprivate var mean: Double { gradient / hessian }
    }

    private static let l2 = 10.0
    private static let minimumHessian = 10.0

    /// Finds the cut with the largest gain; nil when none has enough weight on both sides.
    ///
    /// Bins without an order are sorted by the mean of their gradients, in which order the best of all their
    /// partitions is a cut (W. Fisher, 1958); missing values lie next to the smallest ones.
    package init?(axis: Int, _ sums: PairTreeSums, isUnordered: Bool) {
        let (g, h) = (sums.gradients, sums.hessians)
        let count = g.count
        var order = [count - 1] + Array(0..<(count - 1))
        if isUnordered {
            func mean(_ bin: Int) -> Double { h[bin] > 0 ? g[bin] / h[bin] : 0 }
            order = g.indices.sorted { (mean($0), $0) < (mean($1), $1) }
        }
        let all = Side(gradient: g.reduce(0, +), hessian: h.reduce(0, +))
        var (left, best) = (Side(), (place: 0, gain: 0.0, left: Side()))
        for (place, bin) in order.dropLast().enumerated() {
            left.gradient += g[bin]
            left.hessian += h[bin]
            let right = Side(gradient: all.gradient - left.gradient, hessian: all.hessian - left.hessian)
            guard min(left.hessian, right.hessian) >= Self.minimumHessian else { continue }
            let gain = left.gain + right.gain - all.gain
            if gain > best.gain { best = (place + 1, gain, left) }
        }
        guard best.place > 0 else { return nil }
        var isLeft = [Bool](repeating: false, count: count)
        for bin in order.prefix(best.place) { isLeft[bin] = true }
        (self.axis, self.isLeft, gain) = (axis, isLeft, best.gain)
        self.left = best.left
        right = Side(
            gradient: all.gradient - best.left.gradient, hessian: all.hessian - best.left.hessian)
    }

    /// Returns the contrast of the four parts that this cut makes of two sides of another cut, in units of
    /// chi-squared with one degree of freedom; 0 where a part is empty.
    package func contrast(_ one: PairTreeSums, _ other: PairTreeSums) -> Double {
        let parts = [one, other].flatMap { sums in [true, false].map { side(sums, isLeft: $0) } }
        guard parts.allSatisfy({ $0.hessian > 1 }) else { return 0 }
        let difference = parts[0].mean - parts[1].mean - parts[2].mean + parts[3].mean
        return difference * difference / parts.reduce(0) { $0 + 1 / $1.hessian }
    }

    private func side(_ sums: PairTreeSums, isLeft wanted: Bool) -> Side {
        var side = Side()
        for bin in isLeft.indices where isLeft[bin] == wanted {
            side.gradient += sums.gradients[bin]
            side.hessian += sums.hessians[bin]
        }
        return side
    }
}
