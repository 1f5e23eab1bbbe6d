public import LimpetEvaluation
import LimpetParallel
import LimpetScoring

/// A search over combinations of settings, each evaluated on the same held-out rows, by folds of users.
///
///     let search = SettingSearch(SearchSpace(kinds: [.stumps, .logistic]), maximumTrials: 20)
///     let result = try await search.run(data, settings: TrainingSettings(kind: .stumps))
///     let settings = result.point.applied(to: TrainingSettings(kind: .stumps))
///
/// A trial's held-out log-odds are calibrated by a line on those rows (none where the training does not
/// calibrate) and evaluated by one metric. The chosen trial is the simplest of those within one standard
/// error of the best, the standard error being that of the difference of the two on the same users (L.
/// Breiman et al., 1984, chapter 3.4, with paired differences); by log loss none is that is worse by more
/// than 0.001.
///
/// For a given number of trials the result is always the same; a time budget only shortens the list of
/// trials.
public struct SettingSearch: Sendable {
    /// The values of settings to try.
    public var space: SearchSpace
    /// The metric to optimise.
    public var metric: Metric
    /// The largest number of trials; nil for all.
    public var maximumTrials: Int?
    /// The time after which no further trial begins; nor does one that is expected to end later. Nil for no
    /// limit. The first trial is always made.
    public var budget: Duration?
    /// True to try no more than each kind without and with pairs.
    public var candidatesOnly: Bool

    /// The number of draws of users for standard errors.
    private static let replicates = 100
    /// The share of a normal distribution within one standard deviation of its mean.
    private static let oneDeviation = 0.682_689_492_137_086

    /// Makes a search of a space.
    public init(
        _ space: SearchSpace, metric: Metric = .logLoss, maximumTrials: Int? = nil, budget: Duration? = nil,
        candidatesOnly: Bool = false
    ) {
        self.space = space
        self.metric = metric
        self.maximumTrials = maximumTrials
        self.budget = budget
        self.candidatesOnly = candidatesOnly
    }

    /// The points that are tried, if nothing ends the search before.
    package var points: [SearchPoint] { candidatesOnly ? space.candidates : space.points() }

    /// Evaluates trials on folds of users, in the same way as a training chooses settings.
    ///
    /// `progress` is called with the share of the trials that is finished.
    ///
    /// - Throws: ``TrainingError`` when no trial can be evaluated, the trainers' errors, or
    ///   `CancellationError`.
    public func run(
        _ data: TrainingData, settings: TrainingSettings,
        progress: @escaping @Sendable (Double) -> Void = { _ in }
    ) async throws -> SearchResult {
        let trainer = ModelTrainer(settings)
        try trainer.check(data)
        let data = PreparedData(data, settings).fitRows(settings)
        let folds = Folds.byUser(data, count: max(2, settings.folds), seed: settings.seed)
        let choices = try await choices(
            data, folds: folds, outside: false, settings: settings, clock: StageClock(), progress: progress)
        guard let result = choices.whole.search else { throw TrainingError.noFiniteLoss(settings: 0) }
        return result
    }

