extension LogisticPath {
    /// Returns the summed held-out losses of each model that holds a segment out, `[models][penalties]`.
    func heldOutLosses(_ result: Result) async throws -> [[Double]] {
        let folds = models.indices.filter { models[$0] != nil }
        let points = folds.flatMap { model in
            result.points[model].map {
                LogisticRows.Point($0.coefficients, heldOut: models[model], precision: precision)
            }
        }
        let losses = try await rows.heldOutLosses(points, threads: threads)
        let count = result.penalties.count
        return folds.indices.map { Array(losses[($0 * count)..<(($0 + 1) * count)]) }
    }

    /// Returns the validation of each penalty on the segments that models hold out.
    package func validation(_ result: Result) async throws -> PenaltyValidation {
        let weights = rows.segmentWeights
        return PenaltyValidation(
            penalties: result.penalties, losses: try await heldOutLosses(result),
            weights: models.compactMap { $0.map { weights[$0] } })
    }
}
