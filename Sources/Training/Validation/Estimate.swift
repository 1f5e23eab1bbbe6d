public import LimpetDocuments
public import LimpetEvaluation
package import LimpetScoring

/// How a kind of training performs on rows that it has not seen.
public struct Estimate: Sendable {
    /// How the rows were held out.
    public enum Method: String, Sendable {
        /// Trained on early snapshots, tested on late ones, with an embargo of one horizon between.
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

    /// How the rows were held out.
    public var method: Method
    /// The folds' own reports, by repeat and fold.
    public var folds: [EvaluationReport]
    /// The report over all held-out rows of the first repeat.
    public var pooled: EvaluationReport
    /// All predictions.
    public var predictions: [Prediction]
    /// The folds that there would have been without a stop that was asked for; nil where that is not known.
    public var plannedFolds: Int?

    /// Whether a stop has cut it short.
    public var isIncomplete: Bool { folds.count < plannedFolds ?? 0 }
    /// What each pipeline chose on its own rows, by repeat and fold.
    public var pipelines: [Pipeline] = []
    /// What thresholds bring on rows that had no part in choosing them, over the first repeat; nil where none were
    /// chosen.
    public var decision: ContactReport?

    /// What a pipeline chose on the rows that it was given.
    public struct Pipeline: Sendable {
        /// From which probability on users are contacted; infinite for nobody, nil where that was not asked for.
        public var threshold: Double?
        /// The point that its own search has taken; nil where none was made.
        public var point: SearchPoint?
        /// What was chosen on its held-out rows: rounds, a penalty.
        public var chosen: JSON

        /// What its own search has taken as a document; nil where none was made.
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
