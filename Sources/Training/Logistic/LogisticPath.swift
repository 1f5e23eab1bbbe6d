package import LimpetLinearAlgebra
import LimpetEvents

/// Fits of a path of penalties for several models at once: the folds of a cross-validation and that of all
/// rows.
///
/// Models and several neighbouring penalties share each pass over the rows. The solutions at the next
/// penalties are first predicted with the current quadratic model, whose cost does not depend on the number
/// of rows, then corrected with exact gradients until each is at its own optimum; so the strong rules and
/// screening of other algorithms would save nothing.
package struct LogisticPath: Sendable {
    package let rows: LogisticRows
    package let shape: PenaltyShape
    /// The segment that each model holds out; nil for the model of all rows.
    package let models: [Int?]
    let threads: Int
    /// True for the columns that each model has, `[models][columns]`; nil where all have all.
    var columnsOfModel: [[Bool]]?
    /// The monitor that can stop the path after the current penalties; nil for none.
    var monitor: TrainingMonitor?
    /// The bound of half the Newton decrement per unit of weight at which a point is converged, before its
    /// last step, for models of all rows.
    package var tolerance = 1e-10
    /// The same bound for models that hold rows out, whose validation losses are known much less precisely
    /// than this.
    package var foldTolerance = 1e-8
    /// The precision of losses and gradients. Where one path serves several models, it only has to find the
    /// best penalty, and with 32 bits ``foldTolerance`` applies to all of them.
    package var precision = RowBlock.Precision.double

    /// The number of rows from which the rounding error of a loss in 32 bits is far below ``foldTolerance``:
    /// errors of rows cancel each other, while the tolerance grows with their number.
    package static let singlePrecisionRows = 50_000

    /// The solution of one model at one penalty.
    package struct Point: Sendable {
        /// The coefficients, the intercept first.
        package var coefficients: [Double]
        /// The sum of losses over the model's own rows, one small step before ``coefficients``.
        package var loss: Double
    }

    package struct Result: Sendable {
        /// The penalties that the path reached.
        package var penalties: [Double]
        /// The solutions, `[models][penalties]`.
        package var points: [[Point]]
        /// The number of evaluations of losses and gradients over all rows, counted in coefficient vectors.
        package var evaluations: Int
        /// The number of matrices `X'WX` that were computed.
        package var curvatures: Int
    }

    package init(_ rows: LogisticRows, shape: PenaltyShape, models: [Int?], threads: Int) {
        self.rows = rows
        self.shape = shape
        self.models = models
        self.threads = threads
        if models.count > 1, rows.count >= Self.singlePrecisionRows { precision = .single }
    }

    /// Returns the standard deviation of each column among each model's rows; 0 for those that it does not
    /// have, whose coefficients stay 0.
    func deviations() async throws -> [[Double]] {
        let all = try await rows.deviations(heldOut: models, threads: threads)
        guard let columnsOfModel else { return all }
        return zip(all, columnsOfModel).map { zip($0, $1).map { $1 ? $0 : 0 } }
    }

    /// Runs the path over penalties, strongest first.
    ///
    /// - Parameter stopsEarly: true to end where 99.9 % of the deviance are explained.
    package func run(
        _ penalties: [Double], stopsEarly: Bool = true,
        progress: @Sendable (Double) -> Void = { _ in }
    ) async throws -> Result {
        do {
            return try await steps(penalties, stopsEarly: stopsEarly, progress: progress)
        } catch let error as LogisticRegressionError where precision == .single {
            // Columns of very different sizes may need all digits; a failure with 64 bits is thrown.
            guard case .notConverged = error else { throw error }
            var path = self
            path.precision = .double
            return try await path.steps(penalties, stopsEarly: stopsEarly, progress: progress)
        }
    }

    private var isStopRequested: Bool { monitor?.isStopRequested ?? false }

    private func steps(
        _ penalties: [Double], stopsEarly: Bool, progress: @Sendable (Double) -> Void
    ) async throws -> Result {
        if isWide { return try await wideSteps(penalties, stopsEarly: stopsEarly, progress: progress) }
        var run = try await LogisticPathRun(self)
        while run.done < penalties.count, !(stopsEarly && run.explainsAll), !(run.done > 0 && isStopRequested)
        {
            let ahead = Array(penalties[run.done..<min(run.done + run.width, penalties.count)])
            try await run.advance(ahead)
            monitor?.loss = run.lastLoss
            progress(Double(run.done) / Double(penalties.count))
        }
        return run.result(Array(penalties[..<run.done]))
    }

    /// Returns the penalties of an elastic net's path for all rows.
    package func penalties(_ net: ElasticNet) async throws -> [Double] {
        var deviations = try await rows.deviations(heldOut: [nil], threads: threads)[0]
        if let whole = models.firstIndex(of: nil), let columns = columnsOfModel?[whole] {
            deviations = zip(deviations, columns).map { $1 ? $0 : 0 }
        }
        let null = try await nullFit(deviations)
        let weight = rows.segmentWeights.reduce(0, +)
        var largest = 0.0
        for column in 1..<max(1, rows.columns) where deviations[column] > 0 && shape.factors[column] > 0 {
            let slope = null.gradient[column]
            guard slope < 0 ? shape.upper[column] > 0 : shape.lower[column] < 0 else { continue }
            let deviation = shape.isStandardised[column] ? deviations[column] : 1
            largest = max(largest, abs(slope) / (weight * deviation * shape.factors[column]))
        }
        return net.penalties(largest: largest, rows: rows.count, columns: rows.columns - 1)
    }

    /// Returns loss and gradient on all rows with all penalised coefficients at 0.
    private func nullFit(_ deviations: [Double]) async throws -> LogisticRows.Value {
        let free = shape.factors.indices.filter { shape.factors[$0] == 0 }
        var fitter = LogisticFitter(
            rows.selecting(columns: free), penalty: shape.null(deviations: deviations).selecting(free))
        fitter.tolerance = .relative(1e-13)
        let solver = try await fitter.fit(threads: threads)
        let point = LogisticRows.Point(solver.coefficients.spread(over: rows.columns, at: free))
        return try await rows.values([point], threads: threads)[0]
    }

    /// True when `X'WX` of all columns would be needlessly large: with L1, few of the columns stay.
    private var isWide: Bool { shape.l1Ratio > 0 && rows.columns > min(rows.count, Self.wideColumns) }

    /// The number of columns from which a path works on subsets of them, whatever the number of rows.
    private static let wideColumns = 1_024

    private func wideSteps(
        _ penalties: [Double], stopsEarly: Bool, progress: @Sendable (Double) -> Void
    ) async throws -> Result {
        var run = try await WidePathRun(self)
        while run.done < penalties.count, !(stopsEarly && run.explainsAll), !(run.done > 0 && isStopRequested)
        {
            try await run.advance(penalties[run.done], after: run.done > 0 ? penalties[run.done - 1] : nil)
            progress(Double(run.done) / Double(penalties.count))
        }
        return run.result(Array(penalties[..<run.done]))
    }
}
