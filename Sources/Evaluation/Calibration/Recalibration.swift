import LimpetNumerics
public import LimpetScoring

/// A correction of probabilities that are no longer calibrated, by as little as the rows require: first the
/// intercept, then the slope.
///
/// With the old probability `p` and `z = logit p`, the new one is `logistic(a + b·z)`. First `b = 1` and `a`
/// is the root of `Σ (y − logistic(a + z))`. The slope is corrected too where that improves the fit beyond
/// chance: twice the gain in log likelihood, times users / rows since rows of one user are not independent,
/// is above ``criticalValue``. Rows count as often as their weights say.
public struct Recalibration: Hashable, Sendable {
    /// The intercept a.
    public var intercept: Double
    /// The slope b; 1 where only the intercept was corrected.
    public var slope: Double
    /// The likelihood ratio statistic of a free slope: twice the gain in log likelihood, times users / rows.
    public var slopeStatistic: Double

    /// The 95 % point of χ² with one degree of freedom.
    public static let criticalValue = 3.841458820694124
    /// The minimum number of rows of each label.
    public static let labelMinimum = 50

    /// An error of outcomes that allow no recalibration.
    public enum Problem: Error, Hashable, CustomStringConvertible {
        /// There are too few rows of one label.
        case tooFew(positives: Int, negatives: Int)
        /// No finite line is optimal.
        case noLine
        /// The scores rank users in the wrong order: the slope is not above 0.
        case reversed(slope: Double)

        /// A sentence that says what is wrong, for people.
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

    /// Fits the recalibration of the probabilities of outcomes.
    public init(_ outcomes: Outcomes) throws(Problem) {
        let (labels, weights) = (outcomes.labels, outcomes.weights)
        func rows(_ label: Bool) -> Double {
            labels.indices.reduce(0) { $0 + (labels[$1] == label ? weights?[$1] ?? 1 : 0) }
        }
        let (positives, negatives) = (rows(true), rows(false))
        guard min(positives, negatives) >= Double(Self.labelMinimum) else {
            throw .tooFew(positives: Int(min(positives, 0x1p53)), negatives: Int(min(negatives, 0x1p53)))
        }
        let logits = Calibration.logits(outcomes.probabilities)
        guard let shift = Calibration.intercept(logOdds: logits, labels: labels, weights: weights),
            let line = Calibration.line(logOdds: logits, labels: labels, weights: weights)
        else { throw .noLine }
        func loss(_ slope: Double, _ intercept: Double) -> Double {
            logits.indices.reduce(0) { sum, row in
                let eta = intercept + slope * logits[row]
                let loss = ElementaryFunctions.softplus(eta) - (labels[row] ? eta : 0)
                return sum + (weights?[row] ?? 1) * loss
            }
        }
        let users = Double(UserIndex(outcomes.users, weights: weights).count) / (positives + negatives)
        slopeStatistic = max(0, 2 * (loss(1, shift) - loss(line.slope, line.intercept)) * users)
        guard slopeStatistic > Self.criticalValue else {
            (intercept, slope) = (shift, 1)
            return
        }
        guard line.slope > 0 else { throw .reversed(slope: line.slope) }
        (intercept, slope) = (line.intercept, line.slope)
    }

    /// Returns the recalibrated probability for a probability.
    public func callAsFunction(_ probability: Double) -> Double {
        ElementaryFunctions.logistic(intercept + slope * Calibration.logits([probability])[0])
    }

    /// Returns a calibrator followed by this recalibration.
    ///
    /// The values at the knots of an isotonic calibrator are recalibrated, with linear interpolation between
    /// them as before.
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
