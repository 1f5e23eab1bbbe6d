import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetTestSupport
import Testing

/// Files with pairs, blends and standard errors of steps: what they hold, and what they may not say.
@Suite struct GridDocumentTests {
    typealias Change = ModelDocumentTests.Change

    private func read(_ document: JSON) throws(DocumentError) -> Model {
        try Model(DocumentNode(document, path: "model"))
    }

    private static func numbers(_ numbers: [Double]) -> JSON { .array(numbers.map { .number($0) }) }

    private static func texts(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }

    @Test("a model with pairs is read as it was written")
    func roundTrip() throws {
        let model = TestModels.pairs()
        let file = ModelFile.encode(model)
        let verified = try ModelFile.decode(file.bytes)
        #expect(verified.scorer.model == model)
        #expect(ModelFile.encode(verified.scorer.model).bytes == file.bytes)
        let grid = model.document["terms"]?.array?[4]
        #expect(grid?["type"]?.text == "grid" && grid?["second"]?.text == "charges")
        #expect(grid?["missing"] == nil)
        #expect(grid?["values"]?.array?.map { $0.array?.count } == [3, 3, 3, 3, 3])
    }

    @Test("a golden row with another result is refused for a pair too")
    func golden() throws {
        var model = TestModels.pairs()
        guard case .grid(var grid) = model.terms[4].shape else { return #expect(Bool(false)) }
        grid.values = grid.values.map { $0.nextUp }
        model.terms[4].shape = .grid(grid)
        #expect(throws: ModelFileError.self) { try ModelFile.decode(ModelFile.encode(model).bytes) }
    }

    @Test("version 2 is for what version 1 does not know, and for that alone")
    func versions() throws {
        var model = TestModels.table()
        #expect(model.format == 1 && model.document["format"] == .number(1))
        model.kind = .blend
        #expect(model.format == 2)
        model = TestModels.table()
        model.terms[0].shape = .steps(
            Term.Steps(edges: [1.5], values: [0.5, -0.25], standardErrors: [0, 0.5]))
        #expect(model.format == 2)
        #expect(try read(model.document) == model)
        model = TestModels.table()
        model.terms.append(TestModels.grid(0, .numbers(edges: [1]), 1, .levels(names: [])))
        #expect(model.format == 2 && model.document["format"] == .number(2))
        #expect(try read(model.document) == model)
        for (document, wrong) in [
            (model.document, 1), (model.document, 3), (TestModels.table().document, 2),
            (TestModels.table().document, 0),
        ] {
            let changed = ModelDocumentTests.changed(document, ["format"], .number(wrong))
            #expect(#expect(throws: DocumentError.self) { try read(changed) }?.path == "model.format")
        }
    }

    static let refused: [Change] = [
        Change("terms.4.input", .string("month"), at: "model.terms[4].input"),
        Change("terms.4.second", .string("charge"), at: "model.terms[4].second"),
        Change("terms.4.second", .string("months"), at: "model.terms[4].second"),
        Change("terms.4.second", nil, at: "model.terms[4].second"),
        Change("terms.4.second", .number(2), at: "model.terms[4].second"),
        Change("terms.4.missing", .number(0), at: "model.terms[4].missing"),
        Change("terms.4.importance", nil, at: "model.terms[4].importance"),
        Change("terms.4.type", .string("pair")), Change("terms.4.type", .string("steps")),
        Change("terms.0.type", .string("grid")),
        Change("terms.0.second", .string("charges"), at: "model.terms[0].second"),
        Change("terms.4.standardErrors", numbers([1]), at: "model.terms[4].standardErrors"),
        Change("terms.4.rows", nil, at: "model.terms[4].rows"),
        Change("terms.4.rows", numbers([1]), at: "model.terms[4].rows"),
        Change("terms.4.rows.edges", numbers([0, -1, 12]), at: "model.terms[4].rows"),
        Change("terms.4.rows.edges", numbers([0, 0, 12]), at: "model.terms[4].rows"),
        Change("terms.4.rows.edges", .array([.null]), at: "model.terms[4].rows.edges[0]"),
        Change("terms.4.rows.edges", .array([.number("1e400")]), at: "model.terms[4].rows.edges[0]"),
        Change("terms.4.rows.edges", nil, at: "model.terms[4].rows.edges"),
        Change("terms.4.rows.edges", numbers([0]), at: "model.terms[4].values"),
        Change("terms.4.rows.levels", texts(["a"]), at: "model.terms[4].rows.levels"),
        Change("terms.4.columns.edges", numbers([1, 2]), at: "model.terms[4].values[0]"),
        Change("terms.5.rows.levels", texts(["a", "a"]), at: "model.terms[5].rows"),
        Change("terms.5.rows.levels", texts(["a", ""]), at: "model.terms[5].rows"),
        Change("terms.5.rows.levels", numbers([1, 2]), at: "model.terms[5].rows.levels[0]"),
        Change("terms.5.rows.edges", numbers([1]), at: "model.terms[5].rows.edges"),
        Change("terms.5.rows", .object([:]), at: "model.terms[5].rows.levels"),
        Change("terms.4.values", nil, at: "model.terms[4].values"),
        Change("terms.4.values", .array([]), at: "model.terms[4].values"),
        Change("terms.4.values", numbers([1, 2, 3, 4, 5]), at: "model.terms[4].values[0]"),
        Change("terms.4.values.3", numbers([1, 2]), at: "model.terms[4].values[3]"),
        Change("terms.4.values.3", numbers([1, 2, 3, 4]), at: "model.terms[4].values[3]"),
        Change("terms.4.values.3.1", .null, at: "model.terms[4].values[3][1]"),
        Change("terms.4.values.3.1", .number("1e999"), at: "model.terms[4].values[3][1]"),
        Change("terms.3.standardErrors", numbers([1]), at: "model.terms[3]"),
        Change("terms.3.standardErrors", numbers([1, 2, 3]), at: "model.terms[3]"),
        Change("terms.3.standardErrors", numbers([1, -1]), at: "model.terms[3].standardErrors"),
        Change("terms.3.standardErrors", .number(1), at: "model.terms[3].standardErrors"),
        Change("kind", .string("blended"), at: "model.kind"),
    ]

    @Test("a wrong value is refused, with the path to it", arguments: refused)
    func refusing(change: Change) {
        let wrong = ModelDocumentTests.changed(
            TestModels.pairs().document, change.path[...], change.value)
        let error = #expect(throws: DocumentError.self) { try read(wrong) }
        if let path = change.errorPath { #expect(error?.path == path, "\(String(describing: error))") }
    }

    @Test("too many bins or cells are refused")
    func limits() throws {
        func model(rows: Int, columns: Int) -> Model {
            var model = TestModels.table()
            model.inputs.append(Model.Input(name: "x", isCategorical: false))
            model.training.inputs.append(TrainingSummary.Distribution(counts: [10], missing: 0))
            model.golden.rows = []
            let first = Term.Axis.numbers(edges: (0..<(rows - 2)).map(Double.init))
            let second = Term.Axis.numbers(edges: (0..<(columns - 2)).map(Double.init))
            model.terms = [TestModels.grid(0, first, 2, second)]
            return model
        }
        for (rows, columns) in [(1_024, 64), (64, 1_024), (256, 256), (2, 2)] {
            let model = model(rows: rows, columns: columns)
            #expect(try read(model.document) == model)
        }
        for (rows, columns, path) in [
            (1_025, 2, "model.terms[0].rows"), (2, 1_025, "model.terms[0].columns"),
            (1_024, 65, "model.terms[0]"), (257, 256, "model.terms[0]"),
        ] {
            let document = model(rows: rows, columns: columns).document
            #expect(#expect(throws: DocumentError.self) { try read(document) }?.path == path)
        }
    }

    @Test("several grids of one pair are allowed, in either order")
    func repeatedPairs() throws {
        var model = TestModels.pairs()
        model.golden.rows = []
        model.terms += [model.terms[4], TestModels.grid(2, .numbers(edges: []), 0, .numbers(edges: [3]))]
        let read = try read(model.document)
        #expect(read == model)
        #expect(Scorer(read).contributions(FeatureVector(count: 4)).count == 9)
    }
}
