import LimpetNumerics
package import LimpetLinearAlgebra
import LimpetScoring

/// A fit of one logistic regression on all rows, with sums over rows on one or several threads; both give the
/// same bits.
package struct LogisticFitter: Sendable {
    /// The rows, of all segments.
    package let rows: LogisticRows
    /// The penalty added to the losses.
    package let penalty: SeparablePenalty
    /// The bound of half the Newton decrement at which the fit ends.
    package var tolerance = LogisticSolver.Tolerance.relative(1e-14)
    /// The initial coefficients; nil for the base rate.
    package var start: [Double]?
    /// `X'WX` for the first steps; nil to compute it.
    package var curvature: Matrix?

    /// The number of rows in the sample for the first steps: the larger of a minimum and a multiple of the
    /// columns.
    private static let sampleRows = (least: 32_768, perColumn: 200)

    package init(_ rows: LogisticRows, penalty: SeparablePenalty) {
        self.rows = rows
        self.penalty = penalty
    }

    /// Returns the solution, computed on one thread.
    package func fit() throws(LogisticRegressionError) -> LogisticSolver {
        if let sampled {
            guard let first = try? sampled.fitter.fit() else { return try finish(solver(start, curvature)) }
            return try finish(continuing(first, stride: sampled.stride))
        }
        return try finish(solver(start, curvature))
    }

    /// Returns the solution, computed on several threads.
    package func fit(threads: Int) async throws -> LogisticSolver {
        if let sampled {
            do {
                let first = try await sampled.fitter.fit(threads: threads)
                return try await finish(continuing(first, stride: sampled.stride), threads: threads)
            } catch is LogisticRegressionError {
                // All rows may have a solution where a sample has none.
            }
        }
        return try await finish(solver(start, curvature), threads: threads)
    }

    private func finish(_ start: LogisticSolver) throws(LogisticRegressionError) -> LogisticSolver {
        var solver = start
        while true {
            switch solver.request {
            case .value(let point): try solver.receive(rows.values([LogisticRows.Point(point)])[0])
            case .curvature(let point): try solver.receive(curvature: Self.sum(rows.curvatures(point)))
            case .none: return solver
            }
        }
    }

    private func finish(_ start: LogisticSolver, threads: Int) async throws -> LogisticSolver {
        var solver = start
        while true {
            switch solver.request {
            case .value(let point):
                try solver.receive(try await rows.values([LogisticRows.Point(point)], threads: threads)[0])
            case .curvature(let point):
                try solver.receive(
                    curvature: Self.sum(try await rows.curvatures(point, threads: threads)))
            case .none: return solver
            }
        }
    }

    private func solver(_ start: [Double]?, _ curvature: Matrix?) -> LogisticSolver {
        LogisticSolver(
            start: start ?? rows.baseRate(), penalty: penalty, curvature: curvature, tolerance: tolerance)
    }

    // MARK: The first steps on a sample of rows

    /// The fit of every `stride`th block, where that saves work. The tolerance is coarse, since chance moves
    /// a sample's solution away from that of all rows anyway.
    private var sampled: (fitter: LogisticFitter, stride: Int)? {
        let wanted = max(Self.sampleRows.least, Self.sampleRows.perColumn * rows.columns)
        let stride = rows.count / wanted
        guard curvature == nil, stride >= 4 else { return nil }
        var penalty = penalty
        for j in 0..<penalty.count {
            penalty.l1[j] /= Double(stride)
            penalty.l2[j] /= Double(stride)
            // Keeps the coefficient of a column that is almost constant in the sample near its start.
            if j > 0 { penalty.l2[j] += 1e-3 }
        }
        var fitter = LogisticFitter(rows.sampled(every: stride), penalty: penalty)
        fitter.tolerance = .absolute(0.01 * Double(rows.columns))
        fitter.start = start ?? rows.baseRate()
        return (fitter, stride)
    }

    private func continuing(_ first: LogisticSolver, stride: Int) -> LogisticSolver {
        var curvature = first.curvature
        curvature?.scale(by: Double(stride))
        return solver(first.solution, curvature)
    }

    /// Returns the sum of matrices of one shape.
    static func sum(_ matrices: [Matrix]) -> Matrix {
        var sum = matrices[0]
        for matrix in matrices.dropFirst() { sum.add(matrix) }
        return sum
    }
}

extension LogisticRows {
    /// Returns coefficients of 0 with the log-odds of the weighted share of ones as intercept, clamped to ±5.
    func baseRate() -> [Double] {
        var (ones, total) = (0.0, 0.0)
        for block in blocks {
            guard let weights = block.weights else {
                ones += block.labels.reduce(0, +)
                total += Double(block.rows)
                continue
            }
            for (label, weight) in zip(block.labels, weights) {
                ones += label * weight
                total += weight
            }
        }
        var start = [Double](repeating: 0, count: columns)
        let share = total > 0 ? ones / total : 0.5
        if columns > 0 {
            start[0] = max(-5, min(5, ElementaryFunctions.logit(max(1e-9, min(1 - 1e-9, share)))))
        }
        return start
    }
}
