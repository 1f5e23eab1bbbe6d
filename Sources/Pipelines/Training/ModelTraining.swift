import LimpetFiles
package import LimpetParallel
import LimpetScoring
public import LimpetTraining

/// A training from its data to the files that it leaves: negative downsampling, the search for settings, the
/// training itself, the model file, the predictions for held-out rows, and standard errors.
///
///     var table = TableSource("customers.csv")
///     (table.target, table.positive, table.id) = ("Churn", "Yes", "customerID")
///     var training = ModelTraining(
///         try await TrainingInput.read(table), settings: TrainingSettings(kind: .stumps))
///     training.output = "model.json"
///     let outcome = try await training.run()
///     print(outcome.result.estimate?.pooled.auc ?? .nan, outcome.hash ?? "")
///
/// With a monitor in the settings (`TrainingMonitor`) a caller can request that a running training ends with
/// the best model so far.
public struct ModelTraining: Sendable {
    /// The rows that are used.
    public let input: TrainingInput
    /// The settings before a search. The input of offers is that of the data, whatever they say.
    public var settings: TrainingSettings
    /// The share of the users with label 0 whose rows are used. It is undone like
    /// `TrainingSettings.zerosKept`, the share that the data held already.
    public let negativeRate: Double
    /// The search that chooses the settings; nil for none. The estimate repeats it on its own rows, and all
    /// these searches share its budget.
    public var search: SettingSearch?
    /// The standard errors of a model with a logistic regression; nil for none.
    public var inference: Inference?
    /// The memory that the process may take, in bytes; nil for any.
    public var memory: Int?
    /// The file of the model; nil to write none.
    public var output: String?
    /// The file of the predictions for rows that were held out: CSV by row, repeat and fold. Nil to write
    /// none.
    public var outOfFold: String?
    /// The receiver of progress.
    public var observer: any PipelineObserver

    /// Makes a training without a search that writes no file.
    ///
    /// - Parameters:
    ///   - input: the data; no row that is left out is kept in memory by the training.
    ///   - settings: the settings before a search, whose seed draws the users that are left out.
    ///   - negativeRate: the share of the users with label 0 whose rows are used, above 0 and up to 1.
    ///   - observer: is told of the stages.
    public init(
        _ input: TrainingInput, settings: TrainingSettings, negativeRate: Double = 1,
        observer: any PipelineObserver = SilentObserver()
    ) {
        self.input = input.keepingZeros(negativeRate, seed: settings.seed)
        (self.settings, self.negativeRate, self.observer) = (settings, negativeRate, observer)
    }

    /// Trains, and writes the files.
    ///
    /// - Throws: ``RequestError`` when the values of users are the input of offers, `InputError` when the
    ///   data allow no training, `LogisticRegressionError`, `FileError`, or `CancellationError`. Standard
    ///   errors that cannot be given are no error here: ``Outcome/inference`` has the reason.
    public func run() async throws -> Outcome {
        try await run(clock: StageClock())
    }

    /// Trains, and writes the files.
    ///
    /// - Parameter clock: is told the stages.
    package func run(clock: StageClock) async throws -> Outcome {
        clock.begin(.prepare)
        let settings = try usedSettings()
        let cost = TrainingCost(input.data, settings, search: search)
        if let memory { try cost.refuse(over: memory) }
        if let line = cost.line { observer.note(line) }
        let result = try await trained(settings, clock)
        clock.begin(.write)
        let hash = try output.map { try ModelFile.write(result.model, to: $0) }
        if let outOfFold, let estimate = result.estimate {
            try input.writePredictions(estimate, to: outOfFold)
        }
        // After the model is written: a refusal by the data costs no training.
        if inference != nil { clock.begin(.inference) }
        let errors = await inference?.errors(result.data, result.settings)
        return Outcome(result: result, inference: errors, input: input, hash: hash)
    }

    /// Returns the settings with what the data decide.
    private func usedSettings() throws(RequestError) -> TrainingSettings {
        var settings = settings
        settings.zerosKept *= negativeRate
        settings.treatmentInput = input.treatment?.input(of: input.data)
        // The model does not have the treatment as an input, so that it cannot be the value of a user either.
        guard settings.valueInput == nil || settings.valueInput != settings.treatmentInput else {
            throw RequestError("--value-input \(TrainingData.treatmentName) is no input of the model")
        }
        return settings
    }

    private func trained(
        _ settings: TrainingSettings, _ clock: StageClock
    ) async throws -> ModelTrainer.Result {
        let stage = observer.begin("training")
        clock.observe { stage.update(nil, part: $0.title, detail: nil, loss: nil) }
        defer {
            clock.observe(nil)
            stage.finish()
        }
        let monitor = settings.monitor
        do {
            return try await ModelTrainer(settings, search: search).train(
                input.data, source: input.source, log: input.log, clock: clock
            ) {
                stage.update($1, part: clock.stage.title, monitor: $0 == .intervals ? nil : monitor)
            }
        } catch let error as TrainingError {
            throw input.placed(error)
        }
    }
}
