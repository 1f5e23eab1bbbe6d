import LimpetEvaluation
package import LimpetScoring

/// A method of calibrating probabilities.
public enum CalibrationMethod: String, CaseIterable, Sendable {
    /// No calibration.
    case none
    /// A line through the log-odds.
    case platt
    /// An increasing step curve, where enough users have a label of 1.
    case isotonic
}

/// The fits of calibrators on held-out rows.
package enum CalibratorFit {
    /// The number of users with a label of 1 that isotonic curves need; below it Platt's line is fitted
    /// instead.
    package static let isotonicUsers = 1_000

    package static func fit(
        _ method: CalibrationMethod, logOdds: [Double], labels: [Bool], weights: [Double]? = nil,
        positiveUsers: Int
    ) -> Calibrator {
        switch method {
        case .none: return .none
        case .isotonic where positiveUsers >= isotonicUsers:
            return isotonic(logOdds: logOdds, labels: labels, weights: weights)
                ?? platt(logOdds: logOdds, labels: labels, weights: weights)
        case .platt, .isotonic: return platt(logOdds: logOdds, labels: labels, weights: weights)
        }
    }

    /// Returns J. Platt's line (1999). A slope that is not positive would reverse the order of users, so that
    /// such scores stay uncalibrated, as the report shows.
    package static func platt(
        logOdds: [Double], labels: [Bool], weights: [Double]? = nil
    ) -> Calibrator {
        guard let line = Calibration.line(logOdds: logOdds, labels: labels, weights: weights), line.slope > 0
        else { return .none }
        return .platt(slope: line.slope, intercept: line.intercept)
    }

    /// Returns the pool-adjacent-violators curve (M. Ayer et al., 1955) as knots at the means of its blocks.
    /// Rows with equal log-odds form one block from the start. Blocks at 0 and 1 are moved inwards by half an
    /// event, or half way to their neighbour where that is less, so that the curve stays within (0, 1) and
    /// rises strictly.
    package static func isotonic(
        logOdds: [Double], labels: [Bool], weights: [Double]? = nil
    ) -> Calibrator? {
        guard !logOdds.contains(where: \.isNaN) else { return nil }
        // The highest of the opposite numbers are the lowest log-odds.
        guard let order = ScoreOrder(logOdds.map { -$0 }, weights: weights)?.rows.map({ Int($0) }) else {
            return nil
        }
        var blocks: [Block] = []
        var next = 0
        while next < order.count {
            let x = logOdds[order[next]]
            var block = Block(count: 0, events: 0, sum: 0)
            while next < order.count, logOdds[order[next]] == x {
                let weight = weights?[order[next]] ?? 1
                block =
                    block + Block(count: weight, events: labels[order[next]] ? weight : 0, sum: weight * x)
                next += 1
            }
            while let last = blocks.last, last.rate >= block.rate {
                block = last + block
                blocks.removeLast()
            }
            blocks.append(block)
        }
        guard blocks.count >= 2 else { return nil }
        let (first, last) = (blocks[0], blocks[blocks.count - 1])
        if first.events == 0 { blocks[0].events = min(0.5, first.count * blocks[1].rate / 2) }
        if last.events == last.count {
            let before = blocks[blocks.count - 2].rate
            blocks[blocks.count - 1].events = last.count - min(0.5, last.count * (1 - before) / 2)
        }
        var knots: [Double] = []
        var values: [Double] = []
        for block in blocks {
            let rate = block.rate
            let knot = block.sum / block.count
            guard rate > values.last ?? 0, knot > knots.last ?? -.infinity else { continue }
            knots.append(knot)
            values.append(rate)
        }
        return knots.count >= 2 ? .isotonic(logOdds: knots, probabilities: values) : nil
    }

    private struct Block {
        var count: Double
        var events: Double
        var sum: Double

        var rate: Double { events / count }

        static func + (left: Block, right: Block) -> Block {
            Block(
                count: left.count + right.count, events: left.events + right.events,
                sum: left.sum + right.sum)
        }
    }
}
