import LimpetNumerics
import LimpetEvents
import LimpetLinearAlgebra
import LimpetScoring

/// A choice of the L2 penalty with a separate design for each fold.
struct LogisticFoldByFold: Sendable {
    let trainer: LogisticTrainer

    func choose(
        _ data: TrainingData, _ extras: RowExtras, folds: [Fold],
        progress: @escaping @Sendable (Double) -> Void
    ) async throws -> Choice {
        let penalties = trainer.settings.penalty.map { [$0] } ?? trainer.settings.penalties
        var paths: [[[(row: Int, logOdds: Double)]]] = []
        for (place, fold) in folds.enumerated() {
            paths.append(try await path(data, extras, fold: fold, penalties: penalties))
            progress(Double(place + 1) / Double(folds.count))
        }
        if let place = try trainer.validationMetric?.place(
            penalties, rule: trainer.settings.rule, of: data, folds: folds,
            heldOut: { place in paths.flatMap { $0[place] } })
        {
            return Choice(
                setting: .penalty(penalties[place]), loss: .nan, heldOut: paths.flatMap { $0[place] })
        }
        var best = Choice.none(data)
        for (index, penalty) in penalties.enumerated() {
            let heldOut = paths.flatMap { $0[index] }
            let loss = heldOut.reduce(0.0) { sum, row in
                let eta = row.logOdds
                let loss = ElementaryFunctions.softplus(eta) - (data.labels[row.row] ? eta : 0)
                return sum + (data.weights?[row.row] ?? 1) * loss
            }
            if loss < best.loss { best = Choice(setting: .penalty(penalty), loss: loss, heldOut: heldOut) }
        }
        guard best.loss.isFinite else { throw TrainingError.noFiniteLoss(settings: penalties.count) }
        return best
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
