public import LimpetDocuments
public import LimpetEvaluation
public import LimpetScoring

/// A trainer of models: it chooses the setting and the calibrator on held-out rows, estimates the performance
/// out of sample, and fits all rows.
///
///     var settings = TrainingSettings(kind: .stumps)
///     settings.threads = 4
///     let result = try await ModelTrainer(settings).train(data, source: .log(features, population, label))
public struct ModelTrainer: Sendable {
    /// The settings of the training.
    public let settings: TrainingSettings
    /// The search that found the settings, which the estimate repeats; nil where they were given.
    let search: RepeatedSearch?

    /// The result of a training.
    public struct Result: Sendable {
        /// The model, without golden inputs, which `Model.withGoldenInputs(zone:)` adds, and without
        /// provenance.
        public var model: Model
        /// The estimate out of sample; nil without folds.
        public var estimate: Estimate?
        /// The metrics on the training rows themselves.
        public var inSample: EvaluationReport
        /// The chosen setting: `{"rounds": …}` or `{"l2": …}`.
        public var chosen: JSON
        /// The method by which the setting and the calibrator were chosen.
        public var choiceMethod: Estimate.Method
        /// The stage that a stop request has ended early; nil where none was.
        public var stopped: Stage?
        /// The total time of binning, in seconds.
        public var binSeconds: Double
    }

    /// The stages of a training, for progress.
    public enum Stage: String, Sendable {
        /// Estimating performance on held-out rows.
        case estimate
        /// Choosing the setting and the calibrator.
        case choose
        /// Fitting all rows.
        case fit
    }

    /// A handler of progress: a stage and the share of it that is finished. ``TrainingMonitor/loss`` has the
    /// current loss.
    public typealias Progress = @Sendable (Stage, Double) -> Void

    /// Makes a trainer.
    ///
    /// - Parameter search: the search that found the settings. Each pipeline of the estimate repeats it on
    ///   its own rows, so that the rows of its evaluation had no part in it.
    public init(_ settings: TrainingSettings, foundBy search: RepeatedSearch? = nil) {
        self.settings = settings
        self.search = search
    }

    /// Returns the number of pipelines that the estimate runs.
    public func estimatePipelines(_ data: TrainingData) -> Int {
        guard settings.folds >= 2 else { return 0 }
        return ForwardSplit.fold(data) != nil ? 1 : settings.folds * max(1, settings.repeats)
    }

    /// Trains on all rows of the data.
    ///
    /// - Throws: ``TrainingError``, ``LogisticRegressionError``, or `CancellationError`.
    public func train(
        _ data: TrainingData, source: Model.Source, progress: @escaping Progress = { _, _ in }
    ) async throws -> Result {
        try check(data)
        let times = TrainingTimes()
        let kept = data.keepingLevels(ofAtLeast: settings.minimumLevelUsers)
        let estimated = try await CrossValidation(self, data)?.run(times, progress: progress)
        let estimate = estimated?.estimate
        var stopped: Stage? = estimated?.isWhole ?? true ? nil : .estimate
        let final: Fitted
        if stopped != nil, search == nil, let choice = estimated?.choice {
            final = try await fitted(kept, choice, times) { progress(.fit, $0) }
        } else {
            let choice = try await choice(kept, times) { progress(.choose, $0) }
            if stopped == nil, isStopRequested { stopped = .choose }
            final = try await fitted(kept, choice, times) { progress(.fit, $0) }
        }
        if stopped == nil, isStopRequested { stopped = .fit }
        let logOdds = final.fit.logOdds(of: kept)
        let evaluatedRows = kept.untreatedRows(Array(kept.labels.indices), input: settings.treatmentInput)
        let inSample = EvaluationReport(
            outcomes(
                kept, rows: evaluatedRows, logOdds: evaluatedRows.map { logOdds[$0] },
                calibrator: final.calibrator))
        let described = kept.dropping(input: settings.treatmentInput)
        let model = Model(
            kind: settings.kind, source: source, inputs: described.inputs, intercept: final.fit.intercept,
            terms: final.fit.terms, calibrator: final.calibrator,
            training: TrainingSummary(described, fit: final.fit, logOdds: logOdds),
            evaluation: estimate?.document ?? .null, provenance: .null,
            decision: final.threshold.map { decision($0, inputs: described.inputs) })
        return Result(
            model: model, estimate: estimate, inSample: inSample, chosen: final.setting.document,
            choiceMethod: .outOfFold, stopped: stopped,
            binSeconds: times.binned / .seconds(1))
    }

    var isStopRequested: Bool { settings.monitor?.isStopRequested ?? false }

