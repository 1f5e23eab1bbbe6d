import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetScoring
import LimpetTestSupport
import Testing

/// Invalid model documents, each made by changing one value of a valid one.
@Suite struct ModelDocumentTests {
    /// A place in the document and what stands there instead; nil takes the member away.
    struct Change: Sendable, CustomTestStringConvertible {
        var path: [String]
        var value: JSON?
        var errorPath: String?
        var testDescription: String { path.joined(separator: ".") + " = " + (value?.compact ?? "nothing") }

        init(_ path: String, _ value: JSON?, at errorPath: String? = nil) {
            self.path = path.split(separator: ".").map { String($0) }
            self.value = value
            self.errorPath = errorPath
        }
    }

    static func changed(_ json: JSON, _ path: ArraySlice<String>, _ value: JSON?) -> JSON {
        guard let name = path.first else { return value ?? .null }
        let rest = path.dropFirst()
        if case .array(var values) = json, let index = Int(name) {
            values[index] = changed(values[index], rest, value)
            return .array(values)
        }
        guard case .object(var members) = json else { return json }
        let index = members.firstIndex { $0.name == name }
        if rest.isEmpty, value == nil {
            members.removeAll { $0.name == name }
        } else if let index {
            members[index].value = changed(members[index].value, rest, value)
        } else {
            members.append(JSONMember(name: name, value: changed(.null, rest, value)))
        }
        return .object(members)
    }

    private static func numbers(_ count: Int) -> JSON { .array((0..<count).map { .number($0) }) }

    private static let steps: JSON = .object([
        "input": .string("recency_any"), "type": .string("steps"), "edges": numbers(2), "values": numbers(3),
        "missing": .number(0), "importance": .number(0),
    ])

