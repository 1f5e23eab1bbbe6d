import LimpetScoring

/// Whether probabilities mean what they say.
public enum Calibration {
    /// The number of rows with label 1, divided by the sum of the probabilities: 1 is right on average, above 1
    /// too many happened. Nil when nothing was expected.
    public static func observedToExpected(probabilities: [Double], labels: [Bool]) -> Double? {
        let expected = probabilities.reduce(0, +)
        guard expected > 0 else { return nil }
        return Double(labels.count { $0 }) / expected
    }

    /// A line through log-odds.
    public struct Line: Hashable, Sendable {
        /// 1 is right; below 1 the predictions are too extreme.
        public var slope: Double
        /// 0 is right, once the slope is.
        public var intercept: Double
    }

    /// The logistic regression of labels on log-odds, `logit P(y) = intercept + slope · x`, without penalty
    /// (D. Cox, 1958), by Newton's method with halved steps. Nil when one class is empty, when all log-odds
    /// are equal, or when the log-odds separate the classes, so that no finite slope is best.
    public static func line(logOdds: [Double], labels: [Bool]) -> Line? {
        let positives = labels.count { $0 }
        guard positives > 0, positives < labels.count, let first = logOdds.first,
            logOdds.contains(where: { $0 != first }), !separates(logOdds, labels)
        else { return nil }
        let share = Double(positives) / Double(labels.count)
        var line = Line(slope: 0, intercept: ElementaryFunctions.logit(share))
        var loss = self.loss(line, logOdds, labels)
        for _ in 0..<100 {
            let step = newtonStep(line, logOdds, labels)
            guard let step else { return nil }
            var factor = 1.0
            var next = line
            var nextLoss = Double.infinity
            while factor > 1e-8 {
                next = Line(
                    slope: line.slope + factor * step.slope,
                    intercept: line.intercept + factor * step.intercept)
                nextLoss = self.loss(next, logOdds, labels)
                if nextLoss <= loss { break }
                factor /= 2
            }
            let change = max(abs(next.slope - line.slope), abs(next.intercept - line.intercept))
            (line, loss) = (next, nextLoss)
            guard abs(line.slope) < 1e3 else { return nil }
            if change < 1e-12 * max(1, abs(line.slope), abs(line.intercept)) { break }
        }
        return line
    }

    /// Whether one class lies on one side of the other; at most they touch.
    private static func separates(_ logOdds: [Double], _ labels: [Bool]) -> Bool {
        var range = [(least: Double.infinity, most: -Double.infinity), (.infinity, -.infinity)]
        for (x, label) in zip(logOdds, labels) {
            let side = label ? 1 : 0
            range[side] = (min(range[side].least, x), max(range[side].most, x))
        }
        return range[0].most <= range[1].least || range[1].most <= range[0].least
    }

    private static func loss(_ line: Line, _ logOdds: [Double], _ labels: [Bool]) -> Double {
        zip(logOdds, labels).reduce(0.0) { sum, row in
            let eta = line.intercept + line.slope * row.0
            return sum + ElementaryFunctions.softplus(eta) - (row.1 ? eta : 0)
        }
    }

    private static func newtonStep(_ line: Line, _ logOdds: [Double], _ labels: [Bool]) -> Line? {
        var (g0, g1, h00, h01, h11) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for (x, label) in zip(logOdds, labels) {
            let p = ElementaryFunctions.logistic(line.intercept + line.slope * x)
            let residual = (label ? 1 : 0) - p
            let weight = p * (1 - p)
            g0 += residual
            g1 += residual * x
            h00 += weight
            h01 += weight * x
            h11 += weight * x * x
        }
        let determinant = h00 * h11 - h01 * h01
        guard determinant > 1e-12 * h00 * h11 else { return nil }
        return Line(
            slope: (h00 * g1 - h01 * g0) / determinant, intercept: (h11 * g0 - h01 * g1) / determinant)
    }
}
