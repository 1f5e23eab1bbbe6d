import LimpetEvaluation
import LimpetParallel
import LimpetScoring

/// Terms over two inputs, on top of finished main effects.
extension StumpTrainer {
    /// Chooses the number of pairs and their rounds on the folds' models.
    func choosePairs(
        _ data: TrainingData, _ binned: BinnedData, folds: [Fold], alone: ChosenRounds,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> Choice {
        let settings = settings
        let each = folds.count > 1 ? 1 : threads
        let paired = try await concurrentMap(Array(folds.indices), threads: threads) {
            PairedRun(
                data, binned, fold: folds[$0], scores: alone.scores($0), settings: settings.pairing,
                threads: each)
        }
        var choice =
            if let validationMetric {
                try await choosePairs(
                    paired, alone: alone.choice, by: validationMetric, of: data, progress: progress)
            } else {
                try await choosePairs(
                    paired, alone: alone.choice, rounds: alone.choice.setting.stumps.rounds,
                    progress: progress)
            }
        choice.stumps = alone.choice.stumps
        return choice
    }

    private func choosePairs(
        _ runs: [PairedRun], alone: Choice, rounds: Int, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> Choice {
        let pairs = settings.pairs
        var best = (count: 0, rounds: 0, loss: pairs.candidates.contains(0) ? alone.loss : .infinity)
        for (done, count) in pairs.candidates.enumerated() where count > 0 {
            if isStopRequested, best.loss.isFinite { break }
            let losses = try await concurrentMap(runs, threads: threads) { $0.losses(pairs: count) }
            if let place = Self.leastPlace(losses) {
                let loss = losses.reduce(0) { $0 + $1[place] }
                let checkpoint = PairedRun.checkpoints(pairs: count, settings: pairs)[place]
                if loss < best.loss { best = (count, checkpoint, loss) }
            }
            progress(Double(done + 1) / Double(pairs.candidates.count))
        }
        let chosen = best
        let heldOut = try await concurrentMap(runs, threads: threads) {
            $0.logOdds(pairs: chosen.count, rounds: chosen.rounds)
        }
        return Choice(
            setting: .paired(rounds: rounds, pairs: chosen.count, pairRounds: chosen.rounds),
            loss: chosen.loss, heldOut: heldOut.flatMap { $0 })
    }

    func pairTerms(
        _ data: TrainingData, _ binned: BinnedData, weights: [Float]?, scores: [Double], count: Int,
        rounds: Int
    ) -> [Term] {
        let axes = PairAxis.axes(binned, userShares: data.userShares, settings: settings.pairing)
        let ranking = PairRanking(
            binned, axes: axes, labels: data.labels, weights: weights, scores: scores,
            settings: settings.pairing, threads: threads)
        var booster = PairBooster(
            binned, pairs: PairAxis.pairs(ranking.pairs.prefix(count), axes), labels: data.labels,
            weights: weights, scores: scores, settings: settings.pairing, threads: threads)
        booster.boost(upTo: rounds)
        return booster.terms
    }
}
