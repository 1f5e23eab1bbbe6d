import LimpetEvaluation
import LimpetEvents
import LimpetParallel

extension StumpTrainer {
    /// Chooses pairs and their rounds by a metric, in the same way as by log loss: the fewest among equals.
    func choosePairs(
        _ runs: [PairedRun], alone: Choice, by validationMetric: ValidationMetric, of data: TrainingData,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> Choice {
        let pairs = settings.pairs
        var best: (count: Int, rounds: Int, value: Double)?
        if pairs.candidates.contains(0) {
            best = validationMetric.value(alone.heldOut, of: data).map { (0, 0, $0) }
        }
        for (done, count) in pairs.candidates.enumerated() where count > 0 {
            if best != nil, isStopRequested { break }
            var walks = try await concurrentMap(runs, threads: threads) { $0.walk(pairs: count) }
            let checkpoints = PairedRun.checkpoints(pairs: count, settings: pairs)
            let values = try await validationMetric.values(
                &walks, at: checkpoints, of: data, threads: threads)
            if let place = validationMetric.best(values), let value = values[place],
                best.map({ validationMetric.metric.isBetter(value, than: $0.value) }) ?? true
            {
                best = (count, checkpoints[place], value)
            }
            progress(Double(done + 1) / Double(pairs.candidates.count))
        }
        guard let chosen = best else { throw TrainingError.undefinedMetric(validationMetric.metric) }
        let heldOut = try await concurrentMap(runs, threads: threads) {
            $0.logOdds(pairs: chosen.count, rounds: chosen.rounds)
        }
        return Choice(
            setting: .paired(
                rounds: alone.setting.stumps.rounds, pairs: chosen.count, pairRounds: chosen.rounds),
            loss: .nan, heldOut: heldOut.flatMap { $0 })
    }
}

extension PairedRun {
    /// The held-out rows of a number of pairs, at increasing numbers of rounds.
    struct Walk: ValidationPath {
        fileprivate let rows: [Int]
        fileprivate let booster: PairBooster
        fileprivate let threads: Int
        fileprivate var held: PairRows
        fileprivate var made = 0

        func walked(to rounds: Int) -> Walk {
            var walk = self
            while walk.made < min(rounds, booster.rounds.count) {
                let round = booster.rounds[walk.made]
                _ = walk.held.add(round.steps, to: round.pair, threads: threads)
                walk.made += 1
            }
            return walk
        }

        var walkedLogOdds: [(row: Int, logOdds: Double)] { zip(rows, held.scores).map { ($0, $1) } }
    }

    /// Boosts a number of pairs as far as they may go, and returns the held-out rows before the first round.
    func walk(pairs count: Int) -> Walk {
        let booster = booster(pairs: count, rounds: count * settings.roundsPerPair)
        return Walk(
            rows: heldOut.rows, booster: booster, threads: threads, held: heldOutRows(booster))
    }
}
