import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetScoring
import Testing

/// Files with curves: what they hold, and what they may not say.
@Suite struct CurveDocumentTests {
    typealias Change = ModelDocumentTests.Change

    private static let model: Model = {
        var model = TestModels.table()
        model.golden.rows = []
        model.terms[0] = term([0, 1, 2.5], errors: [0.25, 0.5, 0.125])
        return model
    }()

    private static func term(_ knots: [Double], errors: [Double]? = nil) -> Term {
        let curve = Term.Curve(
            transform: .signedLog, knots: knots, values: knots.map { 0.5 - $0 }, slopes: knots.map { $0 / 8 },
            standardErrors: errors)
        return Term(input: 0, shape: .curve(curve), missing: 0.125, importance: 0.25)
    }

    private func read(_ document: JSON) throws(DocumentError) -> Model {
        try Model(DocumentNode(document, path: "model"))
    }

    private static func numbers(_ numbers: [Double]) -> JSON { .array(numbers.map { .number($0) }) }

    @Test("a model with a curve is read as it was written, in version 2")
    func roundTrip() throws {
        let file = ModelFile.encode(Self.model)
        let verified = try ModelFile.decode(file.bytes)
        #expect(verified.scorer.model == Self.model)
        #expect(ModelFile.encode(verified.scorer.model).bytes == file.bytes)
        #expect(Self.model.format == 2)
        let first = ModelDocumentTests.changed(Self.model.document, ["format"], .number(1))
        #expect(#expect(throws: DocumentError.self) { try read(first) }?.path == "model.format")
        var plain = Self.model
        plain.terms[0] = Self.term([0, 1])
        #expect(try read(plain.document) == plain)
    }

    @Test("a golden row with another result is refused")
    func golden() throws {
        var model = Self.model
        var vector = FeatureVector(count: 2)
        vector.numbers[0] = 3
        let score = Scorer(model).score(vector)
        model.golden.rows = [
            Golden.Row(
                values: [.number(3), .null], logOdds: score.logOdds, probability: score.probability)
        ]
        _ = try ModelFile.decode(ModelFile.encode(model).bytes)
        guard case .curve(var curve) = model.terms[0].shape else { return #expect(Bool(false)) }
        curve.values[1] += 1e-9
        model.terms[0].shape = .curve(curve)
        #expect(throws: ModelFileError.self) { try ModelFile.decode(ModelFile.encode(model).bytes) }
    }

    static let refused: [Change] = [
        Change("terms.0.input", .string("contract"), at: "model.terms[0]"),
        Change("terms.0.transform", .string("log"), at: "model.terms[0].transform"),
        Change("terms.0.transform", nil, at: "model.terms[0].transform"),
        Change("terms.0.knots", nil, at: "model.terms[0].knots"),
        Change("terms.0.knots", numbers([0]), at: "model.terms[0].knots"),
        Change("terms.0.knots", numbers([0, 2.5, 1]), at: "model.terms[0].knots"),
        Change("terms.0.knots", numbers([0, 1, 1]), at: "model.terms[0].knots"),
        Change("terms.0.knots", numbers([0, 1]), at: "model.terms[0]"),
        Change("terms.0.knots.1", .null, at: "model.terms[0].knots[1]"),
        Change("terms.0.knots.1", .number("1e400"), at: "model.terms[0].knots[1]"),
        Change("terms.0.knots.1", .number(Double.leastNonzeroMagnitude), at: "model.terms[0]"),
        Change("terms.0.values", nil, at: "model.terms[0].values"),
        Change("terms.0.values", numbers([1, 2]), at: "model.terms[0]"),
        Change("terms.0.values", numbers([-1e308, 1e308, 0]), at: "model.terms[0]"),
        Change("terms.0.slopes", nil, at: "model.terms[0].slopes"),
        Change("terms.0.slopes", numbers([1, 2, 3, 4]), at: "model.terms[0]"),
        Change("terms.0.slopes", .number(1), at: "model.terms[0].slopes"),
        Change("terms.0.standardErrors", numbers([1, 2]), at: "model.terms[0]"),
        Change("terms.0.standardErrors", numbers([1, -2, 1]), at: "model.terms[0].standardErrors"),
        Change("terms.0.missing", nil, at: "model.terms[0].missing"),
        Change("terms.0.coefficient", .number(1), at: "model.terms[0].coefficient"),
        Change("terms.0.edges", numbers([1]), at: "model.terms[0].edges"),
        Change("terms.0.type", .string("line"), at: "model.terms[0].knots"),
        Change("terms.0.type", .string("spline"), at: "model.terms[0]"),
    ]

    @Test("a wrong value is refused, with the path to it", arguments: refused)
    func refusing(change: Change) {
        let wrong = ModelDocumentTests.changed(Self.model.document, change.path[...], change.value)
        let error = #expect(throws: DocumentError.self) { try read(wrong) }
        if let path = change.errorPath { #expect(error?.path == path, "\(String(describing: error))") }
    }

    @Test("more than 1,024 knots are refused")
    func limits() throws {
        for (count, isRead) in [(2, true), (1_024, true), (1_025, false)] {
            var model = Self.model
            model.terms[0] = Self.term((0..<count).map(Double.init))
            if isRead {
                #expect(try read(model.document) == model)
            } else {
                let error = #expect(throws: DocumentError.self) { try read(model.document) }
                #expect(error?.path == "model.terms[0].knots")
            }
        }
    }
}
