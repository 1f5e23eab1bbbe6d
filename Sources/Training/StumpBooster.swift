import LimpetScoring

/// Gradient-boosted stumps (J. Friedman, 2001, with the second-order step of T. Chen and C. Guestrin, 2016).
///
/// Each round splits one input at one place, missing values on either side, where the quadratic model of the
/// log loss falls most. A stump only ever touches one input's bins, so the whole ensemble is a table per input.
package struct StumpBooster: Sendable {
    package let data: BinnedData
    private let labels: [Bool]
    private let userShares: [Double]
    private let settings: StumpSettings
    /// The log-odds of every row so far.
    package private(set) var logOdds: [Double]
    /// What each bin of each input adds.
    package private(set) var values: [[Double]]
    /// The log-odds before the first round.
    package let intercept: Double
    private var gradients: [Double]
    private var hessians: [Double]
    private let userCounts: [[Double]]

    package init(_ data: BinnedData, labels: [Bool], userShares: [Double], settings: StumpSettings) {
        self.data = data
        self.labels = labels
        self.userShares = userShares
        self.settings = settings
        let positives = Double(labels.count { $0 })
        intercept = ElementaryFunctions.logit(positives / Double(labels.count))
        logOdds = [Double](repeating: intercept, count: labels.count)
        values = data.definitions.map { [Double](repeating: 0, count: $0.binCount) }
        gradients = [Double](repeating: 0, count: labels.count)
        hessians = gradients
        userCounts = zip(data.columns, data.definitions).map { column, definition in
            var counts = [Double](repeating: 0, count: definition.binCount)
            for (bin, share) in zip(column, userShares) { counts[Int(bin)] += share }
            return counts
        }
    }

    /// One round.
    ///
    /// - Returns: the input that was split and what each of its bins gained; nil when no split lowers the loss
    ///   any more.
    package mutating func boost() -> (input: Int, values: [Double])? {
        for row in labels.indices {
            let p = ElementaryFunctions.logistic(logOdds[row])
            gradients[row] = p - (labels[row] ? 1 : 0)
            hessians[row] = p * (1 - p)
        }
        var best: (input: Int, stump: Stump)?
        for input in data.columns.indices where data.definitions[input].binCount > 1 {
            let histogram = Histogram(
                data.columns[input], gradients: gradients, hessians: hessians,
                binCount: data.definitions[input].binCount, users: userCounts[input])
            let search = StumpSearch(histogram: histogram, settings: settings)
            guard let stump = search.best(data.definitions[input]) else { continue }
            if stump.gain > best?.stump.gain ?? 0 { best = (input, stump) }
        }
        guard let best else { return nil }
        apply(best.stump, to: best.input)
        return (best.input, best.stump.values)
    }

    private mutating func apply(_ stump: Stump, to input: Int) {
        for bin in values[input].indices { values[input][bin] += stump.values[bin] }
        let column = data.columns[input]
        for row in column.indices { logOdds[row] += stump.values[Int(column[row])] }
    }
}

/// How stumps are boosted.
public struct StumpSettings: Hashable, Sendable {
    /// The part of each step that is taken.
    public var learningRate = 0.1
    /// The most rounds.
    public var maximumRounds = 2_000
    /// Rounds without a lower loss on held-out rows before boosting ends.
    public var patience = 50
    /// The most bins of an input.
    public var maximumBins = 255
    /// The L2 penalty on a bin's value, in units of the Hessian.
    public var l2 = 1.0
    /// The fewest users on each side of a split.
    public var minimumUsers = 20.0
    /// The least Hessian on each side of a split.
    public var minimumHessian = 1e-3
    /// Whether the number of rounds is chosen on held-out rows; else all rounds are made.
    public var stopsEarly = true

    /// The defaults.
    public init() {}
}

/// Sums of gradients and Hessians by bin.
struct Histogram {
    var gradients: [Double]
    var hessians: [Double]
    let users: [Double]

    /// Four partial histograms take the rows in turn: where most rows share a bin, one sum would have to wait
    /// for the addition before it.
    init(_ column: [UInt8], gradients: [Double], hessians: [Double], binCount: Int, users: [Double]) {
        var sums = [Double](repeating: 0, count: Self.lanes * Self.laneLength)
        Self.add(column.span, gradients.span, hessians.span, to: &sums)
        self.gradients = (0..<binCount).map { bin in Self.total(sums, place: bin * 2) }
        self.hessians = (0..<binCount).map { bin in Self.total(sums, place: bin * 2 + 1) }
        self.users = users
    }

