import LimpetLinearAlgebra
import LimpetTestSupport
import Testing

/// The quadratic model of a lane against one that keeps a gradient of every row.
@Suite struct LaneModelTests {
    private struct Sample {
        var axes: [RowSets.Axis]
        var columns: [[UInt8]]
        var weights: [Float]
        var gradients: [Double]
    }

    /// Numbers with and without missing values, and levels; most rows of one input are in a single bin.
    private func sample(rows: Int, seed: UInt64 = 4) -> Sample {
        var uniforms = Uniforms(seed: seed)
        let axes = [
            (7, true, false), (9, false, false), (5, false, true), (2, false, false), (4, true, true),
        ]
        .map { RowSets.Axis(bins: $0.0, hasMissing: $0.1, isLevels: $0.2) }
        let columns = axes.enumerated().map { index, axis in
            (0..<rows).map { _ -> UInt8 in
                if index == 1, uniforms.next() < 0.8 { return 2 }
                return UInt8(uniforms.next() * Double(axis.bins))
            }
        }
        return Sample(
            axes: axes, columns: columns,
            weights: (0..<rows).map { _ in Float(0.05 + 0.2 * uniforms.next()) },
            gradients: (0..<rows).map { _ in uniforms.normal() * 0.4 + 0.05 })
    }

    private func sums(_ sample: Sample, _ gradients: [Double]) -> [LaneModel.Sums] {
        sample.axes.indices.map { input in
            var sums = LaneModel.Sums(
                gradients: [Double](repeating: 0, count: sample.axes[input].bins),
                hessians: [Double](repeating: 0, count: sample.axes[input].bins),
                users: [Double](repeating: 0, count: sample.axes[input].bins))
            for (row, bin) in sample.columns[input].enumerated() {
                sums.gradients[Int(bin)] += gradients[row]
                sums.hessians[Int(bin)] += Double(sample.weights[row])
                sums.users[Int(bin)] += 1
            }
            return sums
        }
    }

    /// True for rows on the left of a stump.
    private func isLeft(_ bin: UInt8, _ stump: LaneModel.Stump, _ axis: RowSets.Axis, _ levels: [Int]) -> Bool
    {
        if axis.isLevels { return levels.prefix(stump.position).contains(Int(bin)) }
        if axis.hasMissing, Int(bin) == axis.bins - 1 { return stump.isMissingLeft }
        return Int(bin) < stump.position
    }

    /// Returns the largest gain of all splits over the rows' sums.
    private func bestGain(_ sums: [LaneModel.Sums], _ axes: [RowSets.Axis], least: Double, l1: Double)
        -> Double
    {
        func shrunk(_ g: Double) -> Double { g > l1 ? g - l1 : g < -l1 ? g + l1 : 0 }
        var best = 0.0
        for (axis, sums) in zip(axes, sums) {
            let total = (g: sums.gradients.reduce(0, +), h: sums.hessians.reduce(0, +))
            let users = sums.users.reduce(0, +)
            func consider(_ left: [Int]) {
                let g = left.reduce(0) { $0 + sums.gradients[$1] }
                let h = left.reduce(0) { $0 + sums.hessians[$1] }
                let n = left.reduce(0) { $0 + sums.users[$1] }
                guard n >= least, users - n >= least else { return }
                let (l, r) = (shrunk(g), shrunk(total.g - g))
                best = max(best, l * l / (h + 1) + r * r / (total.h - h + 1))
            }
            let values = axis.isLevels || !axis.hasMissing ? axis.bins : axis.bins - 1
            var order = Array(0..<values)
            if axis.isLevels {
                order.sort { sums.gradients[$0] / sums.hessians[$0] > sums.gradients[$1] / sums.hessians[$1] }
            }
            for count in 1...values {
                let prefix = Array(order.prefix(count))
                if count < axis.bins { consider(prefix) }
                if values < axis.bins, count < values { consider(prefix + [axis.bins - 1]) }
            }
        }
        return best
    }

