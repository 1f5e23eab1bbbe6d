import LimpetEvents
import LimpetLinearAlgebra
import LimpetParallel

/// The state of a running path.
struct LogisticPathRun {
    private let path: LogisticPath
    private let weights: [Double]
    private let deviations: [[Double]]
    private let sample: LogisticRows?
    private let sampleScale: Double
    /// The last solver of each model, with the exact gradient there.
    private var ends: [LogisticSolver] = []
    private var points: [[LogisticPath.Point]]
    private var nullLoss = Double.infinity
    private var solving: SharedSolving
    /// The number of penalties that are solved.
    private(set) var done = 0
    /// The number of penalties to solve together next.
    private(set) var width = 4

    private static let widths = 2...16

    /// Fits the models without any penalised column.
    init(_ path: LogisticPath) async throws {
        self.path = path
        solving = SharedSolving(rows: path.rows, models: path.models, threads: path.threads)
        let bySegment = path.rows.segmentWeights
        weights = path.models.map { model in
            bySegment.indices.reduce(0.0) { $0 + ($1 == model ? 0 : bySegment[$1]) }
        }
        deviations = try await path.deviations()
        points = path.models.map { _ in [] }
        // `X'WX` of a sample of this size is within a few percent, which is enough for steps with exact
        // gradients.
        let stride = path.rows.count / max(32_768, 400 * path.rows.columns)
        sample = stride >= 2 ? path.rows.sampled(every: stride) : nil
        sampleScale =
            bySegment.reduce(0, +)
            / max(1e-300, sample?.segmentWeights.reduce(0, +) ?? bySegment.reduce(0, +))
        ends = path.models.indices.map { model in
            LogisticSolver(
                start: path.rows.baseRate(), penalty: path.shape.null(deviations: deviations[model]),
                tolerance: .absolute(1e-12 * max(1, weights[model])))
        }
        ends = try await solving.solve(ends, models: Array(path.models.indices), precision: .double)
        nullLoss = ends.last?.value.loss ?? 0
    }

    /// True when the last model explains almost all of the deviance.
    var explainsAll: Bool {
        guard let loss = ends.last?.value.loss else { return true }
        return done > 0 && loss < (1 - ElasticNet.deviance) * nullLoss
    }

    /// The mean loss of the last model's rows at its latest solution.
    var lastLoss: Double? {
        guard let end = ends.last, let weight = weights.last, weight > 0 else { return nil }
        return end.value.loss / weight
    }

    func result(_ penalties: [Double]) -> LogisticPath.Result {
        LogisticPath.Result(
            penalties: penalties, points: points, evaluations: solving.evaluations,
            curvatures: solving.curvatures)
    }

    /// Fits the next penalties for all models.
    mutating func advance(_ penalties: [Double]) async throws {
        let shared = try await curvature(at: try middle(penalties))
        let before = solving.evaluations
        let groups = try await concurrentMap(Array(path.models.indices), threads: path.threads) {
            [self] model in
            let shapes = penalties.map {
                path.shape.penalty($0, weight: weights[model], deviations: deviations[model])
            }
            return Swift.Result<[LogisticSolver], LogisticRegressionError> {
                () throws(LogisticRegressionError) in
                try Self.predicted(
                    shapes, from: ends[model], curvature: shared[model],
                    tolerance: tolerance(model))
            }
        }.map { try $0.get() }
        let models = groups.indices.flatMap { model in groups[model].map { _ in model } }
        let solved = try await solving.solve(
            Array(groups.joined()), models: models, precision: path.precision)
        for (place, model) in models.enumerated() {
            points[model].append(
                LogisticPath.Point(coefficients: solved[place].solution, loss: solved[place].value.loss))
            ends[model] = solved[place]
        }
        done += penalties.count
        adaptWidth(passes: Double(solving.evaluations - before) / Double(models.count))
    }

    /// Returns the last model's predicted coefficients at the middle penalty, by the quadratic model of the
    /// previous step: a curvature computed there makes the predictions of slopes accurate to the second
    /// order.
    private func middle(_ penalties: [Double]) throws(LogisticRegressionError) -> [Double] {
        guard let model = ends.indices.last, let old = ends[model].curvature else {
            return ends[0].coefficients
        }
        let penalty = path.shape.penalty(
            penalties[(penalties.count - 1) / 2], weight: weights[model], deviations: deviations[model])
        return try LogisticSolver(
            after: ends[model], penalty: penalty, curvature: old,
            tolerance: .absolute(tolerance(model))
        ).solution
    }

    private func tolerance(_ model: Int) -> Double {
        let isOfAllRows = path.models[model] == nil && path.precision == .double
        return weights[model] * (isOfAllRows ? path.tolerance : path.foldTolerance)
    }

    /// Wide steps share passes, but their predictions reach further.
    private mutating func adaptWidth(passes: Double) {
        if passes <= 2.2 { width = min(Self.widths.upperBound, width * 2) }
        if passes > 3.2 { width = max(Self.widths.lowerBound, width / 2) }
    }

    /// Returns each penalty's predicted optimum by the quadratic model at the path's latest solution.
    private static func predicted(
        _ penalties: [SeparablePenalty], from end: LogisticSolver, curvature: Matrix, tolerance: Double
    ) throws(LogisticRegressionError) -> [LogisticSolver] {
        var solvers: [LogisticSolver] = []
        for penalty in penalties {
            solvers.append(
                try LogisticSolver(
                    after: end, penalty: penalty, curvature: curvature, tolerance: .absolute(tolerance),
                    neighbour: solvers.last))
        }
        return solvers
    }

    /// Returns `X'WX` of each model at one point.
    private mutating func curvature(at point: [Double]) async throws -> [Matrix] {
        solving.curvatures += 1
        if let sample {
            let whole = LogisticFitter.sum(
                try await sample.curvatures(point, precision: path.precision, threads: path.threads))
            let total = path.rows.segmentWeights.reduce(0, +)
            return weights.map { weight in
                var matrix = whole
                matrix.scale(by: sampleScale * weight / total)
                return matrix
            }
        }
        let bySegment = try await path.rows.curvatures(point, threads: path.threads)
        return path.models.map { model in
            LogisticFitter.sum(bySegment.indices.filter { $0 != model }.map { bySegment[$0] })
        }
    }
}
