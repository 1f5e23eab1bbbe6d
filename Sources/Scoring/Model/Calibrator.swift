import LimpetNumerics

/// A map from a model's log-odds to a calibrated probability that keeps the order of users.
public enum Calibrator: Hashable, Sendable {
    /// The logistic function of the log-odds, without recalibration.
    case none
    /// `logistic(intercept + slope · logOdds)` with a slope above 0 (J. Platt, 1999).
    case platt(slope: Double, intercept: Double)
    /// Linear interpolation between knots of strictly increasing probabilities, constant outside.
    case isotonic(logOdds: [Double], probabilities: [Double])

    /// Returns the calibrated probability for log-odds.
    public func probability(_ logOdds: Double) -> Double {
        switch self {
        case .none: return ElementaryFunctions.logistic(logOdds)
        case .platt(let slope, let intercept):
            return ElementaryFunctions.logistic(intercept + slope * logOdds)
        case .isotonic(let knots, let values):
            let steps = Term.Steps(edges: knots, values: [])
            let upper = steps.bin(logOdds)
            guard upper > 0 else { return values[0] }
            guard upper < knots.count else { return values[values.count - 1] }
            let share = (logOdds - knots[upper - 1]) / (knots[upper] - knots[upper - 1])
            // Rounding must not lift a value just below a knot above the knot's own value.
            return min(values[upper], values[upper - 1] + share * (values[upper] - values[upper - 1]))
        }
    }
}
