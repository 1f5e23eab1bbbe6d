import LimpetParallel

/// The rows in cells of neighbouring scores, from the highest to the lowest; rows with equal scores share
/// one.
///
/// A metric of cells is that of the rows but for a small part of its interval, and there are few enough of
/// them for a replicate of the bootstrap to cost little: its rows are only added up.
struct ScoreCells: Sendable {
    /// The number of cells where scores are all different and weights equal.
    static let target = 4_096

    /// The groups of scores at which each cell starts, and the end of the last.
    let firstGroups: [Int32]
    /// The labels of each cell.
    let labels: ScoreGroups
    /// The unit of each row, by cell, and within it those of label 1 first.
    private let units: [Int32]
    /// The weights of the rows in the same order, divided by the largest; nil where all are equal.
    private let weights: [Float]?
    /// The place in `units` where the rows of either label start, `[cells][2]`, and the end.
    private let starts: [Int32]

    /// The number of cells.
    var count: Int { firstGroups.count - 1 }

    init(
        _ order: ScoreOrder, _ groups: ScoreGroups, _ units: ResamplingUnits, _ outcomes: Outcomes
    ) {
        firstGroups = Self.firstGroups(groups)
        labels = groups.merged(firstGroups)
        var places: [Int32] = []
        var starts: [Int32] = []
        places.reserveCapacity(order.rows.count)
        starts.reserveCapacity(2 * firstGroups.count)
        var zeros: [Int32] = []
        for cell in 0..<(firstGroups.count - 1) {
            starts.append(Int32(places.count))
            zeros.removeAll(keepingCapacity: true)
            let end = Int(order.starts[Int(firstGroups[cell + 1])])
            for place in Int(order.starts[Int(firstGroups[cell])])..<end {
                let row = order.rows[place]
                if outcomes.labels[Int(row)] { places.append(row) } else { zeros.append(row) }
            }
            starts.append(Int32(places.count))
            places += zeros
        }
        starts.append(Int32(places.count))
        self.starts = starts
        weights = outcomes.weights.map { weights in
            let most = weights.max() ?? 1
            return places.map { Float(weights[Int($0)] / most) }
        }
        self.units = places.map { units.ofRow[Int($0)] }
    }

    /// Returns the groups at which cells of about equal weight start. A group as heavy as a cell is one by
    /// itself.
    private static func firstGroups(_ groups: ScoreGroups) -> [Int32] {
        guard groups.count > target else { return (0...Int32(groups.count)).map { $0 } }
        let totals = groups.totals()
        let share = Double(target) / (totals.positives + totals.negatives)
        var starts: [Int32] = []
        var (before, last, wasHeavy) = (0.0, -1.0, false)
        for group in 0..<groups.count {
            let weight = (groups.positives[group] + groups.negatives[group]) * share
            let cell = before.rounded(.down)
            let isHeavy = weight >= 1
            if cell != last || isHeavy || wasHeavy { starts.append(Int32(group)) }
            (before, last, wasHeavy) = (before + weight, cell, isHeavy)
        }
        return starts + [Int32(groups.count)]
    }
}

extension ScoreCells {
    /// Returns the weights of both labels in each cell, for each replicate of a batch:
    /// `[cells][2][blocks]`, each block of 16 replicates.
    ///
    /// Rows are added in their order, so that nothing depends on the number of threads.
    func sums(_ draws: ReplicateDraws, threads: Int) -> [SIMD16<Float>] {
        let blocks = draws.blocks
        var sums = [SIMD16<Float>](repeating: .zero, count: 2 * count * blocks)
        let bounds = stride(from: 0, to: count, by: 64).map { 2 * $0 * blocks } + [sums.count]
        ConcurrentBlocks.forEachPart(of: &sums, bounds: bounds, threads: threads) { part, sums in
            let first = bounds[part] / blocks
            for place in 0..<(sums.count / blocks) {
                let rows = Int(starts[first + place])..<Int(starts[first + place + 1])
                if weights == nil {
                    addCounts(rows, draws, to: &sums, at: place * blocks)
                } else {
                    addWeights(rows, draws, to: &sums, at: place * blocks)
                }
            }
        }
        return sums
    }

    /// Adds rows that count equally: whole numbers, as many at a time as fit into 16 bits.
    private func addCounts(
        _ rows: Range<Int>, _ draws: ReplicateDraws, to sums: inout MutableSpan<SIMD16<Float>>, at first: Int
    ) {
        let (units, counts, blocks) = (units.span, draws.counts.span, draws.blocks)
        for start in stride(from: rows.lowerBound, to: rows.upperBound, by: draws.rowsWithin16Bits) {
            let end = min(start + draws.rowsWithin16Bits, rows.upperBound)
            for block in 0..<blocks {
                var sum = SIMD16<UInt16>.zero
                for place in start..<end { sum &+= counts[Int(units[place]) * blocks + block] }
                sums[first + block] += SIMD16<Float>(sum)
            }
        }
    }

    private func addWeights(
        _ rows: Range<Int>, _ draws: ReplicateDraws, to sums: inout MutableSpan<SIMD16<Float>>, at first: Int
    ) {
        guard let weights else { return }
        let (units, counts, blocks) = (units.span, draws.numbers.span, draws.blocks)
        // The sums of few rows at a time, so that 24 bits hold them.
        for start in stride(from: rows.lowerBound, to: rows.upperBound, by: 256) {
            let end = min(start + 256, rows.upperBound)
            for block in 0..<blocks {
                var sum = SIMD16<Float>.zero
                for place in start..<end {
                    sum += counts[Int(units[place]) * blocks + block] * weights[place]
                }
                sums[first + block] += sum
            }
        }
    }
}
