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

    func choose(
        _ data: TrainingData, folds: [Fold], progress: @escaping @Sendable (Double) -> Void
    ) async throws -> Choice {
        let coded = coded(data, folds: folds, plan: .folds(folds.count))
        let share = settings.pairs.most > 0 ? 0.5 : 1
        let chosen: ChosenRounds
        if let lanes = try sideBySide(data, coded, folds: folds, progress: { progress(share * $0) }) {
            chosen = lanes
        } else {
            chosen = try await foldByFold(data, coded, folds: folds) { progress(share * $0) }
        }
        guard settings.pairs.most > 0 else {
            progress(1)
            return chosen.choice
        }
        let done = chosen
        let pairFolds = folds.indices.map { fold in
            PairFold(fold: folds[fold], model: fold) { done.scores(fold) }
        }
        return try await choosePairs(data, coded, folds: pairFolds, alone: chosen.choice) {
            progress(0.5 + 0.5 * $0)
        }
    }

    /// Boosts each fold by itself.
    private func foldByFold(
        _ data: TrainingData, _ coded: CodedBins, folds: [Fold],
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> ChosenRounds {
        let settings = settings
        // Folds share the threads; a single one uses them all.
        let each = folds.count > 1 ? 1 : threads
        var runs = try await concurrentMap(Array(folds.indices), threads: threads) {
            ValidationRun(data, coded, fold: folds[$0], model: $0, settings: settings, threads: each)
        }
        let best: Int
        (runs, best) = try await boosted(runs, of: data, progress: progress)
        let rounds = settings.stopsEarly || isStopRequested ? best : settings.maximumRounds
        let alone = try await concurrentMap(runs, threads: threads) { $0.logOdds(after: rounds) }
        let choice = Choice(
            setting: .rounds(rounds), loss: runs.reduce(0) { $0 + $1.loss(after: rounds) },
            heldOut: alone.flatMap { $0 })
        let done = runs
        return ChosenRounds(choice: choice) { fold in done[fold].scores(data, after: rounds) }
    }

    /// Boosts all folds until the loss on held-out rows has passed its minimum, or the metric its best value,
    /// and returns them with the round of that value.
    private func boosted(
        _ runs: [ValidationRun], of data: TrainingData, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> (runs: [ValidationRun], best: Int) {
        var runs = runs
        var values: [Double?] = []
        let limit = settings.maximumRounds
        var target = settings.stopsEarly ? min(64, limit) : limit
        defer { monitor?.rounds = nil }
        while true {
            let upTo = target
            runs = try await concurrentMap(runs, threads: threads) { [monitor] in
                $0.boosted(upTo: upTo, monitor: monitor)
            }
            if isStopRequested { runs = Self.furthest(runs) }
            monitor?.loss = Self.meanLoss(runs)
            if settings.stopsEarly { monitor?.rounds = TrainingMonitor.Rounds(made: target, most: limit) }
            progress(Double(target) / Double(limit))
            if let validationMetric, settings.stopsEarly {
                let checkpoints = ValidationRun.checkpoints[values.count..<Self.evaluatedByAll(runs)]
                values += try await validationMetric.values(
                    &runs, at: checkpoints, of: data, threads: threads)
            }
            let best = try bestRound(runs, values)
            let isPast = target - best >= settings.patience && Double(best) < 0.8 * Double(target)
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

    var isStopRequested: Bool { monitor?.isStopRequested ?? false }

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
    private static let codingGroups = 5

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