    func check(_ data: TrainingData) throws(TrainingError) {
        guard data.count > 0 else { throw .noRows }
        let users = data.classUsers(of: Array(data.labels.indices))
        guard users.positive > 0 else { throw .oneClass(label: false, rows: data.count) }
        guard users.negative > 0 else { throw .oneClass(label: true, rows: data.count) }
        guard users.positive >= settings.folds else {
            throw .tooFewUsers(label: true, users: users.positive, folds: settings.folds)
        }
        guard users.negative >= settings.folds else {
            throw .tooFewUsers(label: false, users: users.negative, folds: settings.folds)
        }
    }

    struct Fitted: Sendable {
        var fit: AdditiveFit
        var calibrator: Calibrator
        var setting: Setting
        /// The probability from which on users are contacted; nil where no threshold was requested.
        var threshold: Double?
    }

    /// The choices made on held-out rows.
    struct Chosen: Sendable {
        var setting: Setting
        var calibrator: Calibrator
        var threshold: Double?
        /// The trainer that made the choice and can fit with it.
        var trainer: any AdditiveTrainer
    }

    /// Chooses the setting, the calibrator and the threshold on held-out rows, then fits all rows; nil after
    /// a stop request.
    func pipeline(
        _ data: TrainingData, _ times: TrainingTimes, choosing: @escaping @Sendable (Double) -> Void
    ) async throws -> Fitted? {
        guard !isStopRequested else { return nil }
        let chosen = try await choice(data, times, choosing: choosing)
        guard !isStopRequested else { return nil }
        let fitted = try await fitted(data, chosen, times) { _ in }
        return isStopRequested ? nil : fitted
    }

    func choice(
        _ data: TrainingData, _ times: TrainingTimes, by given: (any AdditiveTrainer)? = nil,
        choosing: @escaping @Sendable (Double) -> Void
    ) async throws -> Chosen {
        let data = prepared(data)
        // An earlier stop request has ended an earlier stage; this one runs to its end.
        let monitored = isStopRequested ? settings.unmonitored : settings
        let trainer = given ?? monitored.trainer(threads: settings.threads, times: times)
        let folds = Folds.byUser(data, count: max(2, settings.folds), seed: settings.seed)
        let choice = try await trainer.choose(data, folds: folds, progress: choosing)
        let heldOut = settings.zeros.undoing(choice.heldOut)
        let rows = heldOut.map(\.row)
        let calibrator = CalibratorFit.fit(
            settings.calibration, logOdds: heldOut.map(\.logOdds), labels: rows.map { data.labels[$0] },
            weights: settings.zeros.weights(of: rows, in: data),
            positiveUsers: data.classUsers(of: rows).positive)
        return Chosen(
            setting: choice.setting, calibrator: calibrator,
            threshold: threshold(data, heldOut: heldOut, calibrator: calibrator),
            trainer: given ?? settings.unmonitored.trainer(threads: settings.threads, times: times))
    }

    func fitted(
        _ data: TrainingData, _ chosen: Chosen, _ times: TrainingTimes,
        fitting: @escaping @Sendable (Double) -> Void
    ) async throws -> Fitted {
        let data = prepared(data)
        // Here too, an earlier stop request does not end this stage.
        let mayStop = search == nil && !(settings.monitor?.isStopRequested ?? true)
        let trainer =
            mayStop ? settings.trainer(threads: settings.threads, times: times) : chosen.trainer
        var fit = try await trainer.fit(data, setting: chosen.setting, progress: fitting)
        if let initial = settings.initial?.fit {
            fit.intercept += initial.intercept
            fit.terms = AdditiveFit(intercept: 0, terms: initial.terms + fit.terms).joiningTerms().terms
        }
        if let input = settings.treatmentInput { fit = fit.setting(input: input, to: 0) }
        return Fitted(
            fit: fit.centred(on: data), calibrator: chosen.calibrator, setting: chosen.setting,
            threshold: chosen.threshold)
    }

    /// Returns the rows for a fit: without rare levels, and with the offsets of the initial model and of
    /// negative downsampling.
    public func prepared(_ data: TrainingData) -> TrainingData {
        let data = data.keepingLevels(ofAtLeast: settings.minimumLevelUsers)
        guard let initial = settings.initial else { return settings.zeros.offsetting(data) }
        return settings.zeros.offsetting(data.with(offsets: initial.fit.logOdds(of: data)))
    }

    func outcomes(
        _ data: TrainingData, rows: [Int], logOdds: [Double], calibrator: Calibrator
    ) -> Outcomes {
        Outcomes(
            logOdds: logOdds, probabilities: logOdds.map { calibrator.probability($0) },
            labels: rows.map { data.labels[$0] }, users: rows.map { data.users[$0] },
            weights: settings.zeros.weights(of: rows, in: data),
            values: data.values(
                of: rows, input: settings.valueInput, otherwise: settings.metrics.profit.value))
    }
}
