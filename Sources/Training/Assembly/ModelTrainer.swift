public import LimpetDocuments
public import LimpetEvaluation
package import LimpetParallel
public import LimpetScoring
import LimpetEvents

/// A trainer of models: it chooses the setting and the calibrator on held-out rows, estimates the performance
/// out of sample, and fits all rows.
///
///     var settings = TrainingSettings(kind: .stumps)
///     settings.threads = 4
///     let result = try await ModelTrainer(settings).train(data, source: .log(features, population, label))
public struct ModelTrainer: Sendable {
    /// The settings of the training.
    public let settings: TrainingSettings
    /// The search that finds the settings, in each pipeline of the estimate too; nil where they are given.
    let search: SettingSearch?

    /// The result of a training.
    public struct Result: Sendable {
        /// The finished model, with its provenance and golden inputs.
        public var model: Model
        /// The rows that it was fitted on.
        public var data: PreparedData
        /// The estimate out of sample; nil without folds.
        public var estimate: Estimate?
        /// The metrics on the training rows themselves.
        public var inSample: EvaluationReport
        /// The chosen setting: `{"rounds": …}` or `{"l2": …}`.
        public var chosen: JSON
        /// The settings of the model, which are those of the chosen trial where there was a search.
        public var settings: TrainingSettings
        /// The result of the search on all rows; nil without one.
        public var search: SearchResult?
        /// The choice of how snapshots fade; nil where it was given, or the log is too short for one.
        public var halfLife: HalfLifeChoice?
        /// The method by which the setting and the calibrator were chosen.
        public var choiceMethod: Estimate.Method
        /// The stage that a stop request has ended early; nil where none was.
        public var stopped: Stage?
    }

    /// The stages of a training, for progress.
    public enum Stage: String, Sendable {
        /// Estimating performance on held-out rows.
        case estimate
        /// Drawing users for the intervals of the estimate.
        case intervals
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
    /// - Parameter search: the search that finds the settings; nil where they are given. The estimate
    ///   contains it: what is chosen for the rows outside a fold is chosen by rows of other folds. The budget
    ///   is that of the whole training.
    public init(_ settings: TrainingSettings, search: SettingSearch? = nil) {
        self.settings = settings
        self.search = search
    }

    /// Returns the number of pipelines that the estimate runs.
    public func estimatePipelines(_ data: TrainingData) -> Int {
        guard settings.folds >= 2 else { return 0 }
        return ForwardSplit.fold(data) != nil ? 1 : settings.folds * max(1, settings.repeats)
    }

    /// Trains on all rows of the data; those of weight 0 count as absent.
    ///
    /// - Parameters:
    ///   - source: the features or the columns that the inputs are.
    ///   - log: the log that the data come from; nil for a table.
    /// - Throws: ``TrainingError``, ``LogisticRegressionError``, `FeatureSetError`, or `CancellationError`.
    public func train(
        _ data: TrainingData, source: Model.Source, log: TrainingLog? = nil,
        progress: @escaping Progress = { _, _ in }
    ) async throws -> Result {
        try await train(data, source: source, log: log, clock: StageClock(), progress: progress)
    }