    /// Returns the choices of the trials that are chosen for all rows, and for those outside each fold: each
    /// is chosen by the rows that the other folds hold out.
    func choices(
        _ data: TrainingData, folds: [Fold], outside: Bool, settings: TrainingSettings, clock: StageClock,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> FoldChoices {
        var trials = TrialChoices(data, folds: folds, outside: outside, settings: settings, clock: clock)
        var made: [(point: SearchPoint, choices: FoldChoices, seconds: Double)] = []
        let (planned, end) = try await forEachPoint(settings, progress: progress) { point, progress in
            let start = ContinuousClock.now
            let choices = try await trials.choices(at: point, progress: progress)
            made.append((point, choices, start.duration(to: .now) / .seconds(1)))
        }
        func choice(_ choices: [Choice], folds: [Fold]?) async throws -> Choice {
            let evaluated = choices.indices.map {
                evaluate(
                    made[$0].point, choices[$0], data, folds: folds, settings: settings,
                    seconds: made[$0].seconds)
            }
            let comparable = onCommonRows(evaluated, data, folds: folds, settings: settings)
            var result = try await result(comparable, planned: planned, settings: settings)
            result.end = end
            result.candidatesOnly = candidatesOnly
            var choice = choices[result.chosen]
            choice.setting = .searched(result.point, choice.setting)
            choice.search = result
            return choice
        }
        var found = FoldChoices(
            whole: try await choice(made.map(\.choices.whole), folds: folds), outside: [])
        for left in 0..<(made.map(\.choices.outside.count).min() ?? 0) {
            found.outside.append(try await choice(made.map { $0.choices.outside[left] }, folds: nil))
        }
        return found
    }

    /// Calls `body` with the points in their order, until all are tried, time is over, or a stop is
    /// requested.
    private func forEachPoint(
        _ settings: TrainingSettings, progress: @escaping @Sendable (Double) -> Void,
        _ body: (SearchPoint, @escaping @Sendable (Double) -> Void) async throws -> Void
    ) async throws -> (planned: Int, end: SearchResult.End) {
        let all = points
        let points = all.prefix(maximumTrials ?? .max)
        let start = ContinuousClock.now
        for (done, point) in points.enumerated() {
            if done > 0, settings.monitor?.isStopRequested ?? false { return (all.count, .stop) }
            if let budget, done > 0 {
                let elapsed = start.duration(to: .now)
                guard elapsed + elapsed / done <= budget else { return (all.count, .time) }
            }
            try Task.checkCancellation()
            let count = Double(points.count)
            try await body(point) { progress((Double(done) + $0) / count) }
            progress(Double(done + 1) / count)
        }
        return (all.count, points.count < all.count ? .trials : .complete)
    }

    private struct EvaluatedPoint {
        var trial: SearchResult.Trial
        var outcomes: Outcomes
        var choice: Choice
    }

    /// - Parameter folds: the folds whose values are wanted too; nil for none.
    private func evaluate(
        _ point: SearchPoint, _ choice: Choice, _ data: TrainingData, folds: [Fold]?,
        settings: TrainingSettings, seconds: Double
    ) -> EvaluatedPoint {
        let validationMetric = ValidationMetric(metric, settings: settings)
        let outcomes = validationMetric.outcomes(choice.heldOut, of: data)
        return EvaluatedPoint(
            trial: SearchResult.Trial(
                point: point, chosen: choice.setting.document, value: validationMetric.value(outcomes),
                foldValues: folds.map {
                    validationMetric.foldValues(choice.heldOut, of: data, folds: $0)
                } ?? [], seconds: seconds),
            outcomes: outcomes, choice: choice)
    }

    /// Returns the points evaluated on the rows that all of them have held out: where rows are many, pairs
    /// are chosen on some of the folds.
    private func onCommonRows(
        _ evaluated: [EvaluatedPoint], _ data: TrainingData, folds: [Fold]?, settings: TrainingSettings
    ) -> [EvaluatedPoint] {
        guard Set(evaluated.map(\.choice.heldOut.count)).count > 1 else { return evaluated }
        var common = [Int](repeating: 0, count: data.count)
        for point in evaluated { for (row, _) in point.choice.heldOut { common[row] += 1 } }
        return evaluated.map { point in
            var choice = point.choice
            choice.heldOut = choice.heldOut.filter { common[$0.row] == evaluated.count }
            return evaluate(
                point.trial.point, choice, data, folds: folds, settings: settings,
                seconds: point.trial.seconds)
        }
    }

    private func result(
        _ evaluated: [EvaluatedPoint], planned: Int, settings: TrainingSettings
    ) async throws -> SearchResult {
        let known = evaluated.indices.filter { evaluated[$0].trial.value?.isFinite ?? false }
        var result = SearchResult(
            metric: metric, trials: evaluated.map(\.trial), best: 0, chosen: 0, planned: planned)
        guard let first = known.first else { throw TrainingError.noFiniteLoss(settings: evaluated.count) }
        result.best = known.dropFirst().reduce(first) { best, next in
            isBetter(evaluated[next].trial, evaluated[best].trial) ? next : best
        }
        result.chosen = result.best
        let best = evaluated[result.best]
        for place in known where place != result.best {
            let trial = evaluated[place].trial
            let difference = abs((trial.value ?? 0) - (best.trial.value ?? 0))
            let error = try await standardError(evaluated[place].outcomes, best.outcomes, settings)
            result.trials[place].standardError = error
            guard difference <= min(error ?? 0, mostForSimplicity) else { continue }
            let chosen = evaluated[result.chosen].trial
            let isSimpler = trial.point.complexity.lexicographicallyPrecedes(chosen.point.complexity)
            let isAsSimple = trial.point.complexity == chosen.point.complexity
            if isSimpler || (isAsSimple && isBetter(trial, chosen)) { result.chosen = place }
        }
        return result
    }

    /// The most that a simpler trial may be worse than the best.
    private var mostForSimplicity: Double { metric == .logLoss ? 0.001 : .infinity }

    private func isBetter(_ first: SearchResult.Trial, _ second: SearchResult.Trial) -> Bool {
        guard let value = first.value, let other = second.value else { return false }
        return metric.isBetter(value, than: other)
    }

    /// Returns the standard error of the difference between two trials: half the interval that holds the
    /// share of draws of users within one standard deviation of a normal distribution; for the log loss and
    /// the profit, the closed form.
    private func standardError(
        _ first: Outcomes, _ second: Outcomes, _ settings: TrainingSettings
    ) async throws -> Double? {
        if metric == .logLoss { return LossDifference(first, second).standardError }
        guard metric != .profit else {
            return settings.metrics.profit.standardErrorOfDifference(first, second)
        }
        guard let shown = ReportMetric(rawValue: metric.rawValue) else { return nil }
        let bootstrap = Bootstrap(
            replicates: Self.replicates, seed: settings.seed, level: Self.oneDeviation, metrics: [shown])
        let difference = try await bootstrap.differences(
            first, second, settings: settings.metrics, threads: settings.threads)[shown]
        return difference.map { ($0.interval.upper - $0.interval.lower) / 2 }
    }
}
