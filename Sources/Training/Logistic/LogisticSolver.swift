package import LimpetLinearAlgebra

/// Newton's method for one logistic regression with a penalty, as a state machine that requests each
/// evaluation, so that one pass over the rows answers many solvers, on one thread or several.
///
/// Minimises `Σ w·[softplus(η) − y·η] + Σ_j [l1_j |β_j| + ½ l2_j β_j²]` with `β` between bounds. Each step
/// minimises the quadratic that has the exact gradient and `X'WX`, `W = w p (1 − p)` (P. McCullagh and J.
/// Nelder, 1989), by one linear equation or, with L1 or bounds, by coordinate descent (J. Friedman, T. Hastie
/// and R. Tibshirani, 2010), and is halved until the objective falls (P. Tseng and S. Yun, 2009). `X'WX`,
/// which costs far more than a gradient, may be old or of a sample, as long as steps with it reduce the
/// decrement quickly (chord steps).
package struct LogisticSolver: Sendable {
    /// An evaluation that the solver needs next.
    package enum Request: Sendable {
        /// Loss and gradient at these coefficients.
        case value([Double])
        /// `X'WX` at these coefficients, both triangles.
        case curvature([Double])
        /// Nothing: the solver has ended.
        case none
    }

    /// The evaluation that the solver needs next.
    package private(set) var request: Request
    /// The best coefficients so far at which the objective was computed.
    package private(set) var coefficients: [Double]
    /// The best coefficients with the last step added, whose decrement is below the tolerance.
    package private(set) var solution: [Double]
    /// Loss and gradient at ``coefficients``, without the penalty.
    package private(set) var value = LogisticRows.Value(loss: .infinity, gradient: [])
    /// The Newton decrement: the remaining decrease of the quadratic model.
    package private(set) var decrement = Double.infinity
    /// The number of steps.
    package private(set) var iterations = 0
    /// The penalty added to the losses.
    package let penalty: SeparablePenalty
    /// The current `X'WX`; nil before the first one.
    package private(set) var curvature: Matrix?
    /// True when ``curvature`` was computed at ``coefficients``.
    package private(set) var isFresh = false

    private let tolerance: Tolerance
    private let iterationLimit: Int
    private var lastDecrement = Double.infinity
    private var step: [Double] = []
    private var predicted = 0.0
    private var share = 1.0
    private var factor: CholeskyFactor?
    private let isQuadratic: Bool
    /// The coefficients that may differ from 0; nil where all may.
    private let free: [Int]?
    /// The minimum of the last quadratic by coordinate descent, with the quadratic's gradient there.
    private var descent: CoordinateDescent.Result?

    /// The bound of half the Newton decrement at which the solver ends.
    package enum Tolerance: Sendable {
        /// A share of the objective, or of 1 where that is larger.
        case relative(Double)
        /// An absolute bound, in units of the sum of losses.
        case absolute(Double)
    }

    /// The share of the decrement that a chord step may leave; above it a new curvature is requested.
    private let chordShare: Double

    /// Makes a solver that begins at given coefficients.
    ///
    /// - Parameter curvature: `X'WX` near the start, both triangles; nil to request it.
    package init(
        start: [Double], penalty: SeparablePenalty, curvature: Matrix? = nil, tolerance: Tolerance,
        iterationLimit: Int = 200, chordShare: Double = 0.1
    ) {
        precondition(start.count == penalty.count)
        coefficients = start
        solution = start
        self.penalty = penalty
        self.curvature = curvature
        self.tolerance = tolerance
        self.iterationLimit = iterationLimit
        self.chordShare = chordShare
        isQuadratic = penalty.isQuadraticWhereFree
        let free = penalty.free
        self.free = free.count < penalty.count ? free : nil
        request = .value(start)
    }

    /// Continues from the solution of another solver of the same rows, under another penalty.
    ///
    /// - Parameters:
    ///   - curvature: `X'WX` near that solution, both triangles.
    ///   - neighbour: a solver that was made the same way, under a penalty in between.
    package init(
        after end: LogisticSolver, penalty: SeparablePenalty, curvature: Matrix, tolerance: Tolerance,
        neighbour: LogisticSolver? = nil
    ) throws(LogisticRegressionError) {
        self.init(
            start: end.coefficients, penalty: penalty, curvature: curvature, tolerance: tolerance,
            chordShare: 0.5)
        value = end.value
        descent = neighbour?.descent
        try plan()
    }

    /// The objective at ``coefficients``.
    package var objective: Double { value.loss + penalty.value(coefficients) }

    /// Takes the answer to a request for a value.
    package mutating func receive(_ answer: LogisticRows.Value) throws(LogisticRegressionError) {
        guard case .value(let candidate) = request else { preconditionFailure("no value was requested") }
        let reached = answer.loss + penalty.value(candidate)
        if iterations > 0 || objective.isFinite {
            let enough = objective - 1e-4 * share * predicted
            guard reached <= enough || (share == 1 && reached == objective) else { return try shorten() }
        } else if !reached.isFinite {
            throw .notConverged(iterations: 0, decrement: .infinity)
        }
        coefficients = candidate
        value = answer
        descent = nil
        isFresh = false
        try plan()
    }

    /// Takes the answer to a request for the curvature.
    package mutating func receive(curvature: Matrix) throws(LogisticRegressionError) {
        self.curvature = curvature
        (factor, descent) = (nil, nil)
        isFresh = true
        lastDecrement = .infinity
        try plan()
    }

    /// Computes the next step, requests an evaluation for it, or ends.
    private mutating func plan() throws(LogisticRegressionError) {
        guard let curvature else {
            request = .curvature(coefficients)
            return
        }
        let target: [Double]
        if isQuadratic {
            guard let point = try equationStep(curvature) else {
                request = .curvature(coefficients)
                return
            }
            target = point
        } else {
            let descent = CoordinateDescent.minimise(
                curvature, gradient: descent?.gradient ?? value.gradient,
                start: descent?.point ?? coefficients,
                penalty: penalty, tolerance: 1e-5 * threshold, sweepLimit: Self.sweepLimit(penalty.count))
            self.descent = descent
            target = descent.point
        }
        step = zip(target, coefficients).map { $0 - $1 }
        predicted = penalty.value(coefficients) - penalty.value(target)
        for (slope, move) in zip(value.gradient, step) { predicted -= slope * move }
        decrement = predicted / 2
        solution = target
        guard decrement > threshold else {
            request = .none
            return
        }
        if !isFresh, decrement > chordShare * lastDecrement {
            request = .curvature(coefficients)
            return
        }
        guard iterations < iterationLimit else {
            throw .notConverged(iterations: iterations, decrement: decrement)
        }
        lastDecrement = decrement
        iterations += 1
        share = 1
        request = .value(target)
    }

    /// Returns the limit of passes over coordinates, which together cost no more than a factorisation of a
    /// large matrix; an incomplete descent shows in the next decrement.
    private static func sweepLimit(_ columns: Int) -> Int {
        max(50, min(1_000, 200_000_000 / max(1, columns * columns)))
    }

    private var threshold: Double {
        switch tolerance {
        case .relative(let share): share * max(1, abs(objective))
        case .absolute(let value): value
        }
    }

    /// Returns the minimum of the quadratic; nil where an old curvature has none.
    private mutating func equationStep(_ curvature: Matrix) throws(LogisticRegressionError) -> [Double]? {
        let free = free ?? Array(coefficients.indices)
        if factor == nil {
            let isWhole = free.count == coefficients.count
            do {
                factor = try Self.factor(
                    isWhole ? curvature : curvature.selecting(free), l2: free.map { penalty.l2[$0] })
            } catch {
                guard isFresh else { return nil }
                throw .dependentColumn(free[error.column])
            }
        }
        let slope = free.map { value.gradient[$0] + penalty.l2[$0] * coefficients[$0] }
        let step = factor?.solve(slope) ?? []
        var point = coefficients
        for (place, j) in free.enumerated() { point[j] -= step[place] }
        return point
    }

    /// Returns the factor of `X'WX + diag(l2)`. A column with almost nothing left after removing the ones
    /// before it counts as dependent on them.
    static func factor(_ curvature: Matrix, l2: [Double]) throws(NotPositiveDefinite) -> CholeskyFactor {
        var matrix = curvature
        for j in l2.indices { matrix[j, j] += l2[j] }
        let diagonal = l2.indices.map { matrix[$0, $0] }
        let factor = try CholeskyFactor(matrix)
        if let column = zip(factor.pivots, diagonal).enumerated().first(where: { $1.0 <= 1e-13 * $1.1 })?
            .offset
        {
            throw NotPositiveDefinite(column: column)
        }
        return factor
    }

    /// Halves the step; at the smallest step requests a fresh curvature; if it is fresh already, ends, since
    /// the objective is flat to its last bits.
    private mutating func shorten() throws(LogisticRegressionError) {
        share /= 2
        if share > 1e-10, decrement > 1e-13 * abs(objective) || share > 0.2 {
            request = .value(zip(coefficients, step).map { $0 + share * $1 })
        } else if !isFresh {
            lastDecrement = 0
            request = .curvature(coefficients)
        } else if decrement <= 1e-9 * max(1, abs(objective)) {
            solution = coefficients
            request = .none
        } else {
            throw .notConverged(iterations: iterations, decrement: decrement)
        }
    }
}
