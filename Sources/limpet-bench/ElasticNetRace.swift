import LimpetLinearAlgebra
import LimpetTraining

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
