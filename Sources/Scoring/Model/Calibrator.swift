import LimpetNumerics

/// Turns a model's log-odds into a calibrated probability without changing the order of users.
public enum Calibrator: Hashable, Sendable {
    /// The log-odds are taken as they are.
    case none
    /// `logistic(intercept + slope · logOdds)` with a slope above 0 (J. Platt, 1999).
    case platt(slope: Double, intercept: Double)
    /// Straight lines between knots, strictly increasing, constant outside.
    case isotonic(logOdds: [Double], probabilities: [Double])

    /// The probability of log-odds.
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
            // Rounding may not carry a value just below a knot above the knot's own.
            return min(values[upper], values[upper - 1] + share * (values[upper] - values[upper - 1]))
        }
    }
}