    private static let lanes = 4
    private static let laneLength = 512

    private static func total(_ sums: [Double], place: Int) -> Double {
        (sums[place] + sums[place + laneLength])
            + (sums[place + 2 * laneLength] + sums[place + 3 * laneLength])
    }

    private static func add(
        _ column: Span<UInt8>, _ gradients: Span<Double>, _ hessians: Span<Double>, to sums: inout [Double]
    ) {
        precondition(gradients.count == column.count && hessians.count == column.count)
        var target = sums.mutableSpan
        let whole = column.count / lanes * lanes
        var row = 0
        while row < whole {
            for lane in 0..<lanes {
                let place = lane &* laneLength &+ Int(column[row &+ lane]) &* 2
                target[place] += gradients[row &+ lane]
                target[place &+ 1] += hessians[row &+ lane]
            }
            row &+= lanes
        }
        while row < column.count {
            let place = Int(column[row]) &* 2
            target[place] += gradients[row]
            target[place &+ 1] += hessians[row]
            row &+= 1
        }
    }
}

/// One split: what it adds to each bin, and how much the quadratic model falls.
struct Stump {
    var gain: Double
    var values: [Double]
}

/// Finds the best split of one input.
struct StumpSearch {
    let histogram: Histogram
    let settings: StumpSettings

    private struct Side {
        var gradient = 0.0
        var hessian = 0.0
        var users = 0.0

        static func + (left: Side, right: Side) -> Side {
            Side(
                gradient: left.gradient + right.gradient, hessian: left.hessian + right.hessian,
                users: left.users + right.users)
        }

        static func - (left: Side, right: Side) -> Side {
            Side(
                gradient: left.gradient - right.gradient, hessian: left.hessian - right.hessian,
                users: left.users - right.users)
        }
    }

    private func side(_ bin: Int) -> Side {
        Side(
            gradient: histogram.gradients[bin], hessian: histogram.hessians[bin],
            users: histogram.users[bin])
    }

    /// Numbers are split in their order; levels in the order of gradient over Hessian, which holds the best
    /// split into two groups (W. Fisher, 1958), whatever the penalty: it takes no part in the order.
    func best(_ definition: BinDefinition) -> Stump? {
        switch definition.kind {
        case .numbers: best(order: Array(0..<definition.valueBins))
        case .levels:
            best(order: (0..<definition.valueBins).sorted { ratio($0) > ratio($1) })
        }
    }

    private func ratio(_ bin: Int) -> Double {
        histogram.hessians[bin] > 0 ? histogram.gradients[bin] / histogram.hessians[bin] : 0
    }

    private func best(order: [Int]) -> Stump? {
        let missing = side(order.count)
        let known = order.reduce(Side()) { $0 + side($1) }
        let total = known + missing
        var left = Side()
        var best: (gain: Double, position: Int, missingLeft: Bool)?
        for (position, bin) in order.enumerated() {
            left = left + side(bin)
            for missingLeft in [true, false] {
                let leftSide = missingLeft ? left + missing : left
                let gain = gain(leftSide, total - leftSide, total)
                if gain > best?.gain ?? 1e-12 { best = (gain, position, missingLeft) }
            }
        }
        guard let best else { return nil }
        return stump(order, best.position, missingLeft: best.missingLeft, gain: best.gain, total: total)
    }

    private func stump(
        _ order: [Int], _ position: Int, missingLeft: Bool, gain: Double, total: Side
    ) -> Stump {
        let leftBins = order[...position]
        var left = leftBins.reduce(Side()) { $0 + side($1) }
        if missingLeft { left = left + side(order.count) }
        let leftValue = value(of: left) * settings.learningRate
        let rightValue = value(of: total - left) * settings.learningRate
        var values = [Double](repeating: rightValue, count: order.count + 1)
        for bin in leftBins { values[bin] = leftValue }
        values[order.count] = missingLeft ? leftValue : rightValue
        return Stump(gain: gain, values: values)
    }

    /// `−G / (H + λ)`, the step that minimises the quadratic model of one side.
    private func value(of side: Side) -> Double {
        -side.gradient / (side.hessian + settings.l2)
    }

    private func gain(_ left: Side, _ right: Side, _ total: Side) -> Double {
        guard min(left.users, right.users) >= settings.minimumUsers,
            min(left.hessian, right.hessian) >= settings.minimumHessian
        else { return 0 }
        func score(_ side: Side) -> Double {
            side.gradient * side.gradient / (side.hessian + settings.l2)
        }
        return score(left) + score(right) - score(total)
    }
}
