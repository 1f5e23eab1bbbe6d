public import LimpetLinearAlgebra
import LimpetScoring

/// Logistic regression with an L2 penalty by iteratively reweighted least squares.
///
/// Minimises `Σ [softplus(η) − y·η] + ½ λ Σ β_j²` with `η = X β`, the first column of `X` being the intercept,
/// which is not penalised. Each step solves `(X'WX + λI) δ = X'(y − p) − λβ`, `W = p(1 − p)` (P. McCullagh and
/// J. Nelder, 1989), and is halved until the objective falls. The gradient is always exact; `X'WX`, which costs
/// far more, is kept as long as steps with it bring the gradient down quickly (chord steps).
public struct LogisticRegression: Sendable {
    /// The coefficients, the intercept first.
    public private(set) var coefficients: [Double]
    /// The square roots of the diagonal of `(X'WX + λI)⁻¹` at the solution: the usual standard errors without a
    /// penalty, and the posterior's standard deviations with one.
    public private(set) var standardErrors: [Double] = []
    /// The value of the objective.
    public private(set) var objective: Double
    /// The steps that were made.
    public private(set) var iterations = 0
    /// `X'WX` as it was last computed, for the next fit of a path.
    private var curvature: Matrix

    /// The most steps.
    public static let iterationLimit = 200
    /// Chord steps go on while each leaves at most this share of the decrement.
    private static let chordShare = 0.1

    /// Fits the coefficients, with standard errors.
    ///
    /// - Parameter penalty: λ, from 0 on.
    /// - Throws: ``LogisticRegressionError`` when columns depend on each other or the steps do not end.
    public init(
        _ design: DesignMatrix, labels: [Bool], penalty: Double
    ) throws(LogisticRegressionError) {
        let start = [Double](repeating: 0, count: design.matrix.columns)
        let weights = [Double](repeating: 0.25, count: labels.count)
        self.init(start: start, curvature: design.gram(weights: weights))
        try minimise(design, labels, penalty: penalty, tolerance: 1e-14)
        let scores = design.product(coefficients)
        let probabilities = scores.map { ElementaryFunctions.logistic($0) }
        curvature = Self.curvature(design, probabilities)
        let factor = try Self.factor(curvature, penalty: penalty)
        standardErrors = factor.inverseDiagonal.map { $0.squareRoot() }
        // Where columns separate the classes the objective falls for ever, by less and less, while each further
        // step still moves the scores by about 1.
        let gradient = gradient(design, labels, probabilities, penalty: penalty)
        let step = factor.solve(gradient)
        guard zip(design.product(step), scores).allSatisfy({ abs($0) <= 0.01 * max(1, abs($1)) }) else {
            let decrement = zip(gradient, step).reduce(0.0) { $0 + $1.0 * $1.1 } / 2
            throw .notConverged(iterations: iterations, decrement: decrement)
        }
    }

    /// Fits one penalty after the other, each from where the one before ended, to a tolerance that is enough
    /// to compare them; without standard errors.
    package static func path(
        _ design: DesignMatrix, labels: [Bool], penalties: [Double]
    ) throws(LogisticRegressionError) -> [LogisticRegression] {
        let start = [Double](repeating: 0, count: design.matrix.columns)
        let weights = [Double](repeating: 0.25, count: labels.count)
        var fit = LogisticRegression(start: start, curvature: design.gram(weights: weights))
        var path: [LogisticRegression] = []
        for penalty in penalties {
            try fit.minimise(design, labels, penalty: penalty, tolerance: 1e-9)
            path.append(fit)
        }
        return path
    }

    private init(start: [Double], curvature: Matrix) {
        coefficients = start
        objective = .infinity
        self.curvature = curvature
    }

