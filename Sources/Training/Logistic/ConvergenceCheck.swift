package import LimpetLinearAlgebra

/// The checks of a logistic regression's solution, and the diagnosis of fits that have none.
package enum ConvergenceCheck {
    /// Returns the Cholesky factor of the curvature at the solution, or throws when the solution is not a
    /// minimum.
    ///
    /// Where columns separate the classes, the objective keeps falling by ever smaller amounts while each
    /// further step still moves the log-odds by about 1.
    ///
    /// - Parameter curvature: `X'WX` at the solution.
    package static func check(
        _ solver: LogisticSolver, _ rows: LogisticRows, curvature: Matrix
    ) throws(LogisticRegressionError) -> CholeskyFactor {
        let factor: CholeskyFactor
        do {
            factor = try LogisticSolver.factor(curvature, l2: solver.penalty.l2)
        } catch {
            throw .dependentColumn(error.column)
        }
        guard isOpen(solver.penalty) else { return factor }
        let slope = solver.value.gradient.indices.map {
            solver.value.gradient[$0] + solver.penalty.l2[$0] * solver.coefficients[$0]
        }
        let step = factor.solve(slope)
        let further = zip(solver.coefficients, step).map { $0 - $1 }
        for block in rows.blocks {
            let both = block.logOdds(solver.coefficients + further)
            for row in 0..<block.rows
            where abs(both[row] - both[block.rows + row]) > 0.01 * max(1, abs(both[row])) {
                throw .notConverged(iterations: solver.iterations, decrement: solver.decrement)
            }
        }
        return factor
    }

    /// Returns true if a coefficient other than the intercept has no penalty, so that it may diverge.
    static func isOpen(_ penalty: SeparablePenalty) -> Bool {
        (1..<max(1, penalty.count)).contains { penalty.l2[$0] == 0 && penalty.l1[$0] == 0 }
            || penalty.count == 1
    }

    /// Returns the error with its cause, where one is found: steps that do not converge, or a curvature that
    /// vanished meanwhile, are most often a separation.
    package static func named(
        _ error: LogisticRegressionError, _ rows: LogisticRows, _ penalty: SeparablePenalty
    ) -> LogisticRegressionError {
        guard isOpen(penalty) else { return error }
        switch error {
        case .separated: return error
        case .dependentColumn, .notConverged:
            guard !dependsFromTheStart(rows) else { return error }
            let directions = divergence(rows, penalty)
            guard let found = Separation.find(rows, directions: directions) else { return error }
            return .separated(columns: found.columns, isComplete: found.isComplete)
        }
    }

    private static func dependsFromTheStart(_ rows: LogisticRows) -> Bool {
        let gram = LogisticFitter.sum(rows.curvatures([Double](repeating: 0, count: rows.columns)))
        return !PivotedCholesky(gram).dependent.isEmpty
    }

    /// Returns the directions in which coefficients move as a small penalty is reduced: along a separation,
    /// if there is one.
    private static func divergence(_ rows: LogisticRows, _ penalty: SeparablePenalty) -> [[Double]] {
        var ends: [[Double]] = []
        var last: [Double]?
        for strength in [1e-2, 1e-4, 1e-6, 1e-8] {
            var shape = penalty
            for column in 0..<shape.count where shape.l2[column] == 0 { shape.l2[column] = strength }
            var fitter = LogisticFitter(rows, penalty: shape)
            fitter.tolerance = .relative(1e-10)
            fitter.start = last
            guard let end = try? fitter.fit().coefficients else { break }
            if let last { ends.insert(zip(end, last).map { $0 - $1 }, at: 0) }
            last = end
        }
        return ends
    }
}
