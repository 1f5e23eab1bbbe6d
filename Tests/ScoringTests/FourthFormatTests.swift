import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetTestSupport
import Testing

/// Models whose inputs are written in notations of their own.
@Suite struct FourthFormatTests {
    private static let notations: [Notation] = [
        .number(NumberNotation(mark: .comma, thousands: .opposite, sign: "€")),
        .number(NumberNotation(mark: .point, thousands: .apostrophe)),
        .date(.dayFirst, before: Timestamp(milliseconds: 1_735_689_600_123)),
        .date(.yearFirst, before: Timestamp(milliseconds: -5)),
    ]

    private func model(_ notation: Notation) throws -> Model {
        var model = TestModels.table()
        let place = try #require(model.inputs.firstIndex { !$0.isCategorical })
        model.inputs[place].notation = notation
        return model
    }

    @Test("notations are read as they were written", arguments: notations)
    func same(notation: Notation) throws {
        let model = try model(notation)
        #expect(model.format == 4)
        let read = try ModelFile.decode(ModelFile.encode(model).bytes).scorer.model
        #expect(read == model)
    }

    @Test("a notation at a category, or of another kind, is refused")
    func refused() throws {
        let document = try model(Self.notations[0]).document
        let place = try #require(TestModels.table().inputs.firstIndex { !$0.isCategorical })
        let path = ["inputs", "\(place)", "notation"]
        for (member, value) in [
            ("type", JSON.string("time")), ("mark", .string("dot")), ("thousands", nil),
            ("order", .string("x")),
        ] {
            let changed = ModelDocumentTests.changed(document, (path + [member])[...], value)
            #expect(throws: DocumentError.self) { try Model(DocumentNode(changed, path: "model")) }
        }
        let category = ModelDocumentTests.changed(
            document, ["inputs", "\(place)", "type"], .string("category"))
        #expect(throws: DocumentError.self) { try Model(DocumentNode(category, path: "model")) }
    }

    @Test("reasons say that a date counts as days")
    func reasons() throws {
        let notation = Notation.date(.dayFirst, before: Timestamp(milliseconds: 1_735_689_600_000))
        let verified = try ModelFile.decode(ModelFile.encode(try model(notation)).bytes)
        let name = try #require(verified.scorer.model.inputs.first { !$0.isCategorical }?.name)
        var vector = FeatureVector(count: verified.scorer.model.inputs.count)
        for place in vector.numbers.indices { vector.numbers[place] = 2 }
        let texts = verified.scorer.reasons(vector, count: 9, raisingOnly: false).map(\.sentence)
        #expect(texts.contains { $0.contains("\(name) is 2 days before 2025-01-01") }, "\(texts)")
    }
}
