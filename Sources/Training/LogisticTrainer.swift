import LimpetEvents
import LimpetLinearAlgebra
import LimpetScoring

/// How a logistic regression is fitted.
public struct LogisticSettings: Hashable, Sendable {
    /// The L2 penalty λ on standardised columns; nil to choose it on held-out rows.
    public var penalty: Double?
    /// The penalties to choose from, strongest first.
    public var penalties: [Double] = [3_000, 1_000, 300, 100, 30, 10, 3, 1, 0.1]

    /// The defaults.
    public init() {}
}

/// Fits logistic regressions; the penalty is the one with the least log loss on held-out rows.
struct LogisticTrainer: AdditiveTrainer {
    let settings: LogisticSettings
    let threads: Int

    func choose(
        _ data: TrainingData, folds: [Fold], progress: @escaping @Sendable (Double) -> Void
    ) async throws -> Choice {
        let penalties = settings.penalty.map { [$0] } ?? settings.penalties
        var done = 0
        let runs = try await concurrentMap(folds, threads: threads) {
            done += 1
            progress(Double(done) / Double(folds.count))
        } _: { fold in
            Result { try Self.path(data, fold: fold, penalties: penalties) }
        }
        let paths = try runs.map { try $0.get() }
        var best = Choice.none(data)
        for (index, penalty) in penalties.enumerated() {
            let heldOut = paths.flatMap { $0[index] }
            let loss = heldOut.reduce(0.0) { sum, row in
                let eta = row.logOdds
                return sum + ElementaryFunctions.softplus(eta) - (data.labels[row.row] ? eta : 0)
            }
            if loss < best.loss { best = Choice(setting: .penalty(penalty), loss: loss, heldOut: heldOut) }
        }
        guard best.loss.isFinite else { throw TrainingError.noFiniteLoss(settings: penalties.count) }
        return best
    }

    /// The held-out log-odds of one fold under each penalty.
    private static func path(
        _ data: TrainingData, fold: Fold, penalties: [Double]
    ) throws -> [[(row: Int, logOdds: Double)]] {
        let training = data.selecting(fold.training)
        let design = LogisticDesign(training, dropsReference: penalties.contains(0))
        let matrix = design.matrix(of: training)
        let heldOut = design.matrix(of: data.selecting(fold.heldOut))
        return try LogisticRegression.path(matrix, labels: training.labels, penalties: penalties).map { fit in
            zip(fold.heldOut, heldOut.product(fit.coefficients)).map { ($0, $1) }
        }
    }

    func fit(
        _ data: TrainingData, setting: Setting, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> AdditiveFit {
        guard case .penalty(let penalty) = setting else {
            preconditionFailure("a logistic regression is fitted with a penalty")
        }
        let design = LogisticDesign(data, dropsReference: penalty == 0)
        let fit = try LogisticRegression(design.matrix(of: data), labels: data.labels, penalty: penalty)
        progress(1)
        return AdditiveFit(
            intercept: fit.coefficients[0],
            terms: design.terms(fit.coefficients, standardErrors: fit.standardErrors, data: data))
    }
}
