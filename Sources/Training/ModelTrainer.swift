public import LimpetEvaluation
public import LimpetScoring

/// Trains a model: chooses its setting and calibrator on held-out rows, estimates how well it will do, and
/// fits all rows.
public struct ModelTrainer: Sendable {
    /// How it trains.
    public let settings: TrainingSettings

    /// What a training gives.
    public struct Result: Sendable {
        /// The model, without golden inputs and provenance, which the caller knows more about.
        public var model: Model
        /// The estimate out of sample; nil when nothing was held out.
        public var estimate: Estimate?
        /// The metrics on the very rows that were learnt from.
        public var inSample: EvaluationReport
        /// What was chosen: `{"rounds": …}` or `{"l2": …}`.
        public var chosen: JSON
        /// How the setting and the calibrator were chosen.
        public var choiceMethod: Estimate.Method
        /// The time that all binning took, in seconds.
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

    /// Told of a stage and the share of it that is done.
    public typealias Progress = @Sendable (Stage, Double) -> Void

    /// Makes a trainer.
    public init(_ settings: TrainingSettings) {
        self.settings = settings
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
        let estimate = try await estimate(data, times, progress: progress)
        let final = try await pipeline(
            kept, times, choosing: { progress(.choose, $0) },
            fitting: { progress(.fit, $0) })
        let logOdds = final.fit.logOdds(of: kept)
        let judged = kept.untreatedRows(Array(kept.labels.indices), input: settings.treatmentInput)
        let inSample = EvaluationReport(
            outcomes(
                kept, rows: judged, logOdds: judged.map { logOdds[$0] }, calibrator: final.calibrator))
        let described = kept.dropping(input: settings.treatmentInput)
        let model = Model(
            kind: settings.kind, source: source, inputs: described.inputs, intercept: final.fit.intercept,
            terms: final.fit.terms, calibrator: final.calibrator,
            training: TrainingSummary(described, fit: final.fit, logOdds: logOdds),
            evaluation: estimate?.document ?? .null, provenance: .null)
        return Result(
            model: model, estimate: estimate, inSample: inSample, chosen: final.setting.document,
            choiceMethod: .outOfFold,
            binSeconds: times.binned / .seconds(1))
    }

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
    }

    /// Chooses the setting and the calibrator on held-out rows, then fits all rows.
    func pipeline(
        _ data: TrainingData, _ times: TrainingTimes,
        choosing: @escaping @Sendable (Double) -> Void = { _ in },
        fitting: @escaping @Sendable (Double) -> Void = { _ in }
    ) async throws -> Fitted {
        var data = data.keepingLevels(ofAtLeast: settings.minimumLevelUsers)
        if let initial = settings.initial { data = data.with(offsets: initial.fit.logOdds(of: data)) }
        let trainer = settings.trainer(threads: settings.threads, times: times)
        let folds = Folds.byUser(data, count: max(2, settings.folds), seed: settings.seed)
        let choice = try await trainer.choose(data, folds: folds, progress: choosing)
        let calibrator = CalibratorFit.fit(
            settings.calibration, logOdds: choice.heldOut.map(\.logOdds),
            labels: choice.heldOut.map { data.labels[$0.row] },
            weights: data.weights.map { weights in choice.heldOut.map { weights[$0.row] } },
            positiveUsers: data.classUsers(of: choice.heldOut.map(\.row)).positive)
        var fit = try await trainer.fit(data, setting: choice.setting, progress: fitting)
        if let initial = settings.initial?.fit {
            fit.intercept += initial.intercept
            fit.terms = AdditiveFit(intercept: 0, terms: initial.terms + fit.terms).joiningTerms().terms
        }
        if let input = settings.treatmentInput { fit = fit.setting(input: input, to: 0) }
        return Fitted(
            fit: fit.centred(on: data), calibrator: calibrator, setting: choice.setting)
    }

    /// Trains on a part and predicts the rest: forward in time where the log is long enough, else by folds of
    /// users. Every prediction comes from a whole pipeline that never saw its row.
    private func estimate(
        _ data: TrainingData, _ times: TrainingTimes, progress: @escaping Progress
    ) async throws -> Estimate? {
        guard settings.folds >= 2 else { return nil }
        if let forward = ForwardSplit.fold(data) {
            return try await estimate(
                data, times, method: .forwardInTime, [forward], repetitions: 1, progress)
        }
        let folds = (0..<max(1, settings.repeats)).flatMap { repetition in
            Folds.byUser(data, count: settings.folds, seed: settings.seed &+ UInt64(repetition) &* 7_919)
        }
        return try await estimate(
            data, times, method: .outOfFold, folds, repetitions: settings.repeats, progress)
    }

    private func estimate(
        _ data: TrainingData, _ times: TrainingTimes, method: Estimate.Method, _ folds: [Fold],
        repetitions: Int,
        _ progress: @escaping Progress
    ) async throws -> Estimate {
        let perRepetition = folds.count / max(1, repetitions)
        var estimate = Estimate(
            method: method, folds: [], pooled: EvaluationReport(Outcomes()), predictions: [])
        var pooled = Outcomes()
        for (index, whole) in folds.enumerated() {
            var fold = whole
            fold.heldOut = data.untreatedRows(fold.heldOut, input: settings.treatmentInput)
            let fitted = try await pipeline(
                data.selecting(fold.training), times,
                choosing: { progress(.estimate, (Double(index) + $0) / Double(folds.count)) })
            let held = data.selecting(fold.heldOut)
            let logOdds = fitted.fit.logOdds(of: held)
            let outcomes = outcomes(
                data, rows: fold.heldOut, logOdds: logOdds, calibrator: fitted.calibrator)
            estimate.folds.append(EvaluationReport(outcomes))
            if index < perRepetition { pooled.append(outcomes) }
            for (place, row) in fold.heldOut.enumerated() {
                estimate.predictions.append(
                    Estimate.Prediction(
                        row: row, repetition: index / perRepetition, fold: index % perRepetition,
                        logOdds: logOdds[place], probability: outcomes.probabilities[place]))
            }
            progress(.estimate, Double(index + 1) / Double(folds.count))
        }
        estimate.pooled = try await EvaluationReport.detailed(
            pooled, bootstrap: settings.bootstrap, threads: settings.threads)
        return estimate
    }

    func outcomes(
        _ data: TrainingData, rows: [Int], logOdds: [Double], calibrator: Calibrator
    ) -> Outcomes {
        Outcomes(
            logOdds: logOdds, probabilities: logOdds.map { calibrator.probability($0) },
            labels: rows.map { data.labels[$0] }, users: rows.map { data.users[$0] },
            weights: data.weights.map { weights in rows.map { weights[$0] } })
    }
}
