public import LimpetDocuments
public import LimpetEvaluation
import LimpetEvents
public import LimpetScoring

/// Metrics over all rows and by slices of tenure: the result of a ``ModelEvaluation``.
///
///     let report = try await ModelEvaluation(model).run(TableSource("labelled.csv"))
///     print(report.overall.rows, report.overall.logLoss ?? .nan)
///     for (name, slice) in report.slices { print(name, slice.auc ?? .nan) }
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
    /// The metrics in quarters by tenure; none for a table.
    public let slices: [(name: String, report: EvaluationReport)]
    /// The values of a table's target; nil for a log.
    public let target: TargetValues?

    init(
        _ outcomes: Outcomes, overall: EvaluationReport, decisionEvaluation: DecisionEvaluation, hash: String,
        unlabelled: Int,
        sliceValues: [Double]?, target: TargetValues? = nil
    ) {
        (self.hash, self.target) = (hash, target)
        self.unlabelled = unlabelled
        self.overall = overall
        self.decisionEvaluation = decisionEvaluation
        deciles = overall.deciles
        slices = sliceValues.map { Self.slices(outcomes, tenure: $0) } ?? []
    }

    /// The rows in quarters by tenure, in days.
    private static func slices(
        _ outcomes: Outcomes, tenure: [Double]
    ) -> [(name: String, report: EvaluationReport)] {
        let known = tenure.filter { !$0.isNaN }.sorted()
        guard known.count >= 4 else { return [] }
        let edges = Array(Set((1...3).map { known[$0 * known.count / 4] })).sorted()
        let bounds = [-Double.infinity] + edges + [Double.infinity]
        return zip(bounds, bounds.dropFirst()).compactMap { low, high in
            let slice = outcomes.filtered { tenure[$0] >= low && tenure[$0] < high }
            guard slice.count > 0 else { return nil }
            let name =
                low == -.infinity
                ? "under \(Format.short(high)) days"
                : high == .infinity
                    ? "\(Format.short(low)) days and more"
                    : "\(Format.short(low)) to \(Format.short(high)) days"
            return (name, EvaluationReport(slice))
        }
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
            JSONMember(
                name: "tenure",
                value: .array(
                    slices.map { name, report in
                        .object(
                            [JSONMember(name: "slice", value: .string(name))]
                                + (report.document.members ?? []))
                    })))
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
