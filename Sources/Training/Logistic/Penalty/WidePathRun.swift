import LimpetLinearAlgebra

/// The state of a path whose columns are too many for a matrix of all of them.
///
/// Each penalty is solved in the columns that any model has used so far and in those that may become active
/// by the sequential strong rule: `|gradient| ≥ 2·l1(new) − l1(before)` (R. Tibshirani et al., 2012). The
/// rule can be wrong, so the gradient of all columns is checked afterwards, and columns that violate the
/// optimality conditions are added until none does: the solution is that of all columns.
struct WidePathRun {
    private let path: LogisticPath
    private let weights: [Double]
    private let deviations: [[Double]]
    /// The latest solution of each model, with the gradient of the losses of all columns.
    private var ends: [(coefficients: [Double], value: LogisticRows.Value)] = []
    private var points: [[LogisticPath.Point]]
    private var nullLoss = Double.infinity
    private var evaluations = 0
    private var curvatures = 0
    /// The columns that any model has used.
    private var used: Set<Int>
    /// The number of penalties that are solved.
    private(set) var done = 0

    init(_ path: LogisticPath) async throws {
        self.path = path
        let bySegment = path.rows.segmentWeights
        weights = path.models.map { model in
            bySegment.indices.reduce(0.0) { $0 + ($1 == model ? 0 : bySegment[$1]) }
        }
        deviations = try await path.deviations()
        points = path.models.map { _ in [] }
        used = Set(path.shape.factors.indices.filter { path.shape.factors[$0] == 0 })
        let start = path.rows.baseRate()
        let nulls = deviations.map { path.shape.null(deviations: $0) }
        ends = path.models.map { _ in (start, LogisticRows.Value(loss: .infinity, gradient: [])) }
        try await solve(in: used.sorted(), nulls, tolerance: 1e-12)
        nullLoss = ends.last?.value.loss ?? 0
    }

    /// True when the last model explains almost all of the deviance.
    var explainsAll: Bool {
        guard let loss = ends.last?.value.loss else { return true }
        return done > 0 && loss < (1 - ElasticNet.deviance) * nullLoss
    }

    func result(_ penalties: [Double]) -> LogisticPath.Result {
        LogisticPath.Result(
            penalties: penalties, points: points, evaluations: evaluations, curvatures: curvatures)
    }

    /// Fits the next penalty for all models.
    mutating func advance(_ strength: Double, after last: Double?) async throws {
        let penalties = penalties(strength)
        let before = last.map { self.penalties($0) } ?? penalties
        var columns = used
        for (model, penalty) in penalties.enumerated() {
            columns.formUnion(
                candidates(model) { 2 * penalty.l1[$0] - max(penalty.l1[$0], before[model].l1[$0]) })
        }
        while true {
            try await solve(in: columns.sorted(), penalties, tolerance: path.foldTolerance)
            let missed = penalties.indices.reduce(into: Set<Int>()) { missed, model in
                missed.formUnion(candidates(model) { penalties[model].l1[$0] * (1 + 1e-9) })
            }.subtracting(columns)
            if missed.isEmpty { break }
            columns.formUnion(missed)
        }
        for model in ends.indices {
            let coefficients = ends[model].coefficients
            used.formUnion(coefficients.indices.filter { coefficients[$0] != 0 })
            points[model].append(
                LogisticPath.Point(coefficients: coefficients, loss: ends[model].value.loss))
        }
        done += 1
    }

    private func penalties(_ strength: Double) -> [SeparablePenalty] {
        zip(weights, deviations).map { path.shape.penalty(strength, weight: $0, deviations: $1) }
    }

    /// Returns the columns whose gradient is at least a bound, and whose coefficient may move against it.
    private func candidates(_ model: Int, atLeast bound: (Int) -> Double) -> [Int] {
        let gradient = ends[model].value.gradient
        return gradient.indices.filter { column in
            guard deviations[model][column] > 0, abs(gradient[column]) >= bound(column) else { return false }
            return gradient[column] < 0 ? path.shape.upper[column] > 0 : path.shape.lower[column] < 0
        }
    }

    /// Solves all models in the given columns, from their latest solutions, and computes the gradients of all
    /// columns.
    private mutating func solve(
        in columns: [Int], _ penalties: [SeparablePenalty], tolerance: Double
    ) async throws {
        var solving = SharedSolving(
            rows: path.rows.selecting(columns: columns), models: path.models, threads: path.threads)
        let solvers = ends.indices.map { model in
            LogisticSolver(
                start: columns.map { ends[model].coefficients[$0] },
                penalty: penalties[model].selecting(columns),
                tolerance: .absolute(max(1, weights[model]) * tolerance), chordShare: 0.5)
        }
        let solved = try await solving.solve(
            solvers, models: Array(path.models.indices), precision: .double)
        let coefficients = solved.map { $0.solution.spread(over: path.rows.columns, at: columns) }
        let values = try await path.rows.values(
            path.models.indices.map { LogisticRows.Point(coefficients[$0], heldOut: path.models[$0]) },
            threads: path.threads)
        ends = zip(coefficients, values).map { ($0, $1) }
        evaluations += solving.evaluations + path.models.count
        curvatures += solving.curvatures
    }
}

extension LogisticRows {
    /// Returns the same rows with the given columns, in this order.
    func selecting(columns: [Int]) -> LogisticRows {
        let blocks = blocks.map { block in
            RowBlock(
                design: columns.flatMap { block.values(ofColumn: $0) },
                labels: block.labels, weights: block.weights, offsets: block.offsets)
        }
        return LogisticRows(
            blocks: blocks, segmentOfBlock: segmentOfBlock, columns: columns.count, order: order)
    }
}

extension SeparablePenalty {
    /// Returns the penalty on the given coordinates, in this order.
    func selecting(_ places: [Int]) -> SeparablePenalty {
        var penalty = SeparablePenalty(count: places.count)
        penalty.l1 = places.map { l1[$0] }
        penalty.l2 = places.map { l2[$0] }
        penalty.lower = places.map { lower[$0] }
        penalty.upper = places.map { upper[$0] }
        return penalty
    }
}

extension [Double] {
    /// Returns these numbers at the given indices of a longer array of zeros.
    func spread(over count: Int, at places: [Int]) -> [Double] {
        var result = [Double](repeating: 0, count: count)
        for (place, value) in zip(places, self) { result[place] = value }
        return result
    }
}
