import LimpetLinearAlgebra
import LimpetNumerics
import LimpetParallel

/// A booster of trees of two levels over the axes of pairs, each grown on a random half of the inputs and of
/// the users.
struct PairTreeGrower {
    private let axes: [PairAxis]
    /// The bins of the axes, `[axes][rows]`, with the rows of a part of the users together.
    private let bins: [[UInt8]]
    private let labels: [UInt8]
    private let weights: [Float]?
    private var scores: [Float]
    /// The rows of each part.
    private let parts: [Range<Int>]
    private let unit: Double
    private let most: Float
    private let threads: Int

    private static let rate = 0.1
    /// The parts of users, of which each tree draws a half: all rows of a user are drawn or none, as a weight
    /// is a repeated row.
    private static let partCount = 8

    /// - Parameter bins: those of each axis's rows, `[axes][rows]`.
    init(
        _ axes: [PairAxis], bins: [[UInt8]], labels: [Bool], users: [Int32], weights: [Float]?,
        offsets: [Double]?, threads: Int
    ) {
        (self.axes, self.threads) = (axes, threads)
        unit = DerivativeUnit.unit(weights)
        most = weights?.max() ?? 1
        let partOfRow = users.map { user in
            var draw = RandomGenerator(seed: UInt64(bitPattern: Int64(user)))
            return Int(draw.next() % UInt64(Self.partCount))
        }
        let order = (0..<Self.partCount).flatMap { part in
            partOfRow.indices.filter { partOfRow[$0] == part }
        }
        var ends = [0]
        for part in 0..<Self.partCount { ends.append(ends[part] + partOfRow.count { $0 == part }) }
        parts = (0..<Self.partCount).map { ends[$0]..<ends[$0 + 1] }
        self.bins = ConcurrentBlocks.map(bins.count, threads: threads) { axis in
            order.map { bins[axis][$0] }
        }
        self.labels = order.map { labels[$0] ? 1 : 0 }
        self.weights = weights.map { weights in order.map { weights[$0] } }
        let intercept = Intercept.best(labels: labels, weights: weights, offsets: offsets)
        scores = order.map { Float(intercept + (offsets?[$0] ?? 0)) }
    }

    /// Grows a tree and adds it to the scores.
    ///
    /// - Returns: the axes of each pair that it cuts with the pair's contrast; nil when no cut is left.
    mutating func grow(using generator: inout RandomGenerator) -> [(one: Int, other: Int, contrast: Double)]?
    {
        let half = max(2, (axes.count + 1) / 2)
        let drawn = axes.indices.shuffled(using: &generator).prefix(half).sorted()
        let some = parts.shuffled(using: &generator).prefix(Self.partCount / 2)
        let columns = columns(drawn, some)
        let all = derivatives(some)
        let sums = histograms(all, columns, drawn)
        guard let root = bestCut(sums, drawn), let place = drawn.firstIndex(of: root.axis) else { return nil }
        let isLeft = columns[place].map { root.isLeft[Int($0)] ? UInt8(1) : 0 }
        let left = histograms(all.masked(isLeft, 1), columns, drawn)
        let right = zip(sums, left).map { $0.less($1) }
        let below = (left: bestCut(left, drawn), right: bestCut(right, drawn))
        add(root, below)
        return [below.left, below.right].compactMap { second in
            guard let second, second.axis != root.axis, let place = drawn.firstIndex(of: second.axis)
            else { return nil }
            let contrast = second.contrast(left[place], right[place])
            return contrast > 0 ? (root.axis, second.axis, contrast) : nil
        }
    }

    private func columns(_ drawn: [Int], _ some: ArraySlice<Range<Int>>) -> [[UInt8]] {
        ConcurrentBlocks.map(drawn.count, threads: threads) { joined(bins[drawn[$0]], some) }
    }

    private func joined<Value>(_ values: [Value], _ some: ArraySlice<Range<Int>>) -> [Value] {
        var joined: [Value] = []
        joined.reserveCapacity(some.reduce(0) { $0 + $1.count })
        for part in some { joined += values[part] }
        return joined
    }

    /// Returns the derivatives of the rows of a tree.
    private func derivatives(_ some: ArraySlice<Range<Int>>) -> PackedDerivatives {
        let scores = joined(scores, some)
        var derivatives = PackedDerivatives(count: scores.count, unit: unit, most: most)
        derivatives.update(
            scores: scores, labels: joined(labels, some), weights: weights.map { joined($0, some) })
        return derivatives
    }

    private func histograms(
        _ derivatives: PackedDerivatives, _ columns: [[UInt8]], _ drawn: [Int]
    ) -> [PairTreeSums] {
        ConcurrentBlocks.map(drawn.count, threads: threads) { place in
            let sums = PairKernels.sums(
                ofBins: columns[place], derivatives, count: axes[drawn[place]].binCount)
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
        _ root: PairTreeCut, _ below: (left: PairTreeCut?, right: PairTreeCut?)
    ) {
        let left = steps(below.left, otherwise: root.left)
        let right = steps(below.right, otherwise: root.right)
        let (columns, sides) = ((bins[root.axis], bins[left.axis], bins[right.axis]), root.isLeft)
        let first = columns.0.span
        let one = columns.1.span
        let other = columns.2.span
        let isLeft = sides.span
        let leftSteps = left.steps.span
        let rightSteps = right.steps.span
        var scores = scores.mutableSpan
        for row in scores.indices {
            scores[row] +=
                isLeft[Int(first[row])] ? leftSteps[Int(one[row])] : rightSteps[Int(other[row])]
        }
    }

    /// Returns the step of each bin of a cut's axis; without a cut the same for all bins.
    private func steps(
        _ cut: PairTreeCut?, otherwise whole: PairTreeCut.Side
    ) -> (axis: Int, steps: [Float]) {
        guard let cut else {
            return (0, [Float](repeating: Float(Self.rate * whole.step), count: axes[0].binCount))
        }
        return (cut.axis, cut.isLeft.map { Float(Self.rate * ($0 ? cut.left.step : cut.right.step)) })
    }
}
