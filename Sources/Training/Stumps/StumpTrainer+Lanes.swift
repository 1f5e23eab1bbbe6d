import LimpetEvaluation
import LimpetParallel

/// Choices by models that are boosted side by side.
extension StumpTrainer {
    /// Boosts all folds and all rows as lanes of one vector; nil where that is not the way to boost.
    func sideBySide(
        _ data: TrainingData, _ coded: CodedBins, folds: [Fold], plan: LanePlan, outside: Bool,
        progress: (Double) -> Void
    ) throws -> BoostedFolds? {
        // The lanes of the last choice are its fit too.
        let isBoost =
            (clock.stage == .choose || outside)
            && LaneSelection.isWorthwhile(coded.binned, plan, settings)
        let stage = isBoost ? RunStage.boost : clock.stage
        return try clock.within(stage) {
            try chosenSideBySide(
                data, coded, folds: folds, plan: plan, outside: outside, progress: progress)
        }
    }

    private func chosenSideBySide(
        _ data: TrainingData, _ coded: CodedBins, folds: [Fold], plan: LanePlan, outside: Bool,
        progress: (Double) -> Void
    ) throws -> BoostedFolds? {
        func curve(without left: Int?) -> LaneSelection.Curve {
            LaneSelection.Curve(heldOut: folds.indices.filter { $0 != left }.map { ($0, $0) })
        }
        let lefts: [Int?] = [nil] + (outside ? folds.indices.map { $0 } : [])
        guard
            var selection = LaneSelection(
                data, coded, folds: folds, plan: plan, curves: lefts.map(curve(without:)),
                settings: settings, metric: validationMetric, threads: threads)
        else { return nil }
        try selection.run(monitor: monitor, progress: progress)
        let isMeant = settings.bags == 1 && !isStopRequested
        let isStopped = isStopRequested
        let choices = FoldChoices(
            whole: try selection.choice(0, fit: isMeant ? plan.whole : nil, of: coded, isStopped: isStopped),
            outside: try lefts.compactMap { $0 }.map { left in
                var choice = try selection.choice(left + 1, fit: nil, of: coded, isStopped: isStopped)
                // Bags are other models than those of the choice.
                if settings.bags == 1 {
                    choice.left = selection.heldOut(left, rounds: choice.setting.stumps.rounds)
                }
                return choice
            })
        let done = selection
        return BoostedFolds(coded: coded, choices: choices) { fold in
            let logOdds = done.logOdds(lane: fold, rounds: choices.rounds(of: fold))
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
        let nested = try clock.within(stage) { () -> NestedChoice? in
            guard
                var selection = LaneSelection(
                    data, coded, folds: folds, plan: plan, curves: [whole] + inner, settings: settings,
                    metric: validationMetric, threads: threads)
            else { return nil }
            try selection.run(monitor: monitor, progress: progress)
            let isStopped = isStopRequested
            let isFit = settings.bags == 1
            return NestedChoice(
                outside: try folds.indices.map {
                    let fold = isFit ? plan.model(without: [$0]) : nil
                    return try selection.choice($0 + 1, fit: fold, of: coded, isStopped: isStopped)
                },
                whole: wantsWhole
                    ? try selection.choice(0, fit: isFit ? plan.whole : nil, of: coded, isStopped: isStopped)
                    : nil)
        }
        if let nested { return nested }
        return try await chooseOneByOne(
            data, folds: folds, outside: outside, wantsWhole: wantsWhole, progress: progress)
    }
}
