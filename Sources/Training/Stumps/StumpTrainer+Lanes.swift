import LimpetEvaluation
import LimpetParallel

/// Choices by models that are boosted side by side.
extension StumpTrainer {
    /// A choice of rounds, with the log-odds of all rows in each fold's model.
    struct ChosenRounds: Sendable {
        var choice: Choice
        /// Returns the log-odds of a fold's training rows, and of those held out, in the order of the fold.
        var scores: @Sendable (_ fold: Int) -> (training: [Double], heldOut: [Double])
    }

    /// Boosts all folds and all rows as lanes of one vector; nil where that is not the way to boost.
    func sideBySide(
        _ data: TrainingData, _ coded: CodedBins, folds: [Fold], progress: (Double) -> Void
    ) throws -> ChosenRounds? {
        // The lanes of the last choice are its fit too.
        let isBoost =
            clock.stage == .choose
            && LaneSelection.isWorthwhile(coded.binned, .folds(folds.count), settings)
        let stage = isBoost ? RunStage.boost : clock.stage
        return try clock.within(stage) {
            try chosenSideBySide(data, coded, folds: folds, progress: progress)
        }
    }

    private func chosenSideBySide(
        _ data: TrainingData, _ coded: CodedBins, folds: [Fold], progress: (Double) -> Void
    ) throws -> ChosenRounds? {
        let plan = LanePlan.folds(folds.count)
        let curve = LaneSelection.Curve(heldOut: folds.indices.map { ($0, $0) })
        guard
            var selection = LaneSelection(
                data, coded, folds: folds, plan: plan, curves: [curve], settings: settings,
                metric: validationMetric, threads: threads)
        else { return nil }
        try selection.run(monitor: monitor, progress: progress)
        let isMeant = settings.bags == 1 && !isStopRequested
        let choice = try selection.choice(
            0, fit: isMeant ? plan.whole : nil, of: coded, isStopped: isStopRequested)
        let done = selection
        return ChosenRounds(choice: choice) { fold in
            let logOdds = done.logOdds(lane: fold, rounds: choice.setting.stumps.rounds)
            return (folds[fold].training.map { logOdds[$0] }, folds[fold].heldOut.map { logOdds[$0] })
        }
    }

    func chooseNested(
        _ data: TrainingData, folds: [Fold], outside: @Sendable (Int) -> TrainingData, wantsWhole: Bool,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> NestedChoice {
        let plan = LanePlan.nested(folds.count)
        guard LaneSelection.canBeWorthwhile(data, plan, settings) else {
            return try await chooseOneByOne(
                data, folds: folds, outside: outside, wantsWhole: wantsWhole, progress: progress)
        }
        let coded = coded(data, folds: folds, plan: plan)
        let inner = folds.indices.map { outer in
            LaneSelection.Curve(
                heldOut: folds.indices.compactMap { group in
                    group == outer ? nil : plan.model(without: [outer, group]).map { ($0, group) }
                })
        }
        let whole = LaneSelection.Curve(heldOut: folds.indices.map { ($0, $0) })
        let stage = LaneSelection.isWorthwhile(coded.binned, plan, settings) ? RunStage.boost : clock.stage
        let hasPairs = settings.pairs.most > 0
        let nested = try clock.within(stage) { () -> (NestedChoice, LaneSelection)? in
            guard
                var selection = LaneSelection(
                    data, coded, folds: folds, plan: plan, curves: [whole] + inner, settings: settings,
                    metric: validationMetric, threads: threads)
            else { return nil }
            try selection.run(monitor: monitor) { progress(hasPairs ? 0.2 * $0 : $0) }
            let isStopped = isStopRequested
            let isFit = settings.bags == 1
            let choice = NestedChoice(
                outside: try folds.indices.map {
                    let fold = isFit && !hasPairs ? plan.model(without: [$0]) : nil
                    return try selection.choice($0 + 1, fit: fold, of: coded, isStopped: isStopped)
                },
                whole: wantsWhole
                    ? try selection.choice(0, fit: isFit ? plan.whole : nil, of: coded, isStopped: isStopped)
                    : nil)
            return (choice, selection)
        }
        guard let (alone, selection) = nested else {
            return try await chooseOneByOne(
                data, folds: folds, outside: outside, wantsWhole: wantsWhole, progress: progress)
        }
        guard hasPairs else { return alone }
        return try await choosePairs(
            data, coded, folds: folds, plan: plan, alone: alone, selection,
            progress: { progress(0.2 + 0.8 * $0) })
    }
}
