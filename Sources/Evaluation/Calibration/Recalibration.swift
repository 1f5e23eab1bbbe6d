import LimpetNumerics
public import LimpetScoring

/// Mends probabilities that have come to be wrong, by as little as the rows demand: first the intercept, then the slope.
///
/// With the old probability `p` and `z = logit p`, the new one is `logistic(a + b·z)`. First `b = 1` and `a` is the
/// root of `Σ (y − logistic(a + z))`. The slope is mended too where it pays beyond chance: twice the gain in log
/// likelihood, times users / rows since rows of one user repeat each other, is above ``criticalValue``.
public struct Recalibration: Hashable, Sendable {
    /// The intercept a.
    public var intercept: Double
    /// The slope b; 1 where only the intercept was mended.
    public var slope: Double
    /// Twice the gain in log likelihood that a free slope brings, for the independent users among the rows.
    public var slopeStatistic: Double

    /// The 95 % point of χ² with one degree of freedom.
    public static let criticalValue = 3.841458820694124
    /// How many rows of each label there must be.
    public static let labelMinimum = 50

    /// Why nothing can be mended.
    public enum Problem: Error, Hashable, CustomStringConvertible {
        /// Too few rows of one label.
        case tooFew(positives: Int, negatives: Int)
        /// No finite line is best.
        case noLine
        /// The scores put users in the wrong order: there is nothing to stretch.
        case reversed(slope: Double)

        /// What is missing.
        public var description: String {
            switch self {
            case .tooFew(let positives, let negatives):
                "there are \(positives) rows of label 1 and \(negatives) of label 0, expected at least "
                    + "\(Recalibration.labelMinimum) of each"
            case .noLine: "no line through the log-odds fits best: they separate the labels, or are all equal"
            case .reversed(let slope):
                "the slope would be \(slope): the scores put these users in the wrong order; train anew"
            }
        }
    }

    /// Finds what mends the probabilities of some outcomes.
    public init(_ outcomes: Outcomes) throws(Problem) {
        let (positives, negatives) = (outcomes.positives, outcomes.count - outcomes.positives)
        guard min(positives, negatives) >= Self.labelMinimum else {
            throw .tooFew(positives: positives, negatives: negatives)
        }
        let logits = Calibration.logits(outcomes.probabilities)
        guard let shift = Calibration.intercept(logOdds: logits, labels: outcomes.labels),
            let line = Calibration.line(logOdds: logits, labels: outcomes.labels)
        else { throw .noLine }
        func loss(_ slope: Double, _ intercept: Double) -> Double {
            zip(logits, outcomes.labels).reduce(0) { sum, row in
                let eta = intercept + slope * row.0
                return sum + ElementaryFunctions.softplus(eta) - (row.1 ? eta : 0)
            }
        }
        let users = Double(UserIndex(outcomes.users).count) / Double(outcomes.count)
        slopeStatistic = max(0, 2 * (loss(1, shift) - loss(line.slope, line.intercept)) * users)
        guard slopeStatistic > Self.criticalValue else {
            (intercept, slope) = (shift, 1)
            return
        }
        guard line.slope > 0 else { throw .reversed(slope: line.slope) }
        (intercept, slope) = (line.intercept, line.slope)
    }

    /// The new probability of an old one.
    public func callAsFunction(_ probability: Double) -> Double {
        ElementaryFunctions.logistic(intercept + slope * Calibration.logits([probability])[0])
    }

    /// A calibrator followed by this one. Of an isotonic one the values at its knots are mended, and straight lines
    /// lie between them as before.
    public func after(_ calibrator: Calibrator) -> Calibrator {
        switch calibrator {
        case .none: .platt(slope: slope, intercept: intercept)
        case .platt(let inner, let offset):
            .platt(slope: slope * inner, intercept: intercept + slope * offset)
        case .isotonic(let knots, let values):
            .isotonic(logOdds: knots, probabilities: values.map { self($0) })
        }
    }
}
