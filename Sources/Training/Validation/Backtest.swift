import LimpetNumerics
import LimpetEvaluation
package import LimpetParallel
import LimpetScoring

/// A backtest with a rolling origin (L. Tashman, 2000): at each of several snapshot times a model is trained
/// on the snapshots whose labels are known by then, and tested on the snapshots of the following period, as
/// in production.
///
///     let periods = BacktestPeriod.every(.days(30), data.times ?? [])
///     let result = try await Backtest(TrainingSettings(kind: .stumps)).run(data, periods: periods)
///     print(result.pooled.auc ?? .nan, result.origins.count)
///
/// At least one horizon lies between a training row and the origin, so that no label looks into the test
/// period. A user may be in both sets, earlier and later, as in production;
/// ``BacktestResult/Origin/knownRows`` counts them. The setting and the calibrator are chosen again at each
/// origin, on folds of users of its training rows. After a stop request (``TrainingSettings/monitor``) the
/// result has the origins that are finished.
public struct Backtest: Sendable {
    /// The settings of the models. An initial model is ignored, since it may have been trained on the test
    /// rows.
    public let settings: TrainingSettings
    /// The largest number of rows on which terms are compared; of more test rows, an even sample is taken.
    static let commonRows = 5_000

    /// Makes a backtest of models with the given settings.
    ///
    /// - Parameter search: the search that each origin makes on its own rows; nil for none.
    public init(_ settings: TrainingSettings, search: SettingSearch? = nil) {
        self.settings = settings
        trainer = ModelTrainer(settings.withoutInitialModel, search: search)
    }

    private let trainer: ModelTrainer

    /// Trains and tests at each origin that has enough rows on both sides.
    ///
    /// `progress` is called with the share that is finished.
    ///
    /// - Throws: ``BacktestError`` when there is no such origin, the errors of ``ModelTrainer``, or
    ///   `CancellationError`.
    public func run(
        _ data: TrainingData, periods: [BacktestPeriod],
        progress: @escaping @Sendable (Double) -> Void = { _ in }
    ) async throws -> BacktestResult {
        try await run(data, periods: periods, clock: StageClock(), progress: progress)
    }

    /// Returns the numbers of rows that each origin trains on and is tested on.
    ///
    /// - Throws: ``BacktestError`` when there is no origin with enough rows on both sides.
    package func rows(
        _ data: TrainingData, periods: [BacktestPeriod]
    ) throws -> [(training: Int, test: Int)] {
        try plan(data, periods).runs.map { ($0.training.rows, $0.fold.heldOut.count) }
    }

    private func plan(
        _ data: TrainingData, _ periods: [BacktestPeriod]
    ) throws(BacktestError) -> BacktestPlan {
        try BacktestPlan(
            data, periods: periods, folds: max(2, settings.folds), treatmentInput: settings.treatmentInput,
            zeros: settings.zeros)
    }

    /// Trains and tests at each origin that has enough rows on both sides.
    ///
    /// - Parameter clock: is told the stages.
    package func run(
        _ data: TrainingData, periods: [BacktestPeriod], clock: StageClock,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> BacktestResult {
        clock.begin(.prepare)
        let plan = try plan(data, periods)
        let common = data.selecting(Self.sampled(plan.runs.flatMap(\.fold.heldOut).sorted()))
        var stability = TermStability(common)
        var result = BacktestResult(
            origins: [], skipped: plan.skipped, pooled: EvaluationReport(Outcomes()), predictions: [],
            terms: [])
        var pooled = Outcomes()
        for (index, run) in plan.runs.enumerated() {
            clock.begin(.train)
            guard
                let fitted = try await trainer.pipeline(
                    data.selecting(run.fold.training), clock,
                    choosing: { progress((Double(index) + $0) / Double(plan.runs.count)) })
            else { break }
            clock.begin(.metrics)
            stability.add(fitted.fit)
            let logOdds = fitted.fit.logOdds(
                of: data, rows: run.fold.heldOut, threads: settings.threads)
            let outcomes = trainer.outcomes(
                data, rows: run.fold.heldOut, logOdds: logOdds, calibrator: fitted.calibrator)
            result.origins.append(
                BacktestResult.Origin(
                    period: run.period, training: run.training, knownRows: run.knownRows,
                    chosen: fitted.document, report: try await report(outcomes, of: Self.shown, clock)
                ))
            clock.begin(.metrics)
            result.predict(run.fold.heldOut, origin: index, outcomes)
            pooled.append(outcomes.rankedByProbability)
            progress(Double(index + 1) / Double(plan.runs.count))
        }
        guard !result.origins.isEmpty else { throw CancellationError() }
        result.planned = plan.runs.count
        result.pooled = try await report(pooled, of: Set(ReportMetric.allCases), clock)
        clock.begin(.metrics)
        result.terms = stability.terms(data.inputs)
        return result
    }

    /// The metrics with an interval at each origin.
    private static let shown: Set<ReportMetric> = [.auc, .logLoss, .observedToExpected]

    private func report(
        _ outcomes: Outcomes, of metrics: Set<ReportMetric>, _ clock: StageClock
    ) async throws -> EvaluationReport {
        var bootstrap = settings.bootstrap
        bootstrap?.metrics = metrics
        return try await EvaluationReport.detailed(
            outcomes, settings: settings.metrics, bootstrap: bootstrap, threads: settings.threads
        ) { _ in clock.begin(.intervals) }
    }

    private static func sampled(_ rows: [Int]) -> [Int] {
        guard rows.count > commonRows else { return rows }
        return (0..<commonRows).map { rows[$0 * rows.count / commonRows] }
    }
}

extension Outcomes {
    /// The outcomes with rows ranked by probability, since sums of terms are not comparable between models.
    fileprivate var rankedByProbability: Outcomes {
        var outcomes = self
        outcomes.logOdds = probabilities.map { ElementaryFunctions.logit($0) }
        return outcomes
    }
}

extension TrainingSettings {
    fileprivate var withoutInitialModel: TrainingSettings {
        var settings = self
        settings.initial = nil
        return settings
    }
}
