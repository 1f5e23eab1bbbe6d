import LimpetParallel
import LimpetScoring

/// Choices by models that are boosted fold by fold.
extension StumpTrainer {
    /// Boosts each fold by itself.
    func foldByFold(
        _ data: TrainingData, _ coded: CodedBins, folds: [Fold], outside: Bool,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> BoostedFolds {
        let settings = settings
        // Folds share the threads; a single one uses them all.
        let each = folds.count > 1 ? 1 : threads
        var runs = try await concurrentMap(Array(folds.indices), threads: threads) {
            ValidationRun(data, coded, fold: folds[$0], model: $0, settings: settings, threads: each)
        }
        // All folds together, then all but each.
        let all = Array(folds.indices)
        var groups = [all] + (outside ? all.map { left in all.filter { $0 != left } } : [])
        let best: [Int]
        (runs, best) = try await boosted(runs, groups, of: data, progress: progress)
        if runs.count < folds.count { groups = [Array(runs.indices)] }
        let rounds = best.map { settings.stopsEarly || isStopRequested ? $0 : settings.maximumRounds }
        let done = runs
        func choice(_ group: Int) -> Choice {
            let some = groups[group].map { done[$0] }
            return Choice(
                setting: .rounds(rounds[group]), loss: some.reduce(0) { $0 + $1.loss(after: rounds[group]) },
                heldOut: some.flatMap { $0.logOdds(after: rounds[group]) })
        }
        let choices = FoldChoices(
            whole: choice(0),
            outside: groups.indices.dropFirst().map { group in
                var outside = choice(group)
                // Bags are other models than those of the choice.
                if settings.bags == 1 { outside.left = done[group - 1].logOdds(after: rounds[group]) }
                return outside
            })
        return BoostedFolds(coded: coded, choices: choices) { fold in
            done[fold].scores(data, after: choices.rounds(of: fold))
        }
    }

    /// Boosts all folds until the loss on held-out rows has passed its minimum, or the metric its best value,
    /// and returns them with the round of that value for each group of folds; those after the first need
    /// not have passed theirs.
    private func boosted(
        _ runs: [ValidationRun], _ groups: [[Int]], of data: TrainingData,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> (runs: [ValidationRun], best: [Int]) {
        var (runs, groups) = (runs, groups)
        var values = groups.map { _ in [Double?]() }
        let limit = settings.maximumRounds
        var target = settings.stopsEarly ? min(64, limit) : limit
        defer { monitor?.rounds = nil }
        while true {
            let upTo = target
            runs = try await concurrentMap(runs, threads: threads) { [monitor] in
                $0.boosted(upTo: upTo, monitor: monitor)
            }
            if isStopRequested {
                let some = Self.furthest(runs)
                if some.count < runs.count { groups = [Array(some.indices)] }
                runs = some
            }
            monitor?.loss = Self.meanLoss(runs)
            if settings.stopsEarly { monitor?.rounds = TrainingMonitor.Rounds(made: target, most: limit) }
            progress(Double(target) / Double(limit))
            if let validationMetric, settings.stopsEarly {
                let checkpoints = ValidationRun.checkpoints[values[0].count..<Self.evaluatedByAll(runs)]
                let more = try await validationMetric.values(
                    &runs, groups: groups, at: checkpoints, of: data, threads: threads)
                for (group, more) in more.enumerated() { values[group] += more }
            }
            let best = try groups.indices.map { group in
                try bestRound(groups[group].map { runs[$0] }, values[group])
            }
            let isPast = target - best[0] >= settings.patience && Double(best[0]) < 0.8 * Double(target)
            if target == limit || isPast || isStopRequested || runs.allSatisfy(\.isFinished) {
                return (runs, best)
            }
            target = min(limit, target * 2)
        }
    }

    /// Returns the checkpoint with the best value of the metric, or without one the least loss.
    private func bestRound(_ runs: [ValidationRun], _ values: [Double?]) throws(TrainingError) -> Int {
        guard let validationMetric, settings.stopsEarly else { return Self.bestRound(runs) }
        guard let place = validationMetric.best(values) else {
            throw .undefinedMetric(validationMetric.metric)
        }
        return ValidationRun.checkpoints[place]
    }

    /// Returns the checkpoint with the least loss over all folds.
    private static func bestRound(_ runs: [ValidationRun]) -> Int {
        leastPlace(runs.map(\.losses)).map { ValidationRun.checkpoints[$0] } ?? 1
    }

    /// Returns the folds with at least half as many rounds as the furthest one: a stop request may come when
    /// others have hardly begun.
    private static func furthest(_ runs: [ValidationRun]) -> [ValidationRun] {
        let most = runs.map(\.evaluatedRounds).max() ?? 0
        return runs.filter { 2 * $0.evaluatedRounds >= most }
    }

    /// Returns the number of checkpoints at which every fold has been evaluated.
    private static func evaluatedByAll(_ runs: [ValidationRun]) -> Int { runs.map(\.losses.count).min() ?? 0 }

    /// Returns the mean held-out loss at the best checkpoint so far.
    private static func meanLoss(_ runs: [ValidationRun]) -> Double? {
        let weight = runs.reduce(0) { $0 + $1.heldOutWeight }
        guard let place = leastPlace(runs.map(\.losses)), weight > 0 else { return nil }
        return runs.reduce(0) { $0 + $1.losses[place] } / weight
    }

    /// Returns the index at which the lists, up to the shortest one's end, have the least sum.
    static func leastPlace(_ lists: [[Double]]) -> Int? {
        let sums = (0..<(lists.map(\.count).min() ?? 0)).map { place in lists.reduce(0) { $0 + $1[place] } }
        return sums.indices.min { sums[$0] < sums[$1] }
    }
}
