import LimpetNumerics
import LimpetEvents
import LimpetLinearAlgebra
import LimpetScoring

/// A choice of the L2 penalty with a separate design for each fold.
struct LogisticFoldByFold: Sendable {
    let trainer: LogisticTrainer

    func choices(
        _ data: TrainingData, _ extras: RowExtras, folds: [Fold], outside: Bool,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> FoldChoices {
        let penalties = trainer.settings.penalty.map { [$0] } ?? trainer.settings.penalties
        var paths: [[[(row: Int, logOdds: Double)]]] = []
        for (place, fold) in folds.enumerated() {
            paths.append(try await path(data, extras, fold: fold, penalties: penalties))
            progress(Double(place + 1) / Double(folds.count))
        }
        let curves = PenaltyCurves(
            penalties: penalties, folds: folds,
            losses: paths.map { $0.map { held in held.reduce(0) { $0 + data.logLoss($1.row, $1.logOdds) } } },
            weights: folds.map { fold in fold.heldOut.reduce(0) { $0 + (data.weights?[$1] ?? 1) } },
            setting: { .penalty($0) }
        ) { fold, place in paths[fold][place] }
        return try curves.choices(
            rule: trainer.settings.rule, metric: trainer.validationMetric, of: data, outside: outside)
    }

    /// Returns the held-out log-odds of one fold under each penalty, `[penalties][held-out rows]`.
    private func path(
        _ data: TrainingData, _ extras: RowExtras, fold: Fold, penalties: [Double]
    ) async throws -> [[(row: Int, logOdds: Double)]] {
        let problem = try await LogisticProblem(
            data.selecting(fold.training), extras.selecting(fold.training), settings: trainer.settings,
            dropsReference: penalties.contains(0), threads: trainer.threads)
        let heldOut = try await problem.design.rows(
            of: data.selecting(fold.heldOut), extras.selecting(fold.heldOut), threads: trainer.threads)
        var held: [[(row: Int, logOdds: Double)]] = []
        for penalty in penalties {
            let fit = try await problem.naming { try await problem.fit(penalty) }
            let scores = heldOut.heldOutLogOdds(LogisticRows.Point(fit.coefficients))
            held.append(scores.map { (fold.heldOut[$0.row], $0.logOdds - trainer.intercept) })
        }
        return held
    }
}