    @Test("rounds are those of a model that keeps a gradient of every row", arguments: [0.0, 1.5])
    func roundsAreThoseOfRows(l1: Double) throws {
        let sample = sample(rows: 900)
        let correlations = SetCorrelations(
            RowSets(sample.axes), columns: sample.columns, weights: sample.weights, threads: 2)
        var model = LaneModel(
            correlations, sums: sums(sample, sample.gradients),
            least: LaneModel.Least(users: 20, hessian: 1e-3),
            penalty: LaneModel.Penalty(l1: l1, l2: 1, rate: 0.3))
        var gradients = sample.gradients
        func shrunk(_ g: Double) -> Double { g > l1 ? g - l1 : g < -l1 ? g + l1 : 0 }
        let orders = sample.axes.indices.map { sample.axes[$0].isLevels ? model.levels(of: $0) : [] }
        for round in 0..<25 {
            let found = model.search()
            let stump = try #require(found)
            let rows = gradients.indices.map {
                isLeft(
                    sample.columns[stump.feature][$0], stump, sample.axes[stump.feature],
                    orders[stump.feature])
            }
            var (left, right) = ((g: 0.0, h: 0.0), (g: 0.0, h: 0.0))
            for (row, isLeft) in rows.enumerated() {
                if isLeft {
                    left = (left.g + gradients[row], left.h + Double(sample.weights[row]))
                } else {
                    right = (right.g + gradients[row], right.h + Double(sample.weights[row]))
                }
            }
            #expect(abs(stump.left + 0.3 * shrunk(left.g) / (left.h + 1)) < 2e-4)
            #expect(abs(stump.right + 0.3 * shrunk(right.g) / (right.h + 1)) < 2e-4)
            let gain = { (g: Double, h: Double) in shrunk(g) * shrunk(g) / (h + 1) }
            let best = bestGain(sums(sample, gradients), sample.axes, least: 20, l1: l1)
            // Levels keep the order of the first round.
            if round == 0 { #expect(abs(gain(left.g, left.h) + gain(right.g, right.h) - best) < 1e-3 * best) }
            #expect(gain(left.g, left.h) + gain(right.g, right.h) > 0.9 * best)
            for (row, isLeft) in rows.enumerated() {
                gradients[row] += Double(sample.weights[row]) * (isLeft ? stump.left : stump.right)
            }
            model.take(stump)
        }
    }

    @Test("steps of inputs with a direction go that way, and inputs that are not allowed stay")
    func directionsAndAllowedInputs() throws {
        let sample = sample(rows: 900, seed: 9)
        let correlations = SetCorrelations(
            RowSets(sample.axes), columns: sample.columns, weights: sample.weights, threads: 1)
        var model = LaneModel(
            correlations, sums: sums(sample, sample.gradients), least: LaneModel.Least(users: 1, hessian: 0),
            penalty: LaneModel.Penalty(l1: 0, l2: 1, rate: 0.3), directions: [0: 1, 1: -1])
        model.allow { $0 != 2 }
        for _ in 0..<25 {
            guard let stump = model.search() else { break }
            #expect(stump.feature != 2)
            if stump.feature == 0, stump.position > 0 { #expect(stump.right >= stump.left) }
            if stump.feature == 1 { #expect(stump.right <= stump.left) }
            model.take(stump)
        }
    }

    @Test("correlations are those of the sets, with any number of threads", arguments: [1, 2, 8])
    func correlationsAreThoseOfTheSets(threads: Int) {
        let sample = sample(rows: 700)
        let sets = RowSets(sample.axes)
        let one = SetCorrelations(sets, columns: sample.columns, weights: sample.weights, threads: 1)
        let many = SetCorrelations(sets, columns: sample.columns, weights: sample.weights, threads: threads)
        #expect(one.allElements == many.allElements)
        let indicators = sample.axes.indices.flatMap { self.indicators(of: sample, $0) }
        let weights = sample.weights.map { Double($0) }
        let total = weights.reduce(0, +)
        func mean(_ x: (Int) -> Double) -> Double {
            weights.indices.reduce(0) { $0 + weights[$1] * x($1) } / total
        }
        for (first, one) in indicators.enumerated() {
            for (second, other) in indicators.enumerated() {
                let (a, b) = (mean { one[$0] }, mean { other[$0] })
                let covariance = mean { one[$0] * other[$0] } - a * b
                let correlation = covariance / ((a - a * a) * (b - b * b)).squareRoot()
                let element = many.allElements[first * sets.stride + second]
                #expect(abs(Double(element) - correlation) < 1e-4)
            }
        }
    }

    /// The indicators of an input's sets.
    private func indicators(of sample: Sample, _ input: Int) -> [[Double]] {
        let axis = sample.axes[input]
        let column = sample.columns[input]
        guard !axis.isLevels else {
            return (0..<axis.bins).map { bin in column.map { Int($0) == bin ? 1 : 0 } }
        }
        let prefixes = (0..<axis.prefixes).map { bin in column.map { Int($0) <= bin ? 1.0 : 0 } }
        return axis.hasMissing ? prefixes + [column.map { Int($0) == axis.bins - 1 ? 1 : 0 }] : prefixes
    }
}
