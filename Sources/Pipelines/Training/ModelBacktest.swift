public import LimpetEvents
package import LimpetParallel
public import LimpetTraining

/// A backtest on a log, with the file that it leaves: at each of several times a model is trained on what was
/// known by then, and tested on the period that follows.
///
///     let input = try await TrainingInput.read(extraction)
///     var backtest = ModelBacktest(input, settings: TrainingSettings(kind: .stumps))
///     backtest.period = .length(.days(28))
///     let result = try await backtest.run()
///     for origin in result.origins { print(origin.period.origin, origin.report.auc ?? .nan) }
///
/// With a monitor in the settings (`TrainingMonitor`) a caller can request that a running backtest ends with
/// the origins that are done.
public struct ModelBacktest: Sendable {
    /// The length of the periods in which models are tested.
    public enum Period: Hashable, Sendable {
        /// Calendar months.
        case month
        /// A length of time.
        case length(TimeSpan)
    }

    /// The data, of a log.
    public var input: TrainingInput
    /// The settings of the models. The input of offers is that of the data, whatever they say.
    public var settings: TrainingSettings
    /// The search that each origin makes on its own rows; nil for the settings as they are.
    public var search: SettingSearch?
    /// The length of each period; the next model is trained at its end.
    public var period = Period.month
    /// The first time at which a model is trained; nil for as soon as there is enough to learn from.
    public var firstOrigin: Timestamp?
    /// The time zone of the months.
    public var zone = TimeZoneRules.utc
    /// The file of all predictions for test rows: CSV by origin and row. Nil to write none.
    public var predictions: String?
    /// The receiver of progress.
    public var observer: any PipelineObserver

    /// Makes a backtest by calendar months of UTC that writes no file.
    public init(
        _ input: TrainingInput, settings: TrainingSettings,
        observer: any PipelineObserver = SilentObserver()
    ) {
        (self.input, self.settings, self.observer) = (input, settings, observer)
    }

    /// Trains and tests at each origin, and writes the predictions.
    ///
    /// - Throws: `InputError` when no period has enough rows on both sides, also for a table, which has no
    ///   order in time; the errors of `Backtest.run`, and `FileError`.
    public func run() async throws -> BacktestResult {
        try await run(clock: StageClock())
    }

    /// Trains and tests at each origin, and writes the predictions.
    ///
    /// - Parameter clock: is told the stages.
    package func run(clock: StageClock) async throws -> BacktestResult {
        let result = try await tested(clock)
        clock.begin(.write)
        if let predictions { try input.writePredictions(result, to: predictions) }
        return result
    }

    private func tested(_ clock: StageClock) async throws -> BacktestResult {
        var settings = settings
        settings.treatmentInput = input.treatment?.input(of: input.data)
        let monitor = settings.monitor
        let (backtest, periods) = (Backtest(settings, search: search), periods)
        do {
            clock.begin(.prepare)
            let origins = try backtest.rows(input.data, periods: periods)
            if let line = TrainingCost(input.data, origins: origins, settings).line { observer.note(line) }
            let stage = observer.begin("backtest")
            defer { stage.finish() }
            return try await backtest.run(input.data, periods: periods, clock: clock) {
                stage.update($0, part: nil, detail: nil, loss: monitor?.loss)
            }
        } catch let error as BacktestError {
            throw InputError(InputPlace(file: input.file), "\(error)")
        }
    }

    /// The periods over which snapshots are spread, from the first origin on.
    private var periods: [BacktestPeriod] {
        let times = input.data.times ?? []
        let periods =
            switch period {
            case .month: BacktestPeriod.months(times, zone: zone)
            case .length(let length): BacktestPeriod.every(length, times, from: firstOrigin)
            }
        return periods.filter { period in firstOrigin.map { period.origin >= $0 } ?? true }
    }
}
