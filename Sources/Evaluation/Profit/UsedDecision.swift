package import LimpetDocuments
package import LimpetScoring

/// The threshold and the costs by which a model is evaluated: those of a request, else those that it ships.
package struct UsedDecision {
    /// The source of the threshold.
    package enum Origin: String {
        /// It was requested.
        case flag
        /// The model ships it.
        case model
    }

    /// The costs and the threshold.
    package let metrics: MetricSettings
    /// The source of the threshold; nil without one.
    package let origin: Origin?
    /// The place of the input that holds values; nil when all users are worth the same.
    package let valuePlace: Int?
    /// True when the costs differ from those that the model's threshold was chosen for.
    package let hasOtherCosts: Bool

    /// Makes the decision of an evaluation.
    ///
    /// - Parameters:
    ///   - metrics: the settings with the costs; their threshold is not read.
    ///   - threshold: the threshold of the request; nil for that of the model.
    ///   - valuePlace: the place of the input that holds values; nil for none.
    package init(_ metrics: MetricSettings, threshold: Double?, valuePlace: Int?, model: Model) {
        var metrics = metrics
        metrics.threshold = threshold ?? model.decision?.threshold
        self.metrics = metrics
        origin = threshold != nil ? .flag : model.decision.map { _ in .model }
        self.valuePlace = valuePlace
        hasOtherCosts =
            model.decision.map {
                Profit($0) != metrics.profit || $0.valueInput != valuePlace.map { model.inputs[$0].name }
            } ?? false
    }

    /// The value of keeping the users of the given rows; nil when all are worth the same.
    package func values(_ numbers: [[Double]], rows: some Collection<Int>) -> [Double]? {
        valuePlace.map { place in
            rows.map { numbers[place][$0].isFinite ? numbers[place][$0] : metrics.profit.value }
        }
    }

    /// The profit that the threshold brings; nil without one.
    package func report(_ outcomes: Outcomes, bootstrap: Bootstrap?) -> ContactReport? {
        guard let threshold = metrics.threshold else { return nil }
        return ContactReport(
            outcomes, isContacted: outcomes.probabilities.map { $0 >= threshold }, profit: metrics.profit,
            bootstrap: bootstrap)
    }

    /// The threshold, its source and the costs that it was evaluated for, as JSON; nil without one.
    package func document(_ report: ContactReport?, inputs: [Model.Input]) -> JSON? {
        guard let threshold = metrics.threshold, let origin else { return nil }
        let profit = metrics.profit
        let decision = Model.Decision(
            threshold: threshold, value: profit.value, successProbability: profit.successProbability,
            offerCost: profit.offerCost, contactCost: profit.contactCost,
            valueInput: valuePlace.map { inputs[$0].name })
        let from = JSONMember(name: "from", value: .string(origin.rawValue))
        return .object(
            (decision.document.members ?? []) + [from] + (report?.document.members ?? []))
    }
}