    /// Trains on all rows of the data.
    ///
    /// - Parameter clock: is told the stages.
    package func train(
        _ data: TrainingData, source: Model.Source, log: TrainingLog?, clock: StageClock,
        progress: @escaping Progress
    ) async throws -> Result {
        clock.begin(.prepare)
        let data = data.presentRows
        if settings.choosesHalfLife, ForwardSplit.fold(data) == nil {
            return try await ModelTrainer(settings.withoutHalfLifeChoice, search: search).train(
                data, source: source, log: log, clock: clock, progress: progress)
        }
        try check(data)
        let prepared = PreparedData(data, settings)
        var trainer = sharingBudget(data)
        var whole: Chosen?
        if search != nil, !choosesAlong(data) {
            clock.begin(.choose)
            let found = try await trainer.choice(prepared, clock) { progress(.choose, $0) }
            trainer = trainer.repeating(trials: found.search?.trials.count ?? 1)
            whole = found
        }
        let estimated = try await CrossValidation(trainer, data)?.run(prepared, clock, progress: progress)
        let estimate = estimated?.estimate
        if data.byteTable != nil { FreedMemory.giveBack() }
        var stopped: Stage? = estimated?.isWhole ?? true ? nil : .estimate
        let earlier = estimated?.choice?.unfitted
        let choice: Chosen
        if let known = whole ?? estimated?.whole ?? (stopped != nil ? earlier : nil) {
            progress(.choose, 1)
            if stopped == nil, isStopRequested { stopped = .choose }
            choice = known
        } else {
            clock.begin(.choose)
            let made = try await self.choice(prepared, clock) { progress(.choose, $0) }
            if stopped == nil, isStopRequested { stopped = .choose }
            // The estimate's choice was made to its end, and on most of the rows.
            choice = stopped == .choose ? earlier ?? made : made
        }
        clock.begin(fitStage(choice))
        let final = try await fitted(prepared, choice, clock) { progress(.fit, $0) }
        if stopped == nil, isStopRequested { stopped = .fit }
        if data.byteTable != nil { FreedMemory.giveBack() }
        clock.begin(.metrics)
        let logOdds = final.fit.logOdds(of: prepared.rows, threads: settings.threads)
        let inSample = inSample(final, prepared.rows, logOdds: logOdds)
        clock.begin(.summary)
        var model = model(
            final, kind: choice.settings.kind, source: source, prepared.rows, logOdds: logOdds)
        model.training.dataUntil = log?.dataUntil
        model.evaluation = estimate?.document ?? .null
        model.provenance = .object([
            "limpet": .string(Release.version),
            "settings": choice.settings.document(
                chosen: final.setting.document, inputs: prepared.rows.inputs),
            "search": choice.search.map {
                $0.document(seconds: false, pipelines: estimate?.pipelines ?? [])
            },
            "events": log.map { .number($0.events) },
            "stoppedDuring": stopped.map { .string($0.rawValue) },
            "inSampleAuc": inSample.auc.map { .number($0) },
        ])
        return Result(
            model: try model.withGoldenInputs(zone: log?.zone ?? .utc), data: prepared, estimate: estimate,
            inSample: inSample, chosen: final.setting.document, settings: choice.settings,
            search: choice.search, halfLife: choice.halfLife, choiceMethod: .outOfFold, stopped: stopped)
    }

    /// The stage of the last fit: what lanes have fitted along with the choice is part of theirs.
    private func fitStage(_ choice: Chosen) -> RunStage {
        let isFitted =
            choice.stumps != nil && choice.settings.kind == .stumps
            && choice.settings.stumps.pairs.most == 0
        return isFitted ? .boost : .fit
    }

    private func inSample(_ final: Fitted, _ data: TrainingData, logOdds: [Double]) -> EvaluationReport {
        let rows = data.untreatedRows(Array(data.labels.indices), input: settings.treatmentInput)
        return EvaluationReport(
            outcomes(data, rows: rows, logOdds: rows.map { logOdds[$0] }, calibrator: final.calibrator),
            threads: settings.threads)
    }

    private func model(
        _ final: Fitted, kind: Model.Kind, source: Model.Source, _ data: TrainingData, logOdds: [Double]
    ) -> Model {
        let described = data.dropping(input: settings.treatmentInput)
        return Model(
            kind: kind, source: source, inputs: described.inputs, intercept: final.fit.intercept,
            terms: final.fit.terms, calibrator: final.calibrator,
            training: TrainingSummary(
                described, fit: final.fit, logOdds: logOdds, threads: settings.threads), evaluation: .null,
            provenance: .null, decision: final.threshold.map { decision($0, inputs: described.inputs) })
    }

    var isStopRequested: Bool { settings.monitor?.isStopRequested ?? false }

    struct Fitted: Sendable {
        var fit: AdditiveFit
        var calibrator: Calibrator
        var setting: Setting
        /// The point that a search has chosen; nil without one.
        var point: SearchPoint?
        /// The probability from which on users are contacted; nil where no threshold was requested.
        var threshold: Double?

        /// The choice as a document, after the point of a search.
        var document: JSON {
            guard let point else { return setting.document }
            return .object((point.document.members ?? []) + (setting.document.members ?? []))
        }
    }

