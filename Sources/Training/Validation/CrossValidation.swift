import LimpetEvaluation
import LimpetParallel
import LimpetScoring

/// The cross-validation of a whole pipeline: it trains on some of the rows and predicts the others, forward
/// in time where the log is long enough, else by folds of users. Every prediction comes from a pipeline
/// that never saw its row.
struct CrossValidation {
    private let trainer: ModelTrainer
    private let data: TrainingData
    private let folds: [Fold]
    private let foldsPerRepetition: Int
    private var estimate: Estimate
    /// The outcomes of the first repetition, and whom its thresholds contact.
    private var pooled = Outcomes()
    private var isContacted: [Bool] = []

    /// An estimate, which a stop request may have ended early.
    struct Result {
        /// The estimate over the finished folds; nil where there is none.
        var estimate: Estimate?
        /// The choice of the first pipeline, which has run to its end if any has.
        var choice: ModelTrainer.Chosen?
        /// The choice for all rows, where the estimate has made it along the way.
        var whole: ModelTrainer.Chosen?
        /// True when no stop request has ended it early.
        var isWhole: Bool
    }

    /// Plans the folds; nil when the settings ask for none.
    init?(_ trainer: ModelTrainer, _ data: TrainingData) {
        let settings = trainer.settings
        guard settings.folds >= 2 else { return nil }
        self.trainer = trainer
        self.data = data
        let method: Estimate.Method
        if let forward = ForwardSplit.fold(data) {
            (method, folds, foldsPerRepetition) = (.forwardInTime, [forward], 1)
        } else {
            folds = (0..<max(1, settings.repeats)).flatMap { repetition in
                Folds.byUser(
                    data, count: settings.folds, seed: settings.seed &+ UInt64(repetition) &* 7_919)
            }
            (method, foldsPerRepetition) = (.outOfFold, folds.count / max(1, settings.repeats))
        }
        estimate = Estimate(
            method: method, folds: [], pooled: EvaluationReport(Outcomes()), predictions: [])
    }

    /// Runs the pipeline once for each fold.
    ///
    /// - Throws: as ``ModelTrainer/train(_:source:progress:)``.
    ///
    /// - Parameter prepared: all rows.
    consuming func run(
        _ prepared: PreparedData, _ clock: StageClock, progress: @escaping ModelTrainer.Progress
    ) async throws -> Result {
        // With three folds or fewer, choices would be made by models of a third of the rows.
        if estimate.method == .outOfFold, foldsPerRepetition > 3 {
            return try await nested(prepared, clock, progress: progress)
        }
        var choice: ModelTrainer.Chosen?
        var isWhole = true
        for index in folds.indices {
            clock.begin(.estimate)
            var fold = folds[index]
            fold.heldOut = data.untreatedRows(fold.heldOut, input: trainer.settings.treatmentInput)
            let training = PreparedData(data.selecting(fold.training), trainer.settings)
            let count = Double(folds.count)
            let chosen = try await trainer.choice(
                training, clock, by: trainer.search?.trainer(clock: clock)
            ) {
                progress(.estimate, (Double(index) + $0) / count)
            }
            choice = choice ?? chosen
            // An interrupted fit would underestimate the model.
            isWhole = !trainer.isStopRequested
            guard isWhole else { break }
            let fitted = try await trainer.fitted(training, chosen, clock) { _ in }
            isWhole = !trainer.isStopRequested
            guard isWhole else { break }
            clock.within(.metrics) { evaluate(fitted, on: fold.heldOut, fold: index) }
            progress(.estimate, Double(index + 1) / count)
        }
        estimate.plannedFolds = folds.count
        guard !estimate.folds.isEmpty else { return Result(estimate: nil, choice: choice, isWhole: isWhole) }
        try await summarise(clock, progress: progress)
        return Result(estimate: estimate, choice: choice, isWhole: isWhole)
    }

