import LimpetParallel
package import LimpetScoring

/// A model that an estimate evaluates: fitted on the rows outside one fold, or on all rows.
///
/// An estimate keeps predictions alone. Its models are made again for those who ask how true it is, on rows
/// that neither it nor the training has seen.
package struct FoldModel: Sendable {
    /// The fitted function.
    package let fit: AdditiveFit
    /// The calibrator that was chosen with it.
    package let calibrator: Calibrator

    init(_ fitted: ModelTrainer.Fitted) {
        (fit, calibrator) = (fitted.fit, fitted.calibrator)
    }

    /// Returns the calibrated probabilities of all rows.
    package func probabilities(of data: TrainingData) -> [Double] {
        fit.logOdds(of: data).map { calibrator.probability($0) }
    }
}

/// An estimate with the models that it evaluated, and that of all rows.
package struct EstimatedModels: Sendable {
    /// The estimate.
    package let estimate: Estimate
    /// The model of the rows outside each fold, in the order of repeats and folds.
    package let folds: [FoldModel]
    /// The model of all rows; nil where the estimate is forward in time.
    package let final: FoldModel?
}

extension ModelTrainer {
    /// Estimates performance as ``train(_:source:log:progress:)`` does, and makes the models of the estimate
    /// again; nil without folds.
    ///
    /// - Throws: as ``train(_:source:log:progress:)``.
    package func estimatedModels(_ data: TrainingData) async throws -> EstimatedModels? {
        let (data, clock) = (data.presentRows, StageClock())
        try check(data)
        let prepared = PreparedData(data, settings)
        guard var validation = CrossValidation(self, data) else { return nil }
        validation.keepsModels = true
        let result = try await validation.run(prepared, clock) { _, _ in }
        guard let estimate = result.estimate else { return nil }
        var final: FoldModel?
        if let whole = result.whole {
            final = FoldModel(try await fitted(prepared, whole, clock) { _ in })
        }
        return EstimatedModels(estimate: estimate, folds: result.models, final: final)
    }
}
