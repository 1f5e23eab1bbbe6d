package import LimpetDocuments
public import LimpetScoring

/// The threshold and the costs by which a model is evaluated: those of a request, else those that it ships.
///
///     let costs = Profit(value: 80, successProbability: 0.2, offerCost: 5, contactCost: 0.5)
///     let settings = MetricSettings(profit: costs)
///     let decision = UsedDecision(settings, threshold: 0.4, model: verified.scorer.model)
public struct UsedDecision: Hashable, Sendable {
    /// The source of the threshold.
    public enum Origin: String, Sendable {
        /// It was requested.
        case flag
        /// The model ships it.
        case model
    }

    /// The costs and the threshold.
    public let metrics: MetricSettings
    /// The source of the threshold; nil without one.
    public let origin: Origin?
    /// The place of the input that holds values; nil when all users are worth the same.
    public let valuePlace: Int?
    /// True when the costs differ from those that the model's threshold was chosen for.
    public let hasOtherCosts: Bool

    /// Makes the decision of an evaluation.
    ///
    /// - Parameters:
    ///   - metrics: the settings with the costs; their threshold is not read.
    ///   - threshold: the threshold of the request; nil for that of the model.
    ///   - valuePlace: the place of the input that holds values; nil for none.
    ///   - model: the model to evaluate.
    public init(
        _ metrics: MetricSettings, threshold: Double? = nil, valuePlace: Int? = nil, model: Model
    ) {
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

    /// Makes the decision of a model by its own threshold, costs and values; by the usual costs where it
    /// ships no threshold.
    public init(_ model: Model) {
        let place = model.decision?.valueInput.flatMap { name in
            model.inputs.firstIndex { $0.name.isVerbatim(name) && !$0.isCategorical }
        }
        self.init(
            MetricSettings(profit: model.decision.map { Profit($0) } ?? Profit()), valuePlace: place,
            model: model)
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