    static let refused: [Change] = [
        Change("format", .number(2), at: "model.format"), Change("format", .string("1")),
        Change("format", nil),
        Change("kind", .string("stump"), at: "model.kind"), Change("kind", nil),
        Change("source", nil), Change("source.type", .string("logs")), Change("source.type", nil),
        Change("source.target", .string("x"), at: "model.source.target"),
        Change("source.featureSet.timezone", .string("UTC"), at: "model.source.featureSet.timezone"),
        Change("source.featureSet.version", .number(2)), Change("source.featureSet.features", .array([])),
        Change("source.featureSet.features.0.kind", .string("tenure"), at: "model.source"),
        Change("source.featureSet.features.1.of", nil), Change("source.population", nil),
        Change("source.population.hasDone", .number(1)), Change("source.population.hasDone", .string("")),
        Change("source.population.hasDone", .array([])), Change("source.population.active", .string("1d")),
        Change("source.population.activeWithin", .string("0d")), Change("source.label", nil),
        Change("source.label.kind", .string("churn"), at: "model.source.label.kind"),
        Change("source.label.horizon", nil), Change("source.label.horizon", .string("28 days")),
        Change("source.label.horizon", .string("9223372036854775807ms")),
        Change("source.label.horizon", .number(28)), Change("source.label.within", .string("28d")),
        Change("inputs", .array([])), Change("inputs", nil), Change("inputs.0.name", .string("other")),
        Change("inputs.0.name", .string("active_days_any_7d"), at: "model.inputs[3]"),
        Change("inputs.0.type", .string("category")),
        Change("inputs.0.type", .string("text"), at: "model.inputs[0]"),
        Change("inputs.0.unit", .string("days")), Change("intercept", nil), Change("intercept", .null),
        Change("intercept", .string("0")), Change("intercept", .number("1e400"), at: "model.intercept"),
        Change("terms", nil), Change("terms", .object([:])),
        Change("terms.0.input", .string("recency"), at: "model.terms[0].input"),
        Change("terms.0.type", .string("levels")), Change("terms.2.type", .string("line")),
        Change("terms.0.type", .string("curve")), Change("terms.0.type", nil), Change("terms.0.missing", nil),
        Change("terms.0.missing", .null), Change("terms.0.importance", nil),
        Change("terms.0.note", .string("x")),
        Change("terms.0.edges", numbers(1), at: "model.terms[0].edges"), Change("terms.0.coefficient", nil),
        Change("terms.0.transform", .string("log")), Change("terms.0.transform", nil),
        Change("terms.0.offset", nil),
        Change("terms.0.standardError", .string("x")),
        Change("terms.1.edges", .array([.number(1), .number(0), .number(2)])),
        Change("terms.1.edges", .array([.number(1), .number(1), .number(2)])),
        Change("terms.1.edges", .array([.number(0), .number(1), .null])), Change("terms.1.edges", nil),
        Change("terms.1.edges", numbers(2), at: "model.terms[1]"), Change("terms.1.values", numbers(3)),
        Change("terms.1.values", numbers(5)), Change("terms.1.values", nil),
        Change("terms.1.coefficient", .number(1)),
        Change("terms.2.levels", .array([.string("a"), .string("a")]), at: "model.terms[2]"),
        Change("terms.2.levels", .array([.string("a"), .string("")])),
        Change("terms.2.levels", .array([.string("a")])),
        Change("terms.2.levels", numbers(2)), Change("terms.2.values", numbers(3)),
        Change("terms.2.other", nil),
        Change("terms.2.standardErrors", numbers(1)), Change("calibrator", nil),
        Change("calibrator.type", .string("beta"), at: "model.calibrator"),
        Change("calibrator.slope", .number(0)),
        Change("calibrator.slope", .number(-1)), Change("calibrator.slope", nil),
        Change("calibrator.intercept", nil),
        Change("calibrator.knots", .array([])), Change("training", nil), Change("training.rows", .number(-1)),
        Change("training.rows", .number("1.5")), Change("training.users", nil),
        Change("training.positives", .null), Change("training.positives", .number(1_001)),
        Change("training.users", .number(1_001)),
        Change("training.inputs.0.missing", .number(51), at: "model.training.inputs[0]"),
        Change("training.inputs.0.missing", .number(49), at: "model.training.inputs[0]"),
        Change("training.inputs.2.levels", .array([.string("a"), .string("a")])),
        Change("training.firstSnapshot", nil), Change("training.lastSnapshot", nil),
        Change("training.lastSnapshot", .number(0), at: "model.training"),
        Change("training.dataUntil", .number(1 << 53)), Change("training.dataUntil", .string("2025-01-01")),
        Change("training.inputs", .array([])),
        Change("training.inputs.0.counts", numbers(3), at: "model.training.inputs[0]"),
        Change("training.inputs.0.edges", .array([.number(7), .number(1), .number(28)])),
        Change("training.inputs.0.counts.1", .number(-1)), Change("training.inputs.0.missing", nil),
        Change("training.inputs.2.counts", numbers(2)),
        Change("training.inputs.2.levels", nil, at: "model.training.inputs[2]"),
        Change("training.inputs.0.levels", .array([.string("a")])),
        Change("training.logOdds", nil), Change("training.seed", .number(1)),
        Change("golden", nil), Change("golden.rows", nil),
        Change("golden.histories", nil),
        Change("golden.rows.0.values", numbers(3)), Change("golden.rows.0.values", numbers(5)),
        Change("golden.rows.0.values.0", .string("mobile"), at: "model.golden.rows[0].values[0]"),
        Change("golden.rows.0.values.2", .number(1)), Change("golden.rows.0.values.0", .boolean(true)),
        Change("golden.rows.0.values.0", .number("1e400")), Change("golden.rows.0.logOdds", nil),
        Change("golden.rows.0.probability", .null), Change("golden.rows.0.user", .string("x")),
        Change("golden.histories.3.at", .number("1.5")), Change("golden.histories.3.at", .number(1 << 53)),
        Change(
            "golden.histories.3.events.0.time", .number(1_749_945_599_999), at: "model.golden.histories[3]"),
        Change("golden.histories.3.events.0.event", nil),
        Change("golden.histories.3.events.0.user", .string("x")),
        Change("golden.histories.3.events.0.properties.value", .number(1)),
        Change("checksum", .string("x"), at: "model.checksum"),
    ]

