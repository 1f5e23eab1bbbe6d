import LimpetScoring
public import LimpetTraining

extension ModelTraining {
    /// The standard errors of the coefficients that a training ends with.
    public struct Inference: Hashable, Sendable {
        /// The rows that standard errors are computed on.
        public enum Rows: String, CaseIterable, Sendable {
            /// All rows: of a model whose columns and penalty no row has chosen.
            case allRows
            /// Those of half of the users, for columns that are chosen on the others.
            case split
        }

        /// The rows.
        public var rows: Rows
        /// The estimator of the covariance.
        public var robust: RobustErrors

        /// Makes a request for standard errors.
        public init(_ rows: Rows, robust: RobustErrors = .cluster) {
            (self.rows, self.robust) = (rows, robust)
        }

        /// Returns the standard errors, or the reason why there are none; nil for a model without a logistic
        /// regression.
        ///
        /// - Parameter data: the rows that the model was fitted on.
        func errors(
            _ data: PreparedData, _ settings: TrainingSettings
        ) async -> Result<LogisticInference, any Error>? {
            guard settings.kind != .stumps else { return nil }
            do {
                return .success(try await inference(data.fitRows(settings), settings))
            } catch {
                return .failure(error)
            }
        }

        private func inference(
            _ data: TrainingData, _ settings: TrainingSettings
        ) async throws -> LogisticInference {
            switch rows {
            case .allRows:
                try await LogisticInference.of(
                    data, settings: settings.logistic, robust: robust, threads: settings.threads)
            case .split:
                try await LogisticInference.bySplit(
                    data, settings: settings.logistic, robust: robust, folds: max(2, settings.folds),
                    seed: settings.seed, threads: settings.threads)
            }
        }
    }
}
