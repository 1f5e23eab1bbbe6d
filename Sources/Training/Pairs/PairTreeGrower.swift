import LimpetLinearAlgebra
import LimpetNumerics
import LimpetParallel

/// A booster of trees of two levels over the axes of pairs, each grown on a random half of the inputs and
/// four fifths of the users.
struct PairTreeGrower {
    private let axes: [PairAxis]
    /// The bins of the axes, `[axes][rows]`.
    private let bins: [[UInt8]]
    private let labels: [UInt8]
    private let users: [Int32]
    private let weights: [Float]?
    private var scores: [Double]
    private let unit: Double
    private let threads: Int

    private static let rate = 0.1
    /// The users of a tree, in 256ths: all rows of a user are drawn or none, as a weight is a repeated row.
    private static let drawnUsers: UInt64 = 205

    /// - Parameter bins: those of each axis's rows, `[axes][rows]`.
    init(
        _ axes: [PairAxis], bins: [[UInt8]], labels: [Bool], users: [Int32], weights: [Float]?,
        offsets: [Double]?, threads: Int
    ) {
        (self.axes, self.bins, self.weights, self.threads) = (axes, bins, weights, threads)
        self.users = users
        self.labels = labels.map { $0 ? 1 : 0 }
        unit = DerivativeUnit.unit(weights)
        let intercept = Intercept.best(labels: labels, weights: weights, offsets: offsets)
        scores =
            offsets.map { $0.map { $0 + intercept } }
            ?? [Double](repeating: intercept, count: labels.count)
    }

    /// Grows a tree and adds it to the scores.
    ///
    /// - Returns: the axes of each pair that it cuts with the pair's contrast; nil when no cut is left.
    mutating func grow(using generator: inout RandomGenerator) -> [(one: Int, other: Int, contrast: Double)]?
    {
        let half = max(2, (axes.count + 1) / 2)
        let drawn = axes.indices.shuffled(using: &generator).prefix(half).sorted()
        let all = drawnRows(using: &generator)
        let sums = histograms(all, drawn)
        guard let root = bestCut(sums, drawn) else { return nil }
        let isLeft = bins[root.axis].map { root.isLeft[Int($0)] ? UInt8(1) : 0 }
        let left = histograms(all.masked(isLeft, 1), drawn)
        let right = zip(sums, left).map { $0.less($1) }
        let below = (left: bestCut(left, drawn), right: bestCut(right, drawn))
        add(root, isLeft, below)
        return [below.left, below.right].compactMap { second in
            guard let second, second.axis != root.axis, let place = drawn.firstIndex(of: second.axis)
            else { return nil }
            let contrast = second.contrast(left[place], right[place])
            return contrast > 0 ? (root.axis, second.axis, contrast) : nil
        }
    }

    /// Returns the derivatives of the rows of a tree; 0 of the others.
    private func drawnRows(using generator: inout RandomGenerator) -> PackedDerivatives {
        var gradients = [Int32](repeating: 0, count: scores.count)
        var hessians = gradients
        _ = StumpKernels.logisticRows(
            scores: scores, labels: labels, weights: weights, scale: 1 / unit,
            gradients: &gradients, hessians: &hessians)
        var isDrawn = [UInt8](repeating: 0, count: scores.count)
        let seed = generator.next()
        for (row, user) in users.enumerated() {
            var draw = RandomGenerator(seed: seed &+ UInt64(bitPattern: Int64(user)) &* 0x9e37_79b9)
            isDrawn[row] = draw.next() >> 56 < Self.drawnUsers ? 1 : 0
        }
        return PackedDerivatives(gradients: gradients, hessians: hessians).masked(isDrawn, 1)
    }

    private func histograms(_ part: PackedDerivatives, _ drawn: [Int]) -> [PairTreeSums] {
        ConcurrentBlocks.map(drawn.count, threads: threads) { place in
            let axis = drawn[place]
            let sums = PairKernels.sums(ofBins: bins[axis], part, count: axes[axis].binCount)
            return PairTreeSums(
                gradients: sums.map { Double($0.gradient) * unit },
                hessians: sums.map { Double($0.hessian) * unit })
        }
    }

    /// Returns the cut of the drawn axes with the largest gain, the first one among equals.
    private func bestCut(_ sums: [PairTreeSums], _ drawn: [Int]) -> PairTreeCut? {
        var best: PairTreeCut?
        for (place, axis) in drawn.enumerated() {
            let cut = PairTreeCut(axis: axis, sums[place], isUnordered: axes[axis].isUnordered)
            if let cut, cut.gain > best?.gain ?? 0 { best = cut }
        }
        return best
    }

    /// Adds the leaves' steps to the scores of all rows.
    private mutating func add(
        _ root: PairTreeCut, _ isLeft: [UInt8], _ below: (left: PairTreeCut?, right: PairTreeCut?)
    ) {
        let left = steps(below.left, otherwise: root.left)
        let right = steps(below.right, otherwise: root.right)
        add(left, where: isLeft, is: 1)
        add(right, where: isLeft, is: 0)
    }

    private mutating func add(_ side: (axis: Int, steps: [Double]), where flags: [UInt8], is value: UInt8) {
        let (column, table) = (bins[side.axis], side.steps)
        let (flags, bins, steps) = (flags.span, column.span, table.span)
        var scores = scores.mutableSpan
        for row in flags.indices where flags[row] == value { scores[row] += steps[Int(bins[row])] }
    }

    /// Returns the step of each bin of a cut's axis; without a cut the same for all bins.
    private func steps(
        _ cut: PairTreeCut?, otherwise whole: PairTreeCut.Side
    ) -> (axis: Int, steps: [Double]) {
        guard let cut else {
            return (0, [Double](repeating: Self.rate * whole.step, count: axes[0].binCount))
        }
        return (cut.axis, cut.isLeft.map { Self.rate * ($0 ? cut.left.step : cut.right.step) })
    }
}