    /// Steps until half the Newton decrement, which is what the quadratic model can still fall, is below the
    /// tolerance's share of the objective.
    private mutating func minimise(
        _ design: DesignMatrix, _ labels: [Bool], penalty: Double, tolerance: Double
    ) throws(LogisticRegressionError) {
        var scores = design.product(coefficients)
        objective = Self.objective(scores, labels, coefficients, penalty)
        var factor = try Self.factor(curvature, penalty: penalty)
        var isFresh = false
        var lastDecrement = Double.infinity
        iterations = 0
        while true {
            let probabilities = scores.map { ElementaryFunctions.logistic($0) }
            let gradient = gradient(design, labels, probabilities, penalty: penalty)
            var step = factor.solve(gradient)
            var decrement = zip(gradient, step).reduce(0.0) { $0 + $1.0 * $1.1 } / 2
            if decrement <= tolerance * max(1, abs(objective)) { return }
            if !isFresh, decrement > Self.chordShare * lastDecrement || iterations == 1 {
                curvature = Self.curvature(design, probabilities)
                factor = try Self.factor(curvature, penalty: penalty)
                step = factor.solve(gradient)
                decrement = zip(gradient, step).reduce(0.0) { $0 + $1.0 * $1.1 } / 2
                isFresh = true
            } else {
                isFresh = false
            }
            lastDecrement = decrement
            iterations += 1
            guard iterations <= Self.iterationLimit else {
                throw .notConverged(iterations: iterations, decrement: decrement)
            }
            if !move(along: step, design, labels, penalty, scores: &scores) {
                // The objective is flat to its last bits here; with a stale curvature a fresh one may help.
                guard !isFresh else {
                    if decrement <= 1e-9 * max(1, abs(objective)) { return }
                    throw .notConverged(iterations: iterations, decrement: decrement)
                }
                lastDecrement = 0
            }
        }
    }

    private func gradient(
        _ design: DesignMatrix, _ labels: [Bool], _ probabilities: [Double], penalty: Double
    ) -> [Double] {
        let residuals = zip(labels, probabilities).map { ($0 ? 1 : 0) - $1 }
        var gradient = design.transposedProduct(residuals)
        for index in gradient.indices.dropFirst() { gradient[index] -= penalty * coefficients[index] }
        return gradient
    }

    /// Moves by the step, or by a half, a quarter… of it; false when no part of it lowers the objective.
    private mutating func move(
        along step: [Double], _ design: DesignMatrix, _ labels: [Bool], _ penalty: Double,
        scores: inout [Double]
    ) -> Bool {
        var factor = 1.0
        while factor > 1e-10 {
            let candidate = zip(coefficients, step).map { $0 + factor * $1 }
            let candidateScores = design.product(candidate)
            let value = Self.objective(candidateScores, labels, candidate, penalty)
            if value < objective || (factor == 1 && value == objective) {
                (coefficients, scores, objective) = (candidate, candidateScores, value)
                return true
            }
            factor /= 2
        }
        return false
    }

    private static func curvature(_ design: DesignMatrix, _ probabilities: [Double]) -> Matrix {
        design.gram(weights: probabilities.map { $0 * (1 - $0) })
    }

    private static func factor(
        _ curvature: Matrix, penalty: Double
    ) throws(LogisticRegressionError) -> CholeskyFactor {
        var matrix = curvature
        for index in 1..<max(1, matrix.columns) { matrix[index, index] += penalty }
        do {
            return try CholeskyFactor(matrix)
        } catch {
            throw .dependentColumn(error.column)
        }
    }

    private static func objective(
        _ scores: [Double], _ labels: [Bool], _ coefficients: [Double], _ penalty: Double
    ) -> Double {
        var sum = 0.0
        for (score, label) in zip(scores, labels) {
            sum += ElementaryFunctions.softplus(score) - (label ? score : 0)
        }
        let squares = coefficients.dropFirst().reduce(0.0) { $0 + $1 * $1 }
        return sum + 0.5 * penalty * squares
    }
}

/// Why coefficients could not be found.
public enum LogisticRegressionError: Error, Hashable, CustomStringConvertible {
    /// A column of the design matrix depends on the ones before it, and no penalty decides between them.
    case dependentColumn(Int)
    /// The steps do not end; without a penalty most often because a column separates the classes.
    case notConverged(iterations: Int, decrement: Double)

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .dependentColumn(let column):
            "column \(column) of the design depends on the ones before it; give a penalty above 0 (--l2)"
        case .notConverged(let iterations, let decrement):
            "no convergence after \(iterations) steps (decrement \(decrement)); a column may separate the "
                + "classes: give a penalty above 0 (--l2)"
        }
    }
}
