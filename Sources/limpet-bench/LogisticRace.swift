import LimpetLinearAlgebra
import LimpetNumerics
import LimpetScoring
import LimpetTraining

/// A race that fits a logistic regression with an L2 penalty on columns that are standardised already.
struct LogisticRace {
    private let table: RaceTable
    private let l2: Double
    private let threads: Int

    init(_ arguments: RaceArguments) throws {
        try arguments.allowOnly(["data", "l2", "threads"])
        table = try RaceTable(arguments.text("data"), isSkewed: false)
        l2 = try arguments.number("l2", default: 1)
        threads = try arguments.count("threads", default: 2)
    }

    func run() async throws -> String {
        let memory = RaceMemory()
        let clock = ContinuousClock()
        let start = clock.now
        let problem = try await LogisticProblem(
            table.train, RowExtras(), settings: LogisticSettings(), dropsReference: false, threads: threads)
        let built = clock.now
        var fitter = LogisticFitter(problem.rows, penalty: .ridge(l2, columns: problem.rows.columns))
        fitter.tolerance = .relative(1e-7)
        let solver = try await fitter.fit(threads: threads)
        let end = clock.now
        let peak = memory.peakBytes
        let fit = problem.additiveFit(solver.solution, data: table.train)
        var result = RaceResult(seconds: start.duration(to: end).seconds, peakBytes: peak, memory: memory)
        result.add("buildSeconds", start.duration(to: built).seconds)
        result.add("fitSeconds", built.duration(to: end).seconds)
        result.add("objective", objective(fit))
        result.evaluate(fit, on: table.test)
        return result.text
    }

    /// Returns `Σ −ln P(label) + ½ λ Σ β²` of the given columns.
    private func objective(_ fit: AdditiveFit) -> Double {
        let losses = zip(fit.logOdds(of: table.train), table.train.labels).reduce(0.0) { sum, row in
            sum + ElementaryFunctions.softplus(row.0) - (row.1 ? row.0 : 0)
        }
        let squares = fit.terms.reduce(0.0) { sum, term in
            guard case .line(let line) = term.shape else { return sum }
            return sum + line.coefficient * line.coefficient
        }
        return losses + 0.5 * l2 * squares
    }
}
