extension LogisticInference {
    /// Chooses columns by an elastic net on one half of the users and fits those without a penalty on the
    /// other half, whose rows are independent of the choice (D. Cox, 1975).
    ///
    /// - Parameters:
    ///   - settings: its elastic net and rule choose; the lasso where none is given.
    ///   - seed: decides the halves and the folds.
    /// - Throws: ``LogisticInferenceError``; ``LogisticFitError`` where the fit has no solution.
    public static func bySplit(
        _ data: TrainingData, settings: LogisticSettings, robust: RobustErrors, confidence: Double = 0.95,
        folds: Int = 5, seed: UInt64 = 1, threads: Int = 1
    ) async throws -> LogisticInference {
        try check(settings)
        let half = Folds.assignment(of: data, count: 2, seed: seed)
        let first = data.selecting(data.labels.indices.filter { half[$0] == 0 })
        let second = data.selecting(data.labels.indices.filter { half[$0] == 1 })
        for part in [first, second] {
            let users = part.classUsers(of: Array(part.labels.indices))
            guard min(users.positive, users.negative) >= folds else {
                throw LogisticInferenceError.halfTooSmall(rows: part.count)
            }
        }
        let inputs = try await selected(first, settings, folds: folds, seed: seed, threads: threads)
        guard !inputs.isEmpty else { throw LogisticInferenceError.nothingSelected }
        let kept = second.keepingInputs(inputs)
        return try await unpenalised(
            kept, splines: settings.splines.among(kept.inputs), robust: robust,
            basis: .sampleSplit(selectionRows: first.count, fitRows: second.count), confidence: confidence,
            threads: threads)
    }

    /// Returns the inputs of which the elastic net keeps a column.
    private static func selected(
        _ data: TrainingData, _ settings: LogisticSettings, folds: Int, seed: UInt64, threads: Int
    ) async throws -> [Int] {
        var settings = settings
        settings.elasticNet = settings.elasticNet ?? ElasticNet(l1Ratio: 1)
        let trainer = LogisticTrainer(settings: settings, threads: threads)
        let choice = try await trainer.choose(
            data, folds: Folds.byUser(data, count: folds, seed: seed), progress: { _ in })
        let problem = try await LogisticProblem(
            data, trainer.extras(data), settings: settings, dropsReference: false, threads: threads)
        guard case .elasticNet(let penalty, _) = choice.setting else { return [] }
        let fit = try await problem.naming { try await problem.fitNet(penalty) }
        let kept = problem.design.columns.enumerated().filter { fit.coefficients[$0.offset + 1] != 0 }
        return Array(Set(kept.map(\.element.input))).sorted()
    }
}

extension TrainingData {
    /// Returns the data with the given inputs only, in this order.
    func keepingInputs(_ places: [Int]) -> TrainingData {
        TrainingData(
            inputs: places.map { inputs[$0] }, columns: places.map { columns[$0] },
            isSkewed: places.map { isSkewed[$0] }, labels: labels, users: users, times: times,
            horizon: horizon, weights: weights, offsets: offsets)
    }
}
