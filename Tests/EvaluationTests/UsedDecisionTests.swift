import LimpetDocuments
import LimpetEvaluation
import LimpetScoring
import Testing

/// The threshold and the costs of an evaluation.
@Suite struct UsedDecisionTests {
    /// A model of one number, `worth`, with the threshold that it ships.
    private static func model(ships decision: Model.Decision?) -> Model {
        let empty = TrainingSummary.Distribution(counts: [0], missing: 0)
        return Model(
            kind: .stumps, source: .table(target: "left", positive: "yes"),
            inputs: [Model.Input(name: "worth", isCategorical: false)], intercept: 0, terms: [],
            calibrator: .none,
            training: TrainingSummary(rows: 0, users: 0, positives: 0, inputs: [empty], logOdds: empty),
            evaluation: .null, provenance: .null, decision: decision)
    }

    private static let shipped = Model.Decision(
        threshold: 0.4, value: 200, successProbability: 0.3, offerCost: 10, contactCost: 1)

    @Test("a threshold of the request goes before that of the model")
    func origin() {
        let model = Self.model(ships: Self.shipped)
        let given = UsedDecision(MetricSettings(), threshold: 0.7, valuePlace: nil, model: model)
        #expect(given.metrics.threshold == 0.7 && given.origin == .flag && !given.hasOtherCosts)
        let own = UsedDecision(MetricSettings(), threshold: nil, valuePlace: nil, model: model)
        #expect(own.metrics.threshold == 0.4 && own.origin == .model && !own.hasOtherCosts)
        let none = UsedDecision(
            MetricSettings(), threshold: nil, valuePlace: nil, model: Self.model(ships: nil))
        #expect(none.metrics.threshold == nil && none.origin == nil)
        #expect(none.document(nil, inputs: []) == nil)
    }

    @Test("other costs than those of the model's threshold are seen, and other values of users too")
    func otherCosts() {
        let model = Self.model(ships: Self.shipped)
        var metrics = MetricSettings()
        metrics.profit.offerCost = 20
        #expect(UsedDecision(metrics, threshold: nil, valuePlace: nil, model: model).hasOtherCosts)
        #expect(UsedDecision(MetricSettings(), threshold: nil, valuePlace: 0, model: model).hasOtherCosts)
    }

    @Test("who is at the threshold or above it is contacted, at a value of each user's own")
    func report() throws {
        let model = Self.model(ships: Self.shipped)
        let decision = UsedDecision(MetricSettings(), threshold: 0.5, valuePlace: 0, model: model)
        let values = try #require(decision.values([[50, .nan, 70]], rows: 0..<3))
        // Who has no value of its own has the usual one.
        #expect(values == [50, 200, 70])
        let outcomes = Outcomes(
            logOdds: [0, 1, -1], probabilities: [0.5, 0.7, 0.2], labels: [true, false, true],
            users: [0, 1, 2], values: values)
        let report = try #require(decision.report(outcomes, bootstrap: nil))
        #expect(abs(report.fraction.value - 2 / 3) < 1e-12)
        // A leaver brings 0.3 · (50 − 10) − 1, another costs 11; of three rows.
        #expect(abs(report.mean.value - (11.0 - 11.0) / 3) < 1e-12)
        let document = try #require(decision.document(report, inputs: model.inputs))
        #expect(document["from"] == .string("flag") && document["threshold"]?.double == 0.5)
        #expect(document["valueInput"] == .string("worth"))
    }
}
