import LimpetEvaluation
import LimpetScoring
import LimpetTraining

/// A race that boosts stumps on a table and evaluates them on its test rows.
struct StumpRace {
    private let table: RaceTable
    private let settings: StumpSettings
    private let threads: Int
    private let folds: Int
    private let isVerbose: Bool

    init(_ arguments: RaceArguments) throws {
        try arguments.allowOnly([
            "data", "rounds", "learning-rate", "bins", "form", "l2", "threads", "bags", "pairs", "folds",
            "verbose",
        ])
        table = try RaceTable(arguments.text("data"))
        var settings = StumpSettings()
        settings.maximumRounds = try arguments.count("rounds", default: 2_000)
        settings.learningRate = try arguments.number("learning-rate", default: 0.1)
        settings.maximumBins = try arguments.count("bins", default: 255)
        settings.form =
            StumpSettings.Form(rawValue: arguments.text("form", default: "automatic")) ?? .automatic
        settings.l2 = try arguments.number("l2", default: 1)
        settings.bags = try arguments.count("bags", default: 1)
        settings.pairs.count = .exactly(try arguments.count("pairs", default: 0))
        self.settings = settings
        threads = try arguments.count("threads", default: 2)
        folds = try arguments.count("folds", default: 5)
        isVerbose = arguments.text("verbose", default: "no") == "yes"
    }

    func run() async throws -> String {
        let memory = RaceMemory()
        let clock = ContinuousClock()
        let start = clock.now
        let isPlain = settings.bags == 1 && settings.pairs.count == .exactly(0)
        let (fit, facts) = isPlain ? boosted(clock) : try await trained(clock)
        let seconds = start.duration(to: clock.now).seconds
        let peak = memory.peakBytes
        var result = RaceResult(seconds: seconds, peakBytes: peak, memory: memory)
        for (name, value) in facts { result.add(name, value) }
        result.evaluate(fit, on: table.test)
        return result.text
    }

    /// Returns one ensemble with all its rounds.
    private func boosted(_ clock: ContinuousClock) -> (AdditiveFit, [(String, Double)]) {
        let start = clock.now
        let binned = BinnedData(table.train, maximumBins: settings.maximumBins, threads: threads)
        let afterBins = clock.now
        var booster = StumpBooster(
            binned, labels: table.train.labels, userShares: table.train.userShares, settings: settings,
            threads: threads)
        while booster.rounds < settings.maximumRounds, !booster.isFinished {
            booster.boostBlock(rounds: settings.maximumRounds - booster.rounds)
            if isVerbose {
                print("\(start.duration(to: clock.now).seconds) s: \(booster.rounds) rounds, \(booster.loss)")
            }
        }
        return (
            booster.fit,
            [
                ("binSeconds", start.duration(to: afterBins).seconds),
                ("fitSeconds", afterBins.duration(to: clock.now).seconds),
                ("rounds", Double(booster.rounds)),
                ("legs", Double(booster.blocks.count)),
            ]
        )
    }

    /// Returns a fit with bags, or with pairs whose rounds are chosen by folds.
    private func trained(_ clock: ContinuousClock) async throws -> (AdditiveFit, [(String, Double)]) {
        let trainer = StumpTrainer(settings: settings, threads: threads)
        var chosen = (rounds: settings.maximumRounds, pairs: PairChoice.none)
        if settings.pairs.count != .exactly(0) {
            chosen = try await trainer.chosenRounds(table.train, folds: folds)
        }
        let fit = try await trainer.fit(table.train, rounds: chosen.rounds, pairs: chosen.pairs)
        return (
            fit,
            [
                ("rounds", Double(chosen.rounds)),
                ("pairRounds", Double(chosen.pairs.rounds)),
            ]
        )
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
