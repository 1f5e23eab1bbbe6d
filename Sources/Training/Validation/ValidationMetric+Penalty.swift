import LimpetEvaluation

extension ValidationMetric {
    /// Returns the index of the penalty that a rule chooses, given penalties in descending order of strength.
    ///
    /// The best penalty is that over all folds' rows together, and the strongest one among equals. The
    /// standard error is that of the folds' own values, as glmnet computes it for its measures.
    ///
    /// - Parameter heldOut: the held-out log-odds under the penalty at an index.
    /// - Throws: ``TrainingError`` when the metric has no value under any penalty.
    func place(
        _ penalties: [Double], rule: PenaltyValidation.Rule, of data: TrainingData, folds: [Fold],
        heldOut: (Int) -> [(row: Int, logOdds: Double)]
    ) throws(TrainingError) -> Int {
        let place =
            switch rule {
            case .minimum: best(penalties.indices.map { value(heldOut($0), of: data) })
            case .oneStandardError:
                validation(penalties, of: data, folds: folds, heldOut: heldOut).place(.oneStandardError)
            }
        guard let place else { throw .undefinedMetric(metric) }
        return place
    }

    private func validation(
        _ penalties: [Double], of data: TrainingData, folds: [Fold],
        heldOut: (Int) -> [(row: Int, logOdds: Double)]
    ) -> PenaltyValidation {
        let sign: Double = metric.isBetterWhenHigher ? -1 : 1
        let values = penalties.indices.map { foldValues(heldOut($0), of: data, folds: folds) }
        return PenaltyValidation(
            penalties: penalties,
            deviances: folds.indices.map { fold in
                values.map { $0[fold].map { sign * $0 } ?? .nan }
            },
            weights: folds.map { fold in
                zeros.weights(of: fold.heldOut, in: data)?.reduce(0, +) ?? Double(fold.heldOut.count)
            })
    }
}
