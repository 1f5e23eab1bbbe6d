import LimpetEvents
import LimpetLinearAlgebra
import LimpetParallel
import LimpetScoring

/// A trainer that fits boosted stumps, then tables over two inputs where they are requested. The numbers of
/// rounds, and of pairs, are those with the least log loss on held-out rows, or with the best value of
/// another metric.
package struct StumpTrainer: AdditiveTrainer {
    let settings: StumpSettings
    let threads: Int
    /// The metric that chooses the rounds; nil for log loss.
    let validationMetric: ValidationMetric?
    let clock: StageClock
    let monitor: TrainingMonitor?

    package init(settings: StumpSettings, threads: Int) {
        self.init(settings: settings, threads: threads, clock: StageClock())
    }

    init(
        settings: StumpSettings, threads: Int, clock: StageClock,
        validationMetric: ValidationMetric? = nil,
        monitor: TrainingMonitor? = nil
    ) {
        self.monitor = monitor
        self.validationMetric = validationMetric
        self.settings = settings
        self.threads = threads
        self.clock = clock
    }

    func coded(_ data: TrainingData, folds: [Fold], plan: LanePlan) -> CodedBins {
        clock.within(.bin) {
            CodedBins(data, folds: folds, plan: plan, settings: settings, threads: threads)
        }
    }

    /// Returns the rounds, and the pairs, with the least loss on folds of users.
    package func chosenRounds(
        _ data: TrainingData, folds: Int
    ) async throws -> (rounds: Int, pairs: PairChoice) {
        let folds = Folds.byUser(data, count: folds, seed: settings.seed)
        return try await choose(data, folds: folds, progress: { _ in }).setting.stumps
    }

    /// Returns, for each fold, the rounds that the rows outside it choose, and their fit.
    package func chosenOutside(
        _ data: TrainingData, folds: [Fold]
    ) async throws -> [(rounds: Int, fit: AdditiveFit?)] {
        let choices = try await chooseNested(
            data, folds: folds, outside: { data.selecting(folds[$0].training) }, wantsWhole: false,
            progress: { _ in })
        return choices.outside.map { ($0.setting.stumps.rounds, $0.stumps) }
    }

    /// Fits all rows with known rounds and pairs.
    package func fit(
        _ data: TrainingData, rounds: Int, pairs: PairChoice = .none
    ) async throws -> AdditiveFit {
        try await fit(
            data, setting: .paired(rounds: rounds, pairs: pairs), stumps: nil, progress: { _ in })
    }

    // MARK: - Choosing

    var givenSetting: Setting? {
        settings.stopsEarly || settings.pairs.most > 0 ? nil : .rounds(settings.maximumRounds)
    }

    /// Lists of pairs, and their boosting, take several times as long as all stumps.
    var isCrossFitted: Bool { settings.pairs.most > 0 }

    func choices(
        _ data: TrainingData, folds: [Fold], outside: Bool, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> FoldChoices {
        let hasPairs = settings.pairs.most > 0
        let alone = try await boostedFolds(data, folds: folds, outside: outside) {
            progress(hasPairs ? 0.5 * $0 : $0)
        }
        guard hasPairs else {
            progress(1)
            return alone.choices
        }
        return try await choosePairs(data, folds: folds, on: alone, outside: outside) {
            progress(0.5 + 0.5 * $0)
        }
    }

    /// Boosts the main effects of each fold, and chooses their rounds.
    func boostedFolds(
        _ data: TrainingData, folds: [Fold], outside: Bool, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> BoostedFolds {
        let plan = LanePlan.folds(folds.count, sharesCurvature: !outside)
        let coded = coded(data, folds: folds, plan: plan)
        if let lanes = try sideBySide(
            data, coded, folds: folds, plan: plan, outside: outside, progress: progress)
        {
            return lanes
        }
        return try await foldByFold(data, coded, folds: folds, outside: outside, progress: progress)
    }

    var isStopRequested: Bool { monitor?.isStopRequested ?? false }

    // MARK: - Fitting

    func fit(
        _ data: TrainingData, setting: Setting, stumps: AdditiveFit?,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> AdditiveFit {
        if let stumps, settings.bags == 1, setting.stumps.pairs.count == 0 {
            progress(1)
            return stumps
        }
        let coding = LevelCoding(data, groups: Self.codingGroups, seed: settings.seed)
        let coded = coding?.coded(data) ?? data
        let binned = clock.within(.bin) {
            BinnedData(
                coded, maximumBins: settings.maximumBins, limits: coding?.limits ?? [:], threads: threads)
        }
        // Stumps that came with the choice are functions of levels.
        let stumps = coding == nil ? stumps : nil
        func recoded(_ fit: AdditiveFit) -> AdditiveFit { coding?.recoded(fit, without: []) ?? fit }
        var tables = settings
        tables.pairs.finishedBins = coding?.finishedBins ?? [:]
        let trainer = StumpTrainer(
            settings: tables, threads: threads, clock: clock, validationMetric: validationMetric,
            monitor: monitor)
        guard settings.bags > 1 else {
            return recoded(
                try trainer.fit(
                    coded, binned, weights: data.weights, setting: setting, stumps: stumps, progress: progress
                ).purified(on: coded, weights: data.weights))
        }
        if let bags = try trainer.bagsSideBySide(coded, binned, setting: setting, progress: progress) {
            return .bagged(bags.map(recoded))
        }
        return .bagged(
            try await trainer.bags(coded, binned, setting: setting, progress: progress).map(recoded))
    }

    /// The number of groups of users by which rows of all users are coded.
    static let codingGroups = 5

    func fit(
        _ data: TrainingData, _ binned: BinnedData, weights: [Double]?, setting: Setting,
        stumps: AdditiveFit?, progress: (Double) -> Void
    ) throws -> AdditiveFit {
        let (rounds, pairs) = setting.stumps
        let weights = weights?.map { Float($0) }
        var fit: AdditiveFit
        let scores: () -> [Double]
        if let stumps {
            fit = stumps
            scores = {
                let logOdds = stumps.logOdds(of: data, threads: threads)
                return data.offsets.map { zip(logOdds, $0).map { $0 + $1 } } ?? logOdds
            }
        } else {
            let booster = try boosted(data, binned, weights: weights, rounds: rounds, progress: progress)
            fit = booster.fit
            scores = { booster.logOdds }
        }
        if pairs.count > 0, pairs.rounds > 0, !isStopRequested {
            fit.terms += pairTerms(
                data, binned, weights: weights, scores: scores(), choice: pairs)
        }
        progress(1)
        return fit
    }

    private func boosted(
        _ data: TrainingData, _ binned: BinnedData, weights: [Float]?, rounds: Int, progress: (Double) -> Void
    ) throws -> StumpBooster {
        var booster = StumpBooster(
            binned, labels: data.labels, weights: weights, offsets: data.offsets,
            userShares: data.userShares, settings: settings, threads: threads)
        while booster.rounds < rounds, !booster.isFinished {
            try Task.checkCancellation()
            booster.boostBlock(rounds: rounds - booster.rounds)
            monitor?.loss = booster.loss
            progress(Double(booster.rounds) / Double(rounds))
            if isStopRequested { break }
        }
        return booster
    }
}

extension StumpBooster {
    /// The ensemble as one term for each input that was split.
    package var fit: AdditiveFit {
        AdditiveFit(intercept: intercept, values: values, definitions: data.definitions)
    }
}
