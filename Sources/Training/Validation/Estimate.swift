public import LimpetDocuments
public import LimpetEvaluation
import LimpetScoring

/// The out-of-sample performance of a training pipeline.
public struct Estimate: Sendable {
    /// A method of holding rows out.
    public enum Method: String, Sendable {
        /// A model is trained on early snapshots and tested on late ones, with an embargo of one horizon in
        /// between.
        case forwardInTime
        /// Each user is held out once in each repeat.
        case outOfFold
    }

    /// A prediction for a row that was held out.
    public struct Prediction: Hashable, Sendable {
        /// The row of the training data.
        public var row: Int
        /// The repeat, from 0.
        public var repetition: Int
        /// The fold within its repeat, from 0.
        public var fold: Int
        /// The sum of the terms.
        public var logOdds: Double
        /// The calibrated probability.
        public var probability: Double
    }

    /// The method of holding rows out.
    public var method: Method
    /// The reports of the folds, `[repeats][folds]`, flattened.
    public var folds: [EvaluationReport]
    /// The report over all held-out rows of the first repeat.
    public var pooled: EvaluationReport
    /// All predictions.
    public var predictions: [Prediction]
    /// The number of folds that there would have been without a stop request; nil where that is not known.
    public var plannedFolds: Int?

    /// True when a stop request has ended the estimate early.
    public var isIncomplete: Bool { folds.count < plannedFolds ?? 0 }
    /// The choices of each pipeline on its own rows, in the order of repeats and folds.
    public var pipelines: [Pipeline] = []
    /// The effect of the thresholds on rows that were not used to choose them, over the first repeat; nil
    /// where none were chosen.
    public var decision: ContactReport?

    /// The choices of a pipeline on the rows that it was given.
    public struct Pipeline: Sendable {
        /// The probability from which on users are contacted; infinite for nobody, nil where no threshold was
        /// requested.
        public var threshold: Double?
        /// The point chosen by the pipeline's own search; nil without a search.
        public var point: SearchPoint?
        /// The setting chosen on the pipeline's held-out rows, such as rounds or a penalty.
        public var chosen: JSON

        /// The choice of the pipeline's own search as a document; nil without a search.
        var repeated: JSON? {
            point.map { .object(["settings": $0.document, "chosen": chosen]) }
        }
    }

    /// The estimate as a document: the mean over folds, with the list and the median.
    public var document: JSON {
        func summary(_ metric: (EvaluationReport) -> Double?) -> (mean: JSON, median: JSON, list: JSON) {
            let values = folds.map(metric)
            let known = values.compactMap { $0 }.sorted()
            guard !known.isEmpty else { return (.null, .null, .array([])) }
            let middle = known.count / 2
            let median = known.count % 2 == 1 ? known[middle] : (known[middle - 1] + known[middle]) / 2
            return (
                .number(known.reduce(0, +) / Double(known.count)), .number(median),
                .array(values.map { $0.map { .number($0) } ?? .null })
            )
        }
        let auc = summary(\.auc)
        let logLoss = summary(\.logLoss)
        return .object([
            "method": .string(method.rawValue),
            "auc": auc.mean, "aucMedian": auc.median, "aucFolds": auc.list,
            "logLoss": logLoss.mean, "logLossMedian": logLoss.median, "logLossFolds": logLoss.list,
            "pooled": pooled.document, "decision": decisionDocument,
            "plannedFolds": isIncomplete ? plannedFolds.map { .number($0) } : nil,
        ])
    }

    private var decisionDocument: JSON? {
        guard let decision else { return nil }
        let thresholds = pipelines.map { pipeline in
            pipeline.threshold.map { JSON.number($0) } ?? .null
        }
        let list = JSONMember(name: "thresholds", value: .array(thresholds))
        return .object([list] + (decision.document.members ?? []))
    }
}
