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
        logOdds.map { ElementaryFunctions.logistic(line.intercept + line.slope * $0) }
    }

    /// See ``Calibration/line(logOdds:labels:weights:)``.
    func line() -> Calibration.Line? {
        guard let share, isSolvable else { return nil }
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

    /// The share of label 1; nil when one class is empty.
    private var share: Double? {
        let positive = positives.reduce(0, +)
        let negative = negatives.reduce(0, +)
        return positive > 0 && negative > 0 ? positive / (positive + negative) : nil
    }

    /// True if the log-odds differ and the ranges of the classes overlap by more than one point, so that they
    /// are not separated.
    private var isSolvable: Bool {
        var range = [(least: Double.infinity, most: -Double.infinity), (.infinity, -.infinity)]
        for place in logOdds.indices {
            let x = logOdds[place]
            if negatives[place] > 0 { range[0] = (min(range[0].least, x), max(range[0].most, x)) }
            if positives[place] > 0 { range[1] = (min(range[1].least, x), max(range[1].most, x)) }
        }
        return range[0].most > range[1].least && range[1].most > range[0].least
    }

    private func derivatives(_ line: Calibration.Line, withLoss: Bool = true) -> Derivatives {
        var sums = Derivatives()
        for place in logOdds.indices {
            let eta = line.intercept + line.slope * logOdds[place]
            let p = ElementaryFunctions.logistic(eta)
            let (positive, negative) = (positives[place], negatives[place])
            sums.add(logOdds[place], p, positive, negative)
            guard withLoss else { continue }
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

extension CalibrationRegression {
    /// See ``Calibration/intercept(logOdds:labels:weights:)``.
    ///
    /// Newton's method; a step that would leave the interval known to hold the root goes to its middle
    /// instead. `start` is an intercept nearby with the probabilities fitted there.
    func intercept(near start: (intercept: Double, fitted: [Double])? = nil) -> Double? {
        guard let share, let least = logOdds.min(), let most = logOdds.max() else { return nil }
        // The mean probability lies between those of the least and the largest log-odds, moved by the
        // intercept.
        let target = ElementaryFunctions.logit(share)
        var (low, high) = (target - most, target - least)
        var intercept = min(max(start?.intercept ?? 0, low), high)
        var fitted = start?.intercept == intercept ? start?.fitted : nil
        for _ in 0..<200 {
            let sums = slope(intercept, fitted: fitted)
            fitted = nil
            if sums.gradient > 0 { low = intercept } else { high = intercept }
            var next = intercept + sums.gradient / sums.curvature
            // Written so that a NaN step is refused too.
            if !(next >= low && next <= high) { next = low + (high - low) / 2 }
            let change = abs(next - intercept)
            intercept = next
            // Newton's steps square the error: after one of 1e-6 only rounding is left.
            if change < 1e-6 * max(1, abs(intercept)) { break }
        }
        return intercept
    }

    /// Returns the derivative of the log likelihood in the intercept, and its negative second derivative.
    private func slope(_ intercept: Double, fitted: [Double]?) -> (gradient: Double, curvature: Double) {
        var sums = (gradient: 0.0, curvature: 0.0)
        for place in logOdds.indices {
            let p = fitted.map { $0[place] } ?? ElementaryFunctions.logistic(intercept + logOdds[place])
            sums.gradient += positives[place] * (1 - p) - negatives[place] * p
            sums.curvature += (positives[place] + negatives[place]) * p * (1 - p)
        }
        return sums
    }
}

extension Calibration.Line {
    fileprivate func moved(by step: Calibration.Line, factor: Double = 1) -> Calibration.Line {
        Calibration.Line(slope: slope + factor * step.slope, intercept: intercept + factor * step.intercept)
    }

    /// Returns the larger of the two changes, relative to the larger coefficient where that is above 1.
    fileprivate func change(to other: Calibration.Line) -> Double {
        max(abs(other.slope - slope), abs(other.intercept - intercept))
            / max(1, abs(other.slope), abs(other.intercept))
    }
}
