import LimpetDocuments
import LimpetEvaluation
import LimpetScoring

/// The threshold and the costs by which a model is evaluated: those of flags, else those that it ships.
struct UsedDecision {
    /// The source of the threshold.
    enum Origin: String {
        case flag, model
    }

    let metrics: MetricSettings
    let origin: Origin?
    /// The place of the input that holds values; nil when all users are worth the same.
    let valuePlace: Int?
    /// True when the costs differ from those that the model's threshold was chosen for.
    let hasOtherCosts: Bool

    init(_ options: ProfitOptions, threshold: Double?, model: Model) throws {
        var metrics = try options.settings(usual: model.decision.map { Profit($0) } ?? Profit())
        metrics.threshold = threshold ?? model.decision?.threshold
        self.metrics = metrics
        origin = threshold != nil ? .flag : model.decision.map { _ in .model }
        valuePlace = try options.valuePlace(model.inputs, usual: model.decision?.valueInput)
        let place = valuePlace
        hasOtherCosts =
            model.decision.map {
                Profit($0) != metrics.profit || $0.valueInput != place.map { model.inputs[$0].name }
            } ?? false
    }

    /// The value of keeping the users of the given rows; nil when all are worth the same.
    func values(_ numbers: [[Double]], rows: some Collection<Int>) -> [Double]? {
        valuePlace.map { place in
            rows.map { numbers[place][$0].isFinite ? numbers[place][$0] : metrics.profit.value }
        }
    }

    /// The profit that the threshold brings; nil without one.
    func report(_ outcomes: Outcomes, bootstrap: Bootstrap?) -> ContactReport? {
        guard let threshold = metrics.threshold else { return nil }
        return ContactReport(
            outcomes, isContacted: outcomes.probabilities.map { $0 >= threshold }, profit: metrics.profit,
            bootstrap: bootstrap)
    }

    /// The threshold, its source and the costs that it was evaluated for, as JSON; nil without one.
    func document(_ report: ContactReport?, inputs: [Model.Input]) -> JSON? {
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

    /// The threshold and its source in words.
    var text: String? {
        guard let threshold = metrics.threshold, let origin else { return nil }
        let source = origin == .model ? "that the model ships" : "of --profit-threshold"
        let costs = origin == .model && hasOtherCosts ? ", which was chosen for other costs than these" : ""
        return threshold == .infinity
            ? "Nobody is contacted, by the threshold \(source)\(costs)."
            : "Contacted is who has a probability of at least \(Format.fixed(threshold, 4)), "
                + "the threshold \(source)\(costs)."
    }
}
