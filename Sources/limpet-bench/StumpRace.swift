import LimpetEvaluation
import LimpetScoring
import LimpetTraining

/// Boosts stumps on a table and judges them on its test rows.
struct StumpRace {
    private let table: RaceTable
    private let settings: StumpSettings
    private let threads: Int
    private let isVerbose: Bool

    init(_ arguments: RaceArguments) throws {
        table = try RaceTable(arguments.text("data"))
        var settings = StumpSettings()
        settings.maximumRounds = try arguments.count("rounds", default: 2_000)
        settings.learningRate = try arguments.number("learning-rate", default: 0.1)
        settings.maximumBins = try arguments.count("bins", default: 255)
        settings.form =
            StumpSettings.Form(rawValue: arguments.text("form", default: "automatic")) ?? .automatic
        settings.l2 = try arguments.number("l2", default: 1)
        self.settings = settings
        threads = try arguments.count("threads", default: 2)
        isVerbose = arguments.text("verbose", default: "no") == "yes"
    }

    func run() -> String {
        let base = peakBytes()
        let clock = ContinuousClock()
        let start = clock.now
        let binned = BinnedData(table.train, maximumBins: settings.maximumBins, threads: threads)
        let afterBins = clock.now
        var booster = StumpBooster(
            binned, labels: table.train.labels, userShares: table.train.userShares, settings: settings,
            threads: threads)
        if isVerbose { note("start", start.duration(to: clock.now), booster) }
        while booster.rounds < settings.maximumRounds, !booster.isFinished {
            booster.leg(rounds: settings.maximumRounds - booster.rounds)
            if isVerbose, booster.legs.count < 100 { note("leg", start.duration(to: clock.now), booster) }
        }
        let fit = booster.fit
        let end = clock.now
        let peak = peakBytes()
        let scores = fit.logOdds(of: table.test)
        let logLoss = ProbabilityLoss.logLoss(
            probabilities: scores.map(ElementaryFunctions.logistic), labels: table.test.labels)
        let auc = Ranking.auc(scores: scores, labels: table.test.labels)
        return JSON.object([
            "engine": .string("limpet"), "seconds": .number(start.duration(to: end).seconds),
            "binSeconds": .number(start.duration(to: afterBins).seconds),
            "fitSeconds": .number(afterBins.duration(to: end).seconds),
            "peakBytes": .number(peak), "baseBytes": .number(base),
            "testLogLoss": logLoss.map { .number($0) } ?? .null, "testAuc": auc.map { .number($0) } ?? .null,
            "trainLogLoss": .number(booster.loss), "rounds": .number(booster.rounds),
            "legs": .number(booster.legs.count),
        ]).compact
    }

    private func note(_ what: String, _ time: Duration, _ booster: StumpBooster) {
        print(
            "\(what) \(time.seconds) s: \(booster.rounds) rounds, \(booster.legs.last?.rounds ?? 0) in the leg, "
                + "loss \(booster.loss)")
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
