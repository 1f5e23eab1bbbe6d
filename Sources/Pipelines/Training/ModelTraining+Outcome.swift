public import LimpetTraining

extension ModelTraining {
    /// The result of a training.
    public struct Outcome: Sendable {
        /// The model with its estimate.
        public let result: ModelTrainer.Result
        /// The standard errors, or the reason why there are none; nil where none were requested, or the model
        /// has no logistic regression.
        public let inference: Result<LogisticInference, any Error>?
        /// The rows that were used.
        public let input: TrainingInput
        /// The hash of the model file; nil where none was written.
        public let hash: String?

        /// The trials of the search; nil without one.
        public var search: SearchResult? { result.search }
        /// The settings of the model, which are those of the search where there was one.
        public var settings: TrainingSettings { result.settings }

        /// True when no stop request has cut the training short.
        public var isWhole: Bool { result.stopped == nil }
    }
}