    private func document() throws -> JSON {
        try TestModels.logWithHistories(zone: TestZones.amsterdam()).document
    }

    private func read(_ document: JSON) throws(DocumentError) -> Model {
        try Model(DocumentNode(document, path: "model"))
    }

    @Test("a wrong value is refused, with the path to it", arguments: refused)
    func refusing(change: Change) throws {
        let wrong = Self.changed(try document(), change.path[...], change.value)
        #expect(wrong != (try document()))
        let error = #expect(throws: DocumentError.self) { try read(wrong) }
        if let path = change.errorPath { #expect(error?.path == path) }
    }

    @Test(
        "values that may be left out, and other good ones, are accepted",
        arguments: [
            Change("source.population.hasNotDone", nil), Change("source.population.activeWithin", .null),
            Change("source.label.events", nil), Change("source.featureSet.timeZone", nil),
            Change("terms.0.standardError", nil), Change("terms.2.standardErrors", nil),
            Change("terms", .array([])),
            Change("terms.0", steps), Change("calibrator", .object(["type": .string("none")])),
            Change("training.dataUntil", nil), Change("evaluation", .null), Change("evaluation", nil),
            Change("provenance", nil), Change("provenance", .array([])),
            Change("golden.rows", .array([])), Change("golden.rows.0.values.0", .null),
            Change("golden.histories.3.events", .array([])), Change("kind", .string("stumps")),
        ])
    func accepting(change: Change) throws {
        let good = Self.changed(try document(), change.path[...], change.value)
        #expect(throws: Never.self) { try read(good) }
    }

    @Test(
        "an isotonic calibrator needs as many strictly ascending knots and probabilities within (0, 1)",
        arguments: [
            ([], []), ([0], []), ([0, 1], [0.5]), ([1, 0], [0.1, 0.2]), ([0, 0], [0.1, 0.2]),
            ([0, 1], [0.2, 0.1]),
            ([0, 1], [0.2, 0.2]), ([0, 1], [0, 0.5]), ([0, 1], [0.5, 1]), ([0, 1], [-0.5, 0.5]),
        ] as [([Double], [Double])])
    func isotonic(knots: [Double], probabilities: [Double]) throws {
        let calibrator = JSON.object([
            "type": .string("isotonic"), "logOdds": .array(knots.map { .number($0) }),
            "probabilities": .array(probabilities.map { .number($0) }),
        ])
        let error = #expect(throws: DocumentError.self) {
            try read(Self.changed(document(), ["calibrator"], calibrator))
        }
        #expect(error?.path == "model.calibrator")
    }

    @Test("what is no object is refused everywhere", arguments: ["null", "1", "\"x\"", "[]", "true"])
    func noObject(text: String) throws {
        let value = try JSONReader.read(Array(text.utf8)[...])
        #expect(throws: DocumentError.self) { try read(value) }
        for path in ["source", "calibrator", "training", "golden", "terms.0", "inputs.0", "training.logOdds"]
        {
            let wrong = Self.changed(try document(), Change(path, value).path[...], value)
            #expect(throws: DocumentError.self, "\(path)") { try read(wrong) }
        }
    }

    @Test("too many edges are refused")
    func tooManyEdges() throws {
        func term(_ count: Int) -> JSON {
            let values = JSON.array([JSON](repeating: .number(0), count: count + 1))
            return Self.changed(Self.changed(Self.steps, ["edges"], Self.numbers(count)), ["values"], values)
        }
        #expect(throws: Never.self) { try read(Self.changed(document(), ["terms", "0"], term(65_535))) }
        #expect(throws: DocumentError.self) {
            try read(Self.changed(document(), ["terms", "0"], term(65_536)))
        }
    }
}
