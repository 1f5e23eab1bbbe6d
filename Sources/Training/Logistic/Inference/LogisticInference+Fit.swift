import LimpetDocuments
import LimpetEvents
import LimpetLinearAlgebra

extension LogisticInference {
    /// Fits without a penalty and returns the coefficients with their standard errors.
    ///
    /// A penalty above 0, one that is to be chosen, an elastic net, class weights and directions of
    /// coefficients are refused.
    ///
    /// - Throws: ``LogisticInferenceError``; ``LogisticFitError`` where the fit has no solution.
    public static func of(
        _ data: TrainingData, settings: LogisticSettings, robust: RobustErrors, confidence: Double = 0.95,
        threads: Int = 1
    ) async throws -> LogisticInference {
        try check(settings)
        guard settings.elasticNet == nil, let penalty = settings.penalty else {
            throw LogisticInferenceError.selected
        }
        guard penalty == 0 else { throw LogisticInferenceError.penalised }
        return try await unpenalised(
            data, splines: settings.splines, robust: robust, basis: .allRows, confidence: confidence,
            threads: threads)
    }

    static func check(_ settings: LogisticSettings) throws(LogisticInferenceError) {
        guard settings.classWeights == nil else { throw .classWeights }
        guard settings.signs.isEmpty else { throw .constrained }
    }

    static func unpenalised(
        _ data: TrainingData, splines: LogisticSettings.Splines, robust: RobustErrors, basis: Basis,
        confidence: Double, threads: Int
    ) async throws -> LogisticInference {
        var settings = LogisticSettings()
        settings.penalty = 0
        settings.splines = splines
        let problem = try await LogisticProblem(
            data, RowExtras(weights: data.weights, offsets: data.offsets), settings: settings,
            dropsReference: true, threads: threads)
        let rows = problem.rows
        let weight = rows.segmentWeights.reduce(0, +)
        let users = data.usersOfWeight
        guard weight > Double(rows.columns), users > 1 || robust != .cluster else {
            throw LogisticInferenceError.tooFew(rows: data.count, users: users, coefficients: rows.columns)
        }
        return try await problem.naming {
            let fit = try await problem.fit(0)
            let outside = problem.design.outside
            let covariance = outside.transformed(
                rows.covariance(
                    robust, coefficients: fit.coefficients, bread: fit.inverseCurvature, users: data.users))
            return LogisticInference(
                problem.names, estimates: outside.product(fit.coefficients),
                variances: problem.names.indices.map { covariance[$0, $0] }, robust: robust, basis: basis,
                confidence: confidence, logLikelihood: -fit.loss)
        }
    }
}
