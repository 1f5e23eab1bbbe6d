import LimpetNumerics
import LimpetScoring

/// The logistic regression of labels on one column of log-odds, where each value has a weight for either
/// label.
struct CalibrationRegression {
    var logOdds: [Double]
    var positives: [Double]
    var negatives: [Double]

    init(logOdds: [Double], positives: [Double], negatives: [Double]) {
        self.logOdds = logOdds
        self.positives = positives
        self.negatives = negatives
    }

    /// Creates a regression with one value for each row; nil when a row with weight has log-odds that are not
    /// finite, or when the lists differ in length.
    init?(_ logOdds: [Double], labels: [Bool], weights: [Double]?) {
        guard logOdds.count == labels.count, RowWeights.areValid(weights, rows: labels.count) else {
            return nil
        }
        self.init(logOdds: [], positives: [], negatives: [])
        self.logOdds.reserveCapacity(labels.count)
        positives.reserveCapacity(labels.count)
        negatives.reserveCapacity(labels.count)
        for row in labels.indices {
            let weight = weights?[row] ?? 1
            guard weight > 0 else { continue }
            guard logOdds[row].isFinite else { return nil }
            self.logOdds.append(logOdds[row])
            positives.append(labels[row] ? weight : 0)
            negatives.append(labels[row] ? 0 : weight)
        }
    }

    /// Returns the fitted probability of label 1 at each value.
    func fitted(_ line: Calibration.Line) -> [Double] {
        var fitted = logOdds.map { line.intercept + line.slope * $0 }
        var numbers = fitted.mutableSpan
        ElementaryFunctions.replaceByLogistic(&numbers)
        return fitted
    }

    /// See ``Calibration/line(logOdds:labels:weights:)``.
    ///
    /// - Parameter coarse: the same values in groups, whose line is a start; nil for none.
    func line(_ coarse: Coarse? = nil) -> Calibration.Line? {
        let extent = coarse?.extent ?? Extent(self)
        guard let share = extent.share, extent.isSolvable else { return nil }
        if let start = coarse?.groups?.line(), let line = line(from: start) { return line }
        var (line, sums) = start(share: share)
        var lastChange = Double.infinity
        for _ in 0..<100 {
            guard let step = sums.step else { return nil }
            var factor = 1.0
            var next = line.moved(by: step)
            var nextSums = derivatives(next)
            // Near the optimum the loss is a parabola, and what a step gains is lost in the rounding of its
            // sum.
            let isNear = sums.gain(of: step) < 1e-10 * sums.loss
            while !isNear, !(nextSums.loss <= sums.loss), factor > 1e-8 {
                factor /= 2
                next = line.moved(by: step, factor: factor)
                nextSums = derivatives(next)
            }
            let change = line.change(to: next)
            (line, sums) = (next, nextSums)
            guard abs(line.slope) < 1e3 else { return nil }
            if change < 1e-12 || (change < 1e-8 && change > lastChange / 2) { break }
            lastChange = change
        }
        return line
    }

    /// Returns the better start, the base rate or the identity, from which few steps remain.
    private func start(share: Double) -> (line: Calibration.Line, sums: Derivatives) {
        let base = Calibration.Line(slope: 0, intercept: ElementaryFunctions.logit(share))
        let identity = Calibration.Line(slope: 1, intercept: 0)
        let (baseSums, identitySums) = (derivatives(base), derivatives(identity))
        return identitySums.loss < baseSums.loss ? (identity, identitySums) : (base, baseSums)
    }

    /// Fits the same line from a start nearby, by Newton's method without evaluating the loss.
    ///
    /// The first step uses the probabilities fitted at the start, so that it needs no exponentials. Where the
    /// steps do not shrink fast, the line is fitted from the beginning.
    func line(near start: Calibration.Line, fitted: [Double]) -> Calibration.Line? {
        guard let step = derivatives(fitted: fitted).step else { return line() }
        var line = start.moved(by: step)
        var change = start.change(to: line)
        // Each step squares the error: after a step of 1e-6 only rounding is left.
        while change > 1e-6 {
            guard let step = derivatives(line, withLoss: false).step else { return self.line() }
            let moved = line.moved(by: step)
            let nextChange = line.change(to: moved)
            guard nextChange < change / 2, abs(moved.slope) < 1e3 else { return self.line() }
            (line, change) = (moved, nextChange)
        }
        return line
    }

