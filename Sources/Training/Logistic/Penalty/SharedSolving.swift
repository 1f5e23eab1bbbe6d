import LimpetEvents
import LimpetLinearAlgebra
import LimpetParallel

/// The evaluation of many solvers' requests on the same rows, all in one pass over memory.
struct SharedSolving: Sendable {
    let rows: LogisticRows
    /// The segment that each model holds out; nil for the model of all rows.
    let models: [Int?]
    let threads: Int
    /// The number of evaluations of losses and gradients over all rows, counted in coefficient vectors.
    var evaluations = 0
    /// The number of matrices `X'WX` that were computed.
    var curvatures = 0

    /// Answers solvers until all have ended.
    mutating func solve(
        _ start: [LogisticSolver], models: [Int], precision: RowBlock.Precision
    ) async throws -> [LogisticSolver] {
        var solvers = start
        while true {
            try await answerCurvatures(&solvers, models)
            let open = solvers.indices.filter { solvers[$0].wantsValue }
            guard !open.isEmpty else { return solvers }
            evaluations += open.count
            let values = try await rows.values(
                open.map {
                    LogisticRows.Point(
                        solvers[$0].asked, heldOut: self.models[models[$0]], precision: precision)
                },
                threads: threads)
            let answers = open.enumerated().map { ($1, solvers[$1], values[$0]) }
            let next = try await concurrentMap(answers, threads: threads) { _, solver, value in
                var solver = solver
                return Swift.Result<LogisticSolver, LogisticRegressionError> {
                    () throws(LogisticRegressionError) in
                    try solver.receive(value)
                    return solver
                }
            }
            for (place, solver) in zip(open, next) { solvers[place] = try solver.get() }
        }
    }

    /// Gives solvers whose steps have become slow `X'WX` of all their rows at their own point.
    private mutating func answerCurvatures(_ solvers: inout [LogisticSolver], _ models: [Int]) async throws {
        for place in solvers.indices {
            guard case .curvature(let point) = solvers[place].request else { continue }
            curvatures += 1
            let bySegment = try await rows.curvatures(point, threads: threads)
            let own = bySegment.indices.filter { $0 != self.models[models[place]] }
            try solvers[place].receive(curvature: LogisticFitter.sum(own.map { bySegment[$0] }))
        }
    }
}

extension LogisticSolver {
    fileprivate var wantsValue: Bool {
        if case .value = request { true } else { false }
    }

    fileprivate var asked: [Double] {
        if case .value(let point) = request { point } else { coefficients }
    }
}
