import LimpetDocuments
import LimpetFeatures
import LimpetScoring
import LimpetTestSupport
import Testing

/// The threshold that a model ships, as its file holds it.
@Suite struct DecisionDocumentTests {
    private static let names = TestModels.featureSet.features.map(\.name)

    private func model(_ decision: Model.Decision?) -> Model {
        var model = TestModels.log()
        model.decision = decision
        return model
    }

    private func decision(_ threshold: Double, valueInput: String? = nil) -> Model.Decision {
        Model.Decision(
            threshold: threshold, value: 200, successProbability: 0.3, offerCost: 10, contactCost: 1,
            valueInput: valueInput)
    }

    private func read(_ document: JSON) throws(DocumentError) -> Model {
        try Model(DocumentNode(document, path: "model"))
    }

    @Test("a threshold comes back as it was, infinite ones too", arguments: [0, 0.31, 1, Double.infinity])
    func roundTrip(threshold: Double) throws {
        for input in [nil, Self.names[0]] {
            let written = model(decision(threshold, valueInput: input))
            let back = try read(written.document)
            #expect(back.decision == written.decision)
            #expect(back.document == written.document)
            #expect(written.format == 2)
        }
        #expect(decision(0.5).isContacted(0.5) && !decision(0.5).isContacted(0.4))
        #expect(!decision(.infinity).isContacted(1))
    }

    @Test("nobody is null with a word, as JSON has no infinite numbers")
    func nobody() throws {
        let document = decision(.infinity).document
        #expect(document["threshold"] == .null)
        #expect(document["contact"] == .string("nobody"))
    }

    @Test("a model without a threshold is written as before")
    func without() throws {
        let document = model(nil).document
        #expect(document["decision"] == nil)
        #expect(document["format"] == .number(1))
        #expect(try read(document).decision == nil)
    }

    @Test(
        "what is no threshold is refused, with the path to it",
        arguments: [
            ("threshold", JSON.number(1.5), "model.decision.threshold"),
            ("threshold", .number(-0.1), "model.decision.threshold"),
            ("threshold", .null, "model.decision.contact"),
            ("contact", .string("nobody"), "model.decision"),
            ("successProbability", .number(2), "model.decision.successProbability"),
            ("offerCost", .number(-1), "model.decision.offerCost"),
            ("contactCost", .null, "model.decision.contactCost"),
            ("value", .string("200"), "model.decision.value"),
            ("valueInput", .string("no such input"), "model.decision.valueInput"),
            ("rule", .string("x"), "model.decision.rule"),
        ])
    func refused(name: String, value: JSON, path: String) throws {
        let document = ModelDocumentTests.changed(
            model(decision(0.3)).document, ["decision", name], value)
        let error = #expect(throws: DocumentError.self) { try read(document) }
        #expect(error?.path == path)
    }

    @Test("a threshold needs the second format")
    func aThresholdNeedsTheSecondFormat() throws {
        let document = ModelDocumentTests.changed(
            model(decision(0.3)).document, ["format"], .number(1))
        #expect(throws: DocumentError.self) { try read(document) }
    }
}