    /// Runs the pipelines of all folds together: each chooses by the other folds, held out in turn.
    private mutating func nested(
        _ prepared: PreparedData, _ clock: StageClock, progress: @escaping ModelTrainer.Progress
    ) async throws -> Result {
        clock.begin(.estimate)
        let settings = trainer.settings
        let additive =
            trainer.search?.trainer(clock: clock) ?? settings.trainer(threads: settings.threads, clock: clock)
        let fitting =
            trainer.search?.trainer(clock: clock)
            ?? settings.unmonitored.trainer(threads: settings.threads, clock: clock)
        var whole: ModelTrainer.Chosen?
        var isWhole = true
        estimate.plannedFolds = folds.count
        let repeats = folds.count / foldsPerRepetition
        for repetition in 0..<repeats where isWhole {
            let first = repetition * foldsPerRepetition
            let some = Array(folds[first..<(first + foldsPerRepetition)])
            let rows = data
            let choices = try await additive.chooseNested(
                prepared.offsetRows, folds: some,
                outside: { PreparedData(rows.selecting(some[$0].training), settings).offsetRows },
                wantsWhole: repetition == 0 && trainer.search == nil
            ) { progress(.estimate, (Double(repetition) + $0) / Double(repeats)) }
            whole = whole ?? choices.whole.map { trainer.chosen($0, prepared.offsetRows, by: fitting) }
            for (place, fold) in some.enumerated() where isWhole {
                // An interrupted fit would underestimate the model.
                isWhole = !trainer.isStopRequested
                guard isWhole else { break }
                let chosen = trainer.chosen(choices.outside[place], prepared.offsetRows, by: fitting)
                // What is still to be fitted, such as pairs, must not see the rows that are held out.
                let training =
                    chosen.isFitted ? prepared : PreparedData(data.selecting(fold.training), settings)
                let fitted = try await trainer.fitted(training, chosen, clock) { _ in }
                isWhole = !trainer.isStopRequested
                guard isWhole else { break }
                let heldOut = data.untreatedRows(fold.heldOut, input: settings.treatmentInput)
                clock.within(.metrics) { evaluate(fitted, on: heldOut, fold: first + place) }
            }
        }
        guard !estimate.folds.isEmpty else {
            return Result(estimate: nil, choice: whole, whole: whole, isWhole: isWhole)
        }
        try await summarise(clock, progress: progress)
        return Result(estimate: estimate, choice: whole, whole: whole, isWhole: isWhole)
    }

    /// Predicts the held-out rows of a fold, and adds them to the estimate.
    private mutating func evaluate(_ fitted: ModelTrainer.Fitted, on heldOut: [Int], fold index: Int) {
        let logOdds = fitted.fit.logOdds(of: data, rows: heldOut, threads: trainer.settings.threads)
        let outcomes = trainer.outcomes(
            data, rows: heldOut, logOdds: logOdds, calibrator: fitted.calibrator)
        estimate.folds.append(
            EvaluationReport(
                outcomes, settings: trainer.settings.metrics, threads: trainer.settings.threads))
        estimate.pipelines.append(
            Estimate.Pipeline(
                threshold: fitted.threshold, point: fitted.setting.point, chosen: fitted.setting.document))
        if index < foldsPerRepetition {
            pooled.append(outcomes)
            isContacted += outcomes.probabilities.map { $0 >= fitted.threshold ?? .infinity }
        }
        for (place, row) in heldOut.enumerated() {
            estimate.predictions.append(
                Estimate.Prediction(
                    row: row, repetition: index / foldsPerRepetition, fold: index % foldsPerRepetition,
                    logOdds: logOdds[place], probability: outcomes.probabilities[place]))
        }
    }

    /// Computes the metrics of the first repetition's rows together.
    private mutating func summarise(
        _ clock: StageClock, progress: @escaping ModelTrainer.Progress
    ) async throws {
        let settings = trainer.settings
        clock.begin(.metrics)
        estimate.pooled = try await EvaluationReport.detailed(
            pooled, settings: settings.metrics, bootstrap: settings.bootstrap, threads: settings.threads
        ) {
            clock.begin(.intervals)
            progress(.intervals, $0)
        }
        guard settings.choosesThreshold else { return }
        if settings.bootstrap != nil { clock.begin(.intervals) }
        estimate.decision = ContactReport(
            pooled, isContacted: isContacted, profit: settings.metrics.profit, bootstrap: settings.bootstrap)
    }
}
