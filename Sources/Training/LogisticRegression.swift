public import LimpetLinearAlgebra
import LimpetScoring

/// Logistic regression with an L2 penalty by iteratively reweighted least squares.
///
/// Minimises `Σ [softplus(η) − y·η] + ½ λ Σ β_j²` with `η = X β`, the first column of `X` being the intercept,
/// which is not penalised. Each step solves `(X'WX + λI) δ = X'(y − p) − λβ`, `W = p(1 − p)` (P. McCullagh and
/// J. Nelder, 1989), and is halved until the objective falls.
public struct LogisticRegression: Sendable {
    /// The coefficients, the intercept first.
    public private(set) var coefficients: [Double]
    /// The square roots of the diagonal of `(X'WX + λI)⁻¹`: the usual standard errors without a penalty, and
    /// the posterior's standard deviations with one.
    public private(set) var standardErrors: [Double]
    /// The value of the objective.
    public private(set) var objective: Double
    /// The steps that were made.
    public private(set) var iterations: Int

    /// The most steps.
    public static let iterationLimit = 100

    /// Fits the coefficients.
    ///
    /// - Parameters:
    ///   - penalty: λ, from 0 on.
    ///   - start: coefficients to begin with; zeros by default.
    /// - Throws: ``LogisticRegressionError`` when columns depend on each other or the steps do not end.
    public init(
        _ design: DesignMatrix, labels: [Bool], penalty: Double, start: [Double]? = nil
    ) throws(LogisticRegressionError) {
        let size = design.matrix.columns
        coefficients = start ?? [Double](repeating: 0, count: size)
        var scores = design.product(coefficients)
        objective = Self.objective(scores, labels, coefficients, penalty)
        standardErrors = []
        iterations = 0
        while true {
            let probabilities = scores.map { ElementaryFunctions.logistic($0) }
            let factor = try Self.factor(design, probabilities, penalty: penalty)
            let residuals = zip(labels, probabilities).map { ($0 ? 1 : 0) - $1 }
            var gradient = design.transposedProduct(residuals)
            for index in 1..<max(1, size) { gradient[index] -= penalty * coefficients[index] }
            let step = factor.solve(gradient)
            // Half the Newton decrement: how much the quadratic model can still fall.
            let decrement = zip(gradient, step).reduce(0.0) { $0 + $1.0 * $1.1 } / 2
            if decrement <= 1e-12 * max(1, abs(objective)) {
                standardErrors = factor.inverseDiagonal.map { $0.squareRoot() }
                return
            }
            iterations += 1
            guard iterations <= Self.iterationLimit,
                move(along: step, design, labels, penalty, scores: &scores)
            else {
                throw .notConverged(iterations: iterations, decrement: decrement)
            }
        }
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

    private static func factor(
        _ design: DesignMatrix, _ probabilities: [Double], penalty: Double
    ) throws(LogisticRegressionError) -> CholeskyFactor {
        var gram = design.gram(weights: probabilities.map { $0 * (1 - $0) })
        for index in 1..<max(1, gram.columns) { gram[index, index] += penalty }
        do {
            return try CholeskyFactor(gram)
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
