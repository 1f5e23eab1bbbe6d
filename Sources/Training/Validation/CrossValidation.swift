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
    /// True to make the model of each fold, also where its predictions are known without one.
    var keepsModels = false
    private var models: [FoldModel] = []

    /// An estimate, which a stop request may have ended early.
    struct Result {
        /// The estimate over the finished folds; nil where there is none.
        var estimate: Estimate?
        /// The choice of the first pipeline, which has run to its end if any has.
        var choice: ModelTrainer.Chosen?
        /// The choice for all rows, where the estimate has made it along the way.
        var whole: ModelTrainer.Chosen?
        /// The model of each fold, where they are kept.
        var models: [FoldModel] = []
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

    private func isNested(_ clock: StageClock) -> Bool {
        estimate.method == .outOfFold
            && (Folds.areNested(foldsPerRepetition) || trainer.chooser(trainer.settings, clock).isCrossFitted)
    }

    /// Runs the pipeline once for each fold.
    ///
    /// - Throws: as ``ModelTrainer/train(_:source:progress:)``.
    ///
    /// - Parameter prepared: all rows.
    consuming func run(
        _ prepared: PreparedData, _ clock: StageClock, progress: @escaping ModelTrainer.Progress
    ) async throws -> Result {
        clock.begin(.estimate)
        estimate.plannedFolds = folds.count
        let count = Double(folds.count)
        var result = Result(isWhole: true)
        for first in stride(from: 0, to: folds.count, by: foldsPerRepetition) where result.isWhole {
            let repetition = first..<(first + foldsPerRepetition)
            let nested =
                isNested(clock) ? try await nested(repetition, prepared, clock, progress: progress) : nil
            result.whole = result.whole ?? nested?.whole
            for index in repetition where result.isWhole {
                let chosen: ModelTrainer.Chosen
                let training: PreparedData
                if let nested {
                    guard index - first < nested.outside.count else {
                        result.isWhole = false
                        break
                    }
                    chosen = nested.outside[index - first]
                    // What is still to be fitted, such as pairs, must not see the rows that are held out.
                    training = chosen.isFitted || chosen.left != nil ? prepared : rows(outside: index)
                } else {
                    training = rows(outside: index)
                    chosen = try await trainer.choice(training, clock) {
                        progress(.estimate, (Double(index) + $0) / count)
                    }
                }
                result.choice = result.choice ?? chosen
                result.isWhole = try await predict(index, by: chosen, fittedTo: training, clock)
                if nested == nil { progress(.estimate, Double(index + 1) / count) }
            }
        }
        guard !estimate.folds.isEmpty else { return result }
        try await summarise(clock, progress: progress)
        (result.estimate, result.models) = (estimate, models)
        return result
    }

    /// Returns the choices for the rows outside each fold of a repetition, and for all rows in the first one.
    private func nested(
        _ repetition: Range<Int>, _ prepared: PreparedData, _ clock: StageClock,
        progress: @escaping ModelTrainer.Progress
    ) async throws -> (outside: [ModelTrainer.Chosen], whole: ModelTrainer.Chosen?) {
        let settings = trainer.settings
        let chooser = trainer.chooser(settings, clock)
        let (done, count) = (Double(repetition.lowerBound), Double(self.folds.count))
        let (data, folds, share) = (data, Array(folds[repetition]), Double(repetition.count))
        let progressed: @Sendable (Double) -> Void = { progress(.estimate, (done + share * $0) / count) }
        let isFirst = repetition.lowerBound == 0
        let choices: NestedChoice
        if !chooser.isCrossFitted, let trainer = chooser as? any AdditiveTrainer {
            choices = try await trainer.chooseNested(
                prepared.fitRows(settings), folds: folds,
                outside: { PreparedData(data.selecting(folds[$0].training), settings).fitRows(settings) },
                wantsWhole: isFirst, progress: progressed)
        } else {
            let found = try await chooser.choices(
                prepared.fitRows(settings), folds: folds, outside: true, progress: progressed)
            choices = NestedChoice(outside: found.outside, whole: isFirst ? found.whole : nil)
        }
        func chosen(_ choice: Choice) -> ModelTrainer.Chosen {
            trainer.chosen(choice, prepared.fitRows(settings), clock)
        }
        return (choices.outside.map { chosen($0) }, choices.whole.map { chosen($0) })
    }

    private func rows(outside index: Int) -> PreparedData {
        PreparedData(data.selecting(folds[index].training), trainer.settings)
    }

    /// Fits what a pipeline has chosen, and predicts the rows of its fold; false after a stop request, since
    /// an interrupted fit would underestimate the model.
    private mutating func predict(
        _ index: Int, by chosen: ModelTrainer.Chosen, fittedTo training: PreparedData, _ clock: StageClock
    ) async throws -> Bool {
        guard !trainer.isStopRequested else { return false }
        let heldOut = data.untreatedRows(folds[index].heldOut, input: trainer.settings.treatmentInput)
        if let left = chosen.left {
            var logOdds = [Double](repeating: .nan, count: data.count)
            for (row, value) in left { logOdds[row] = value }
            clock.within(.metrics) {
                evaluate(chosen, heldOut.map { logOdds[$0] }, of: heldOut, fold: index)
            }
            if keepsModels {
                let again = try await trainer.fitted(rows(outside: index), chosen.unfitted, clock) { _ in }
                models.append(FoldModel(again))
            }
            return true
        }
        let fitted = try await trainer.fitted(training, chosen, clock) { _ in }
        guard !trainer.isStopRequested else { return false }
        if keepsModels { models.append(FoldModel(fitted)) }
        clock.within(.metrics) {
            let logOdds = fitted.fit.logOdds(of: data, rows: heldOut, threads: trainer.settings.threads)
            evaluate(chosen, logOdds, of: heldOut, fold: index)
        }
        return true
    }

    /// Adds the predictions for held-out rows of a fold to the estimate.
    private mutating func evaluate(
        _ chosen: ModelTrainer.Chosen, _ logOdds: [Double], of heldOut: [Int], fold index: Int
    ) {
        let outcomes = trainer.outcomes(
            data, rows: heldOut, logOdds: logOdds, calibrator: chosen.calibrator)
        estimate.folds.append(
            EvaluationReport(
                outcomes, settings: trainer.settings.metrics, threads: trainer.settings.threads))
        estimate.pipelines.append(
            Estimate.Pipeline(
                threshold: chosen.threshold, point: chosen.point, chosen: chosen.setting.document))
        if index < foldsPerRepetition {
            pooled.append(outcomes)
            isContacted += outcomes.probabilities.map { $0 >= chosen.threshold ?? .infinity }
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