    /// Chooses the setting, the calibrator and the threshold on held-out rows, then fits all rows; nil after
    /// a stop request.
    func pipeline(
        _ data: TrainingData, _ clock: StageClock, choosing: @escaping @Sendable (Double) -> Void
    ) async throws -> Fitted? {
        guard !isStopRequested else { return nil }
        let prepared = PreparedData(data, settings)
        let chosen = try await choice(prepared, clock, choosing: choosing)
        guard !isStopRequested else { return nil }
        let fitted = try await fitted(prepared, chosen, clock) { _ in }
        return isStopRequested ? nil : fitted
    }

    func choice(
        _ prepared: PreparedData, _ clock: StageClock, choosing: @escaping @Sendable (Double) -> Void
    ) async throws -> Chosen {
        if settings.choosesHalfLife {
            let found = try await HalfLifeChoice.made(prepared.offsetRows, settings, clock)
            var own = settings.withoutHalfLifeChoice
            own.halfLife = found?.halfLife
            var chosen = try await ModelTrainer(own, search: search).choice(
                prepared, clock, choosing: choosing)
            chosen.halfLife = found
            return chosen
        }
        let data = prepared.fitRows(settings)
        // An earlier stop request has ended an earlier stage; this one runs to its end.
        let chooser = chooser(isStopRequested ? settings.unmonitored : settings, clock)
        if settings.calibration == .none, !settings.choosesThreshold, let setting = chooser.givenSetting {
            return Chosen(
                setting: setting, calibrator: .none, settings: settings,
                trainer: settings.unmonitored.trainer(threads: settings.threads, clock: clock))
        }
        let folds = Folds.byUser(data, count: max(2, settings.folds), seed: settings.seed)
        return chosen(try await chooser.choose(data, folds: folds, progress: choosing), data, clock)
    }

    /// Returns the search, or the trainer of the given settings.
    func chooser(_ settings: TrainingSettings, _ clock: StageClock) -> any SettingChooser {
        guard let search else { return settings.trainer(threads: settings.threads, clock: clock) }
        return SearchTrainer(search: search, settings: settings, clock: clock)
    }

    /// Fits the calibrator and the threshold to the held-out rows of a choice.
    func chosen(_ choice: Choice, _ data: TrainingData, _ clock: StageClock) -> Chosen {
        let heldOut = settings.zeros.undoing(choice.heldOut)
        let rows = heldOut.map(\.row)
        let calibrator = CalibratorFit.fit(
            settings.calibration, logOdds: heldOut.map(\.logOdds), labels: rows.map { data.labels[$0] },
            weights: settings.zeros.weights(of: rows, in: data),
            positiveUsers: data.classUsers(of: rows).positive)
        let own = choice.setting.point?.applied(to: settings) ?? settings
        return Chosen(
            setting: choice.setting.atPoint, point: choice.setting.point, calibrator: calibrator,
            threshold: threshold(data, heldOut: heldOut, calibrator: calibrator), settings: own,
            trainer: own.unmonitored.trainer(threads: own.threads, clock: clock), stumps: choice.stumps,
            left: choice.left.map(settings.zeros.undoing), search: choice.search)
    }

    func fitted(
        _ prepared: PreparedData, _ chosen: Chosen, _ clock: StageClock,
        fitting: @escaping @Sendable (Double) -> Void
    ) async throws -> Fitted {
        let own = chosen.settings
        let data = prepared.fitRows(own)
        // Here too, an earlier stop request does not end this stage.
        let trainer =
            settings.monitor?.isStopRequested ?? true
            ? chosen.trainer : own.trainer(threads: own.threads, clock: clock)
        var fit = try await trainer.fit(
            data, setting: chosen.setting, stumps: chosen.stumps, progress: fitting)
        if let initial = settings.initial?.fit {
            fit.intercept += initial.intercept
            fit.terms = AdditiveFit(intercept: 0, terms: initial.terms + fit.terms).joiningTerms().terms
        }
        if let input = settings.treatmentInput { fit = fit.setting(input: input, to: 0) }
        // Stumps that came with the choice, and nothing else, are centred.
        let isCentred =
            chosen.stumps != nil && settings.initial == nil && settings.treatmentInput == nil
            && !fit.terms.contains(where: \.isPair) && own.kind == .stumps && own.stumps.bags == 1
            && LevelCoding.inputs(of: data).isEmpty
        return Fitted(
            fit: isCentred ? fit : fit.centred(on: data, threads: settings.threads),
            calibrator: chosen.calibrator, setting: chosen.setting, point: chosen.point,
            threshold: chosen.threshold)
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
