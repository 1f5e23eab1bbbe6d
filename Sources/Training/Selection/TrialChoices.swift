import LimpetParallel
import LimpetScoring

/// The choices at the points of a search. Kinds that several points share are fitted once: a blend is the
/// mean of choices that other points have made, and pairs go on top of main effects that were boosted without
/// them.
struct TrialChoices {
    private let data: TrainingData
    private let folds: [Fold]
    private let outside: Bool
    private let settings: TrainingSettings
    private let clock: StageClock
    private var logistic: [LogisticSettings: FoldChoices] = [:]
    private var stumps: [StumpSettings: FoldChoices] = [:]
    /// The last main effects, whose rows and models stay for pairs.
    private var boosted: (settings: StumpSettings, folds: BoostedFolds)?

    init(
        _ data: TrainingData, folds: [Fold], outside: Bool, settings: TrainingSettings, clock: StageClock
    ) {
        (self.data, self.folds, self.outside) = (data, folds, outside)
        (self.settings, self.clock) = (settings, clock)
    }

    /// Returns the choices at a point.
    mutating func choices(
        at point: SearchPoint, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> FoldChoices {
        let settings = point.applied(to: settings)
        switch settings.kind {
        case .logistic: return try await logistic(settings, progress: progress)
        case .stumps: return try await stumps(settings, progress: progress)
        case .blend:
            let parts = [
                try await logistic(settings) { progress(0.3 * $0) },
                try await stumps(settings) { progress(0.3 + 0.7 * $0) },
            ]
            return BlendTrainer.blended(parts, data)
        }
    }

    private mutating func logistic(
        _ settings: TrainingSettings, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> FoldChoices {
        if let known = logistic[settings.logistic] { return known }
        let trainer = settings.logisticTrainer(threads: settings.threads, clock: clock)
        let choices = try await trainer.choices(data, folds: folds, outside: outside, progress: progress)
        logistic[settings.logistic] = choices
        return choices
    }

    /// Returns the choices with several bags: the setting is that of one fit, and what is held out is
    /// predicted by bags of the other rows.
    private mutating func bagged(
        _ settings: TrainingSettings, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> FoldChoices {
        var alone = settings
        alone.stumps.bags = 1
        var choices = try await stumps(alone) { progress(0.3 * $0) }
        let trainer = settings.stumpTrainer(threads: settings.threads, clock: clock)
        var left: [[(row: Int, logOdds: Double)]] = []
        for (number, fold) in folds.enumerated() {
            let outside = choices.outside.indices.contains(number) ? choices.outside[number] : choices.whole
            let fit = try await trainer.fit(
                data.selecting(fold.training), setting: outside.setting, stumps: nil, progress: { _ in })
            let logOdds = fit.logOdds(of: data, rows: fold.heldOut, threads: settings.threads)
            left.append(zip(fold.heldOut, logOdds).map { (row: $0, logOdds: $1 + (data.offsets?[$0] ?? 0)) })
            progress(0.3 + 0.7 * Double(number + 1) / Double(folds.count))
        }
        choices.whole = predicted(choices.whole, left, without: nil)
        for number in choices.outside.indices {
            choices.outside[number] = predicted(choices.outside[number], left, without: number)
        }
        return choices
    }

    /// Returns a choice whose held-out rows are those of all folds but one, with the log-odds that they have.
    private func predicted(
        _ choice: Choice, _ left: [[(row: Int, logOdds: Double)]], without fold: Int?
    ) -> Choice {
        var choice = choice
        choice.heldOut = left.indices.filter { $0 != fold }.flatMap { left[$0] }
        choice.loss = choice.heldOut.reduce(0) { $0 + data.logLoss($1.row, $1.logOdds) }
        (choice.stumps, choice.left) = (nil, fold.map { left[$0] })
        return choice
    }

    private mutating func stumps(
        _ settings: TrainingSettings, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> FoldChoices {
        if let known = stumps[settings.stumps] { return known }
        if settings.stumps.bags > 1, self.settings.stumps.bags == 1 {
            let choices = try await bagged(settings, progress: progress)
            stumps[settings.stumps] = choices
            return choices
        }
        let hasPairs = settings.stumps.pairs.most > 0
        let alone = try await mainEffects(settings) { progress(hasPairs ? 0.5 * $0 : $0) }
        var choices = alone.choices
        if hasPairs {
            let trainer = settings.stumpTrainer(threads: settings.threads, clock: clock)
            choices = try await trainer.choosePairs(data, folds: folds, on: alone, outside: outside) {
                progress(0.5 + 0.5 * $0)
            }
        }
        stumps[settings.stumps] = choices
        return choices
    }

    private mutating func mainEffects(
        _ settings: TrainingSettings, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> BoostedFolds {
        var alone = settings
        alone.stumps.pairs.count = .exactly(0)
        if let boosted, boosted.settings == alone.stumps { return boosted.folds }
        let trainer = alone.stumpTrainer(threads: settings.threads, clock: clock)
        let folds = try await trainer.boostedFolds(
            data, folds: folds, outside: outside, progress: progress)
        boosted = (alone.stumps, folds)
        return folds
    }
}
