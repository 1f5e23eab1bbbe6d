public import LimpetDocuments
public import LimpetEvaluation
import LimpetEvents
public import LimpetScoring

/// Metrics over all rows and by segments: the result of a ``ModelEvaluation``.
///
///     let report = try await ModelEvaluation(model).run(TableSource("labelled.csv"))
///     print(report.overall.rows, report.overall.logLoss ?? .nan)
///     for by in report.segmentations { print(by.name, by.segments.map(\.report.auc)) }
public struct SlicedReport: Sendable {
    /// The hash of the model file.
    public let hash: String
    /// The number of rows without a label, which do not count.
    public let unlabelled: Int
    /// The metrics of all rows.
    public let overall: EvaluationReport
    /// The profit of the threshold.
    public let decisionEvaluation: DecisionEvaluation
    /// The rows by tenth of the score; nil where there are too few.
    public let deciles: [Decile]?
    /// The metrics by segments: of a log by tenure, then by what was asked for.
    public let segmentations: [Segmentation]
    /// The values of a table's target; nil for a log.
    public let target: TargetValues?

    init(
        overall: EvaluationReport, decisionEvaluation: DecisionEvaluation, hash: String, unlabelled: Int,
        segmentations: [Segmentation], target: TargetValues? = nil
    ) {
        (self.hash, self.target) = (hash, target)
        self.unlabelled = unlabelled
        self.overall = overall
        self.decisionEvaluation = decisionEvaluation
        deciles = overall.deciles
        self.segmentations = segmentations
    }

    /// The report as JSON.
    public var document: JSON {
        var members = overall.document.members ?? []
        if let decision = decisionEvaluation.used.document(
            decisionEvaluation.contacts, inputs: decisionEvaluation.inputs)
        {
            members.append(JSONMember(name: "decision", value: decision))
        }
        members.append(JSONMember(name: "bestThreshold", value: decisionEvaluation.best?.document ?? .null))
        if let target { members.append(JSONMember(name: "target", value: target.document)) }
        members.append(JSONMember(name: "unlabelled", value: .number(unlabelled)))
        members.append(
            JSONMember(name: "segments", value: .array(segmentations.map(\.document))))
        members.append(JSONMember(name: "model", value: .string(hash)))
        return .object(members)
    }
}

/// The profit of a threshold on the rows of an evaluation.
public struct DecisionEvaluation: Sendable {
    /// The threshold and the costs.
    public let used: UsedDecision
    /// The profit at the threshold; nil without one.
    public let contacts: ContactReport?
    /// The threshold that would have brought the most on these rows.
    public let best: Profit.Result?
    /// The inputs of the model.
    public let inputs: [Model.Input]
}