    /// Fits the same line from one that is nearly right, by Newton's method without evaluating the loss; nil
    /// where the steps do not shrink fast.
    private func line(from start: Calibration.Line) -> Calibration.Line? {
        var (line, last) = (start, 0.1)
        for _ in 0..<8 {
            guard let step = derivatives(line, withLoss: false).step else { return nil }
            let next = line.moved(by: step)
            let change = line.change(to: next)
            guard change < last, abs(next.slope) < 1e3 else { return nil }
            // Each step squares the error: after one of 1e-7 what is left is below the 1e-12 of `line()`.
            if change < 1e-7 { return next }
            (line, last) = (next, change / 2)
        }
        return nil
    }

    /// The number of rows whose terms are computed together, so that they stay in the L1 cache.
    private static let blockRows = 1_024

    /// Calls `body` with each value's place and its probability on a line, in order.
    @inline(__always)
    func forEachFitted(
        _ line: Calibration.Line, _ body: (_ place: Int, _ eta: Double, _ p: Double) -> Void
    ) {
        let values = logOdds.span
        let length = min(Self.blockRows, values.count)
        guard length > 0 else { return }
        var etas = [Double](repeating: 0, count: length)
        var fitted = etas
        for start in stride(from: 0, to: values.count, by: length) {
            let count = min(length, values.count - start)
            for place in 0..<count {
                etas[place] = line.intercept + line.slope * values[start + place]
                fitted[place] = etas[place]
            }
            var span = fitted.mutableSpan
            ElementaryFunctions.replaceByLogistic(&span)
            for place in 0..<count { body(start + place, etas[place], fitted[place]) }
        }
    }

    private func derivatives(_ line: Calibration.Line, withLoss: Bool = true) -> Derivatives {
        var sums = Derivatives()
        let (values, positives, negatives) = (logOdds.span, positives.span, negatives.span)
        guard withLoss else {
            forEachFitted(line) { place, _, p in
                sums.add(values[place], p, positives[place], negatives[place])
            }
            return sums
        }
        forEachFitted(line) { place, eta, p in
            let (positive, negative) = (positives[place], negatives[place])
            sums.add(values[place], p, positive, negative)
            // log(1 + e^eta) from the larger of p and 1 − p, which is already known.
            let softplus = max(eta, 0) - ElementaryFunctions.log(max(p, 1 - p))
            sums.loss += (positive + negative) * softplus - positive * eta
        }
        return sums
    }

    private func derivatives(fitted: [Double]) -> Derivatives {
        var sums = Derivatives()
        for place in logOdds.indices {
            sums.add(logOdds[place], fitted[place], positives[place], negatives[place])
        }
        return sums
    }

    /// The negative log likelihood, where it is requested; the gradient of the log likelihood; its negative
    /// Hessian.
    private struct Derivatives {
        var loss = 0.0
        var (g0, g1, h00, h01, h11) = (0.0, 0.0, 0.0, 0.0, 0.0)

        mutating func add(_ x: Double, _ p: Double, _ positive: Double, _ negative: Double) {
            let residual = positive * (1 - p) - negative * p
            let weight = (positive + negative) * p * (1 - p)
            g0 += residual
            g1 += residual * x
            h00 += weight
            h01 += weight * x
            h11 += weight * x * x
        }

        /// Returns twice the decrease of the loss along a Newton step, if the loss were a parabola.
        func gain(of step: Calibration.Line) -> Double { g0 * step.intercept + g1 * step.slope }

        /// The Newton step; nil where all of the weight lies at one value.
        var step: Calibration.Line? {
            let determinant = h00 * h11 - h01 * h01
            guard determinant > 1e-12 * h00 * h11 else { return nil }
            return Calibration.Line(
                slope: (h00 * g1 - h01 * g0) / determinant, intercept: (h11 * g0 - h01 * g1) / determinant)
        }
    }
}

extension Calibration.Line {
    func moved(by step: Calibration.Line, factor: Double = 1) -> Calibration.Line {
        Calibration.Line(slope: slope + factor * step.slope, intercept: intercept + factor * step.intercept)
    }

    /// Returns the larger of the two changes, relative to the larger coefficient where that is above 1.
    func change(to other: Calibration.Line) -> Double {
        max(abs(other.slope - slope), abs(other.intercept - intercept))
            / max(1, abs(other.slope), abs(other.intercept))
    }
}
