import LimpetEvaluation
import LimpetParallel
import LimpetScoring

/// Terms over two inputs, on top of finished main effects.
extension StumpTrainer {
    /// The rows of a fold with the main effects of the model that is trained without them.
    struct PairFold: Sendable {
        let fold: Fold
        /// The model's number in the coding.
        let model: Int
        /// Returns the log-odds of the rows for training and of those held out.
        let scores: @Sendable () -> (training: [Double], heldOut: [Double])
    }

    /// The held-out rows among which lists of pairs are told apart well enough: more folds are left out, as
    /// each needs lists and fits of its own.
    private static let enoughHeldOut = 10_000

    /// Chooses the list of pairs, their number and their rounds on the folds' models.
    func choosePairs(
        _ data: TrainingData, _ coded: CodedBins, folds: [PairFold], alone: Choice,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> Choice {
        var some = folds.prefix(min(2, folds.count))
        while some.count < folds.count, some.reduce(0, { $0 + $1.fold.heldOut.count }) < Self.enoughHeldOut {
            some = folds.prefix(some.count + 1)
        }
        var pairing = settings.pairing
        pairing.finishedBins = coded.finishedBins
        let settings = pairing
        let each = some.count > 1 ? 1 : threads
        let runs = try await concurrentMap(Array(some), threads: threads) {
            PairedRun(
                data, coded, fold: $0.fold, model: $0.model, scores: $0.scores(), settings: settings,
                threads: each)
        }
        let selection = PairSelection(
            runs, of: data, metric: validationMetric, patience: self.settings.patience, threads: threads,
            monitor: monitor)
        let best = try await selection.best(alone: alone, progress: progress)
        var choice = Choice(
            setting: .paired(rounds: alone.setting.stumps.rounds, pairs: best.choice), loss: best.loss,
            heldOut: best.heldOut)
        choice.stumps = alone.stumps
        return choice
    }

    /// Chooses pairs for the rows outside each fold, and for all rows, on the main effects of lanes.
    func choosePairs(
        _ data: TrainingData, _ coded: CodedBins, folds: [Fold], plan: LanePlan, alone: NestedChoice,
        _ selection: LaneSelection, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> NestedChoice {
        let groupOfRow = Folds.groups(folds, count: data.count)
        func pairFold(_ group: Int, without omitted: [Int], rounds: Int) -> PairFold? {
            guard let lane = plan.model(without: omitted) else { return nil }
            let rows = groupOfRow.indices.filter { !omitted.contains(Int(groupOfRow[$0])) }
            let heldOut = folds[group].heldOut
            return PairFold(fold: Fold(training: rows, heldOut: heldOut), model: lane) {
                let logOdds = selection.logOdds(lane: lane, rounds: rounds)
                return (rows.map { logOdds[$0] }, heldOut.map { logOdds[$0] })
            }
        }
        var nested = alone
        let steps = Double(folds.count + (alone.whole == nil ? 0 : 1))
        for outer in folds.indices {
            let rounds = alone.outside[outer].setting.stumps.rounds
            // Each fold begins with the one after it, so that no fold serves all others.
            let inner = (1..<folds.count).compactMap { step in
                let group = (outer + step) % folds.count
                return pairFold(group, without: [outer, group], rounds: rounds)
            }
            nested.outside[outer] = try await choosePairs(
                data, coded, folds: inner, alone: alone.outside[outer]
            ) { progress((Double(outer) + $0) / steps) }
        }
        guard let whole = alone.whole else { return nested }
        let rounds = whole.setting.stumps.rounds
        nested.whole = try await choosePairs(
            data, coded,
            folds: folds.indices.compactMap { pairFold($0, without: [$0], rounds: rounds) }, alone: whole
        ) { progress((steps - 1 + $0) / steps) }
        return nested
    }

    func pairTerms(
        _ data: TrainingData, _ binned: BinnedData, weights: [Float]?, scores: [Double], choice: PairChoice
    ) -> [Term] {
        let settings = settings.pairing
        let axes = PairAxis.axes(binned, userShares: data.userShares, settings: settings)
        let pairs = choice.list.pairs(
            binned, axes: axes, labels: data.labels, users: data.users, weights: weights, scores: scores,
            offsets: data.offsets,
            settings: settings, threads: threads)
        var booster = PairBooster(
            binned, pairs: PairAxis.pairs(pairs.prefix(choice.count), axes), labels: data.labels,
            weights: weights, scores: scores, settings: settings, threads: threads)
        booster.boost(upTo: choice.rounds)
        return booster.terms
    }
}
