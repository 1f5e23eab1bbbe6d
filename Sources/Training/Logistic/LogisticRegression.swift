public import LimpetLinearAlgebra

/// Logistic regression with an L2 penalty by iteratively reweighted least squares.
///
/// Minimises `Σ w·[softplus(η) − y·η] + ½ λ Σ β_j²` with `η = X β + offset`, the first column of `X` being
/// the intercept, which is not penalised; by `LogisticSolver`. In glmnet's terms, which divides the losses
/// by the number of rows, this λ is its `lambda · (1 − alpha) · n`.
public struct LogisticRegression: Sendable {
    /// The coefficients, the intercept first.
    public let coefficients: [Double]
    /// The square roots of the diagonal of `(X'WX + λI)⁻¹` at the solution: the usual standard errors without
    /// a penalty, and the posterior's standard deviations with one (flat for the intercept, normal with
    /// variance `1 / λ` for the others), which do not include the penalty's bias. Empty for fits of a path.
    public let standardErrors: [Double]
    /// The value of the objective.
    public let objective: Double
    /// The number of Newton steps.
    public let iterations: Int

    /// The largest number of Newton steps.
    public static let iterationLimit = 200

    /// Fits the coefficients, with standard errors.
    ///
    /// - Parameters:
    ///   - penalty: λ, at least 0.
    ///   - weights: of each row, at least 0: 2 counts the row twice, 0 leaves it out; nil for ones.
    ///   - offsets: the constant added to each row's log-odds; nil for zeros.
    /// - Throws: ``LogisticRegressionError`` when columns depend on each other or separate the classes, or
    ///   the steps do not converge.
    public init(
        _ design: DesignMatrix, labels: [Bool], penalty: Double, weights: [Double]? = nil,
        offsets: [Double]? = nil
    ) throws(LogisticRegressionError) {
        let rows = LogisticRows(design, labels: labels, weights: weights, offsets: offsets)
        let shape = SeparablePenalty.ridge(penalty, columns: rows.columns)
        do {
            let solver = try LogisticFitter(rows, penalty: shape).fit()
            let curvature = LogisticFitter.sum(rows.curvatures(solver.solution))
            let factor = try ConvergenceCheck.check(solver, rows, curvature: curvature)
            self.init(solver, standardErrors: factor.inverseDiagonal.map { $0.squareRoot() })
        } catch {
            throw ConvergenceCheck.named(error, rows, shape)
        }
    }

    /// Fits penalties in sequence, each from the solution of the previous one, to a tolerance that suffices
    /// to compare them; without standard errors.
    package static func path(
        _ design: DesignMatrix, labels: [Bool], penalties: [Double]
    ) throws(LogisticRegressionError) -> [LogisticRegression] {
        let rows = LogisticRows(design, labels: labels)
        var last: LogisticSolver?
        var path: [LogisticRegression] = []
        for penalty in penalties {
            var fitter = LogisticFitter(rows, penalty: .ridge(penalty, columns: rows.columns))
            fitter.tolerance = .relative(1e-9)
            fitter.start = last?.solution
            fitter.curvature = last?.curvature
            let solver = try fitter.fit()
            path.append(LogisticRegression(solver, standardErrors: []))
            last = solver
        }
        return path
    }

    private init(_ solver: LogisticSolver, standardErrors: [Double]) {
        coefficients = solver.solution
        objective = solver.objective
        iterations = solver.iterations
        self.standardErrors = standardErrors
    }
}

extension SeparablePenalty {
    /// Returns `½ λ β²` for every column but the first.
    package static func ridge(_ penalty: Double, columns: Int) -> SeparablePenalty {
        var shape = SeparablePenalty(count: columns)
        for column in shape.l2.indices.dropFirst() { shape.l2[column] = penalty }
        return shape
    }
}
