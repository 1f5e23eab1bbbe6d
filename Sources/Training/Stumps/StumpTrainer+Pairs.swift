import LimpetEvaluation
import LimpetParallel
import LimpetScoring

/// Terms over two inputs, on top of finished main effects.
extension StumpTrainer {
    /// The held-out rows among which lists of pairs are told apart well enough: more folds are left out, as
    /// each needs lists and fits of its own.
    private static let enoughHeldOut = 10_000

    /// Chooses the list of pairs, their number and their rounds on the folds' models.
    func choosePairs(
        _ data: TrainingData, folds: [Fold], on alone: BoostedFolds, outside: Bool,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> FoldChoices {
        // A choice outside a fold has the others of these.
        var some = min(outside && !alone.choices.outside.isEmpty ? 3 : 2, folds.count)
        while some < folds.count, folds[..<some].reduce(0, { $0 + $1.heldOut.count }) < Self.enoughHeldOut {
            some += 1
        }
        let runs = try await pairedRuns(Array(0..<some), data, folds: folds, on: alone)
        var selection = PairSelection(
            runs, of: data, metric: validationMetric, patience: settings.patience, threads: threads,
            monitor: monitor)
        var choices = alone.choices
        let steps = Double(1 + choices.outside.count)
        choices.whole = try await selection.choice(without: nil, alone: choices.whole) {
            progress($0 / steps)
        }
        for left in choices.outside.indices {
            choices.outside[left] = try await selection.choice(
                without: left, alone: choices.outside[left]
            ) { progress((Double(left + 1) + $0) / steps) }
        }
        try await complete(&choices, data, folds: folds, on: alone, made: some)
        return choices
    }

    /// Boosts the chosen pairs of the folds that were not among those of the selection.
    private func complete(
        _ choices: inout FoldChoices, _ data: TrainingData, folds: [Fold], on alone: BoostedFolds, made: Int
    ) async throws {
        let rest = choices.outside.indices.filter {
            $0 >= made && choices.outside[$0].left != nil
                && choices.outside[$0].setting.stumps.pairs.count > 0
        }
        let known = choices
        let lists = Set(rest.map { known.outside[$0].setting.stumps.pairs.list })
        let runs = try await pairedRuns(Array(rest), data, folds: folds, on: alone, lists: lists)
        let left = try await concurrentMap(runs, threads: threads) { run in
            let pairs = known.outside[run.number].setting.stumps.pairs
            var booster = run.booster(pairs.list, count: pairs.count, threads: 1)
            booster.boost(upTo: pairs.rounds)
            return run.logOdds(booster.rounds, after: pairs.rounds)
        }
        for (run, left) in zip(runs, left) { choices.outside[run.number].left = left }
    }

    private func pairedRuns(
        _ numbers: [Int], _ data: TrainingData, folds: [Fold], on alone: BoostedFolds,
        lists: Set<PairList>? = nil
    ) async throws -> [PairedRun] {
        var pairing = settings.pairing
        pairing.finishedBins = alone.coded.finishedBins
        pairing.lists = lists.map { some in pairing.lists.filter { some.contains($0) } } ?? pairing.lists
        let settings = pairing
        let each = numbers.count > 1 ? 1 : threads
        return try await concurrentMap(numbers, threads: threads) {
            PairedRun(
                data, alone.coded, fold: folds[$0], number: $0, scores: alone.scores($0), settings: settings,
                threads: each)
        }
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
        return booster.rounds.terms
    }
}
