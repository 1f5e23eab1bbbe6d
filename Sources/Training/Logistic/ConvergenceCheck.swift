package import LimpetLinearAlgebra

/// What is looked at when a fit has ended, or could not.
package enum ConvergenceCheck {
    /// The factor of the curvature at the solution, when the solution is one.
    ///
    /// Where columns separate the classes the objective falls for ever, by less and less, while each further step
    /// still moves the log-odds by about 1.
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

    /// Whether some coefficient beside the intercept has nothing that keeps it finite.
    static func isOpen(_ penalty: SeparablePenalty) -> Bool {
        (1..<max(1, penalty.count)).contains { penalty.l2[$0] == 0 && penalty.l1[$0] == 0 }
            || penalty.count == 1
    }

    /// The error with its reason, where one is found: steps that do not end, or a curvature that vanished on the
    /// way, are most often a separation.
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

    /// Where coefficients go as a small penalty becomes smaller: along a separation, where there is one.
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
