import LimpetDocuments
import LimpetNumerics
import LimpetEvaluation
import LimpetLinearAlgebra
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

/// A race that fits a path of elastic nets with folds, and chooses the penalty with the least deviance on
/// held-out rows.
struct ElasticNetRace {
    private let table: RaceTable
    private let net: ElasticNet
    private let folds: Int
    private let threads: Int

    init(_ arguments: RaceArguments) throws {
        try arguments.allowOnly(["data", "penalties", "folds", "alpha", "threads"])
        table = try RaceTable(arguments.text("data"), isSkewed: false)
        var net = ElasticNet(l1Ratio: try arguments.number("alpha", default: 0.5))
        net.count = try arguments.count("penalties", default: 100)
        net.leastShare = 1e-4
        self.net = net
        folds = try arguments.count("folds", default: 5)
        threads = try arguments.count("threads", default: 2)
    }

    func run() async throws -> String {
        let memory = RaceMemory()
        let clock = ContinuousClock()
        let start = clock.now
        var settings = LogisticSettings()
        settings.elasticNet = net
        let segments = table.train.labels.indices.map { $0 % folds }
        let problem = try await LogisticProblem(
            table.train, RowExtras(segments: segments), settings: settings, dropsReference: false,
            threads: threads)
        let built = clock.now
        let path = LogisticPath(
            problem.rows, shape: problem.shape, models: (0..<folds).map { $0 } + [nil], threads: threads)
        let result = try await path.run(try await path.penalties(net), stopsEarly: false)
        let validation = try await path.validation(result)
        guard let place = validation.place(.minimum) else { throw RaceError("no penalty has a finite loss") }
        let end = clock.now
        let peak = memory.peakBytes
        let fit = problem.additiveFit(result.points[folds][place].coefficients, data: table.train)
        var line = RaceResult(seconds: start.duration(to: end).seconds, peakBytes: peak, memory: memory)
        line.add("buildSeconds", start.duration(to: built).seconds)
        line.add("fitSeconds", built.duration(to: end).seconds)
        line.add("penalties", Double(result.penalties.count))
        line.add("penalty", result.penalties[place])
        line.add("evaluations", Double(result.evaluations))
        line.add("curvatures", Double(result.curvatures))
        line.evaluate(fit, on: table.test)
        return line.text
    }
}

/// The line of JSON that reports one run.
struct RaceResult {
    private var members: [JSONMember]

    init(seconds: Double, peakBytes: Int, memory: RaceMemory) {
        members = [
            JSONMember(name: "engine", value: .string("limpet")),
            JSONMember(name: "seconds", value: .number(seconds)),
            JSONMember(name: "peakBytes", value: .number(peakBytes)),
            JSONMember(name: "baseBytes", value: .number(memory.baseBytes)),
        ]
    }

    mutating func add(_ name: String, _ value: Double?) {
        members.append(JSONMember(name: name, value: value.map { .number($0) } ?? .null))
    }

    mutating func add(_ name: String, _ values: [Double]) {
        members.append(JSONMember(name: name, value: .array(values.map { .number($0) })))
    }

    /// Adds the log loss and the AUC of the test rows.
    mutating func evaluate(_ fit: AdditiveFit, on test: TrainingData) {
        let scores = fit.logOdds(of: test)
        add(
            "testLogLoss",
            ProbabilityLoss.logLoss(
                probabilities: scores.map(ElementaryFunctions.logistic), labels: test.labels))
        add("testAuc", Ranking.auc(scores: scores, labels: test.labels))
    }

    var text: String { JSON.object(members).compact }
}
