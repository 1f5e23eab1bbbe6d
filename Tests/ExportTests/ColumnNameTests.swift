import LimpetDocuments
import LimpetEvents
import LimpetExport
import LimpetFeatures
import LimpetScoring
import Testing

/// Names that an engine cannot tell apart, or cannot have.
@Suite struct ColumnNameTests {
    private static func model(_ names: [String]) -> Model {
        let empty = TrainingSummary.Distribution(counts: [0], missing: 0)
        return Model(
            kind: .logistic, source: .table(target: "left", positive: "Y"),
            inputs: names.map { Model.Input(name: $0, isCategorical: false) }, intercept: 0.5,
            terms: names.indices.map { input in
                Term(input: input, shape: .steps(Term.Steps(edges: [0], values: [-1, 1])), missing: 0)
            }, calibrator: .none,
            training: TrainingSummary(
                rows: 0, users: 0, positives: 0, inputs: names.map { _ in empty }, logOdds: empty),
            evaluation: .null, provenance: .null)
    }

    private func query(_ names: [String], _ dialect: SQLDialect) throws -> String {
        try ScoreSQL(Self.model(names), dialect: dialect, zone: .utc).query()
    }

    @Test(
        "names that differ in case alone are refused where they are one column",
        arguments: [
            ("Plan", "plan"), ("ÉTAT", "état"), ("ıd", "ID"),
        ])
    func letters(first: String, second: String) throws {
        for dialect in [SQLDialect.duckdb, .spark] {
            #expect(throws: ExportError.sameName(first, second, engine: dialect.rawValue)) {
                try query([first, second], dialect)
            }
        }
        // PostgreSQL tells quoted names apart by their bytes.
        let text = try query([first, second], .postgres)
        #expect(text.contains("source.\"\(first)\"") && text.contains("source.\"\(second)\""))
    }

    @Test("names that PostgreSQL cuts to one are refused there")
    func long() throws {
        let start = String(repeating: "é", count: 31)
        let names = [start + "a", start + "bc", start + "bd"]
        #expect(throws: ExportError.sameName(names[1], names[2], engine: "postgres")) {
            try query(names, .postgres)
        }
        #expect(try query(names, .duckdb).contains(names[2]))
        // A letter is not cut in two: é takes the bytes 63 and 64 of these.
        let odd = ["a", "b"].map { "x" + start + "é" + $0 }
        #expect(throws: ExportError.self) { try query(odd, .postgres) }
    }

    @Test("an input cannot be called as the query's results are, in the engine's own sense")
    func results() throws {
        for dialect in SQLDialect.allCases {
            #expect(throws: ExportError.sameName("log_odds", "log_odds", engine: dialect.rawValue)) {
                try query(["log_odds"], dialect)
            }
        }
        #expect(throws: ExportError.self) { try query(["Probability"], .duckdb) }
        #expect(try query(["Probability"], .postgres).contains("source.\"Probability\""))
    }

    @Test("names of PostgreSQL's own columns are refused there")
    func engineNames() throws {
        #expect(throws: ExportError.engineName(input: "xmin", engine: "postgres")) {
            try query(["visits", "xmin"], .postgres)
        }
        #expect(try query(["xmin"], .spark).contains("`xmin`"))
        #expect(throws: FeatureSetError.self) {
            try FeatureSQL(
                FeatureSet(features: [Feature(name: "ctid", kind: .count)]), dialect: .postgres, zone: .utc)
        }
    }

    @Test("words of the language and names with quotes are quoted, not refused")
    func quoted() throws {
        let names = ["select", "order", "a b", "a\"b", "a`b", "a.b", "1"]
        for dialect in SQLDialect.allCases {
            let text = try query(names, dialect)
            let mark = dialect == .spark ? "`" : "\""
            #expect(text.contains("source.\(mark)select\(mark)"))
        }
    }

    @Test("an input without a name is refused by every export")
    func empty() throws {
        for dialect in SQLDialect.allCases {
            #expect(throws: ExportError.emptyName(input: 1)) { try query(["visits", ""], dialect) }
        }
        #expect(throws: ExportError.emptyName(input: 1)) {
            try CSource(Self.model(["visits", ""]), hash: "")
        }
        #expect(throws: ExportError.self) { try ONNXModel(Self.model(["visits", ""]), hash: "") }
    }

    @Test("names that the graph of ONNX uses itself are refused or avoided")
    func graph() throws {
        for name in ONNXModel.outputs {
            #expect(throws: ExportError.reservedName(input: name, outputs: ONNXModel.outputs)) {
                try ONNXModel(Self.model([name]), hash: "")
            }
        }
        // Tensors within the graph begin with more underscores than any input.
        let bytes = try ONNXModel(Self.model(["_1", "__2", "node_1", "Plan", "plan"]), hash: "").bytes
        #expect(String(decoding: bytes, as: UTF8.self).contains("___1"))
    }

    @Test("features and properties that are one column are refused with both names")
    func features() {
        func problem(_ features: [Feature]) -> String {
            do {
                _ = try FeatureSQL(FeatureSet(features: features), dialect: .duckdb, zone: .utc)
                return "none"
            } catch {
                return "\(error)"
            }
        }
        let properties = problem(["Plan", "plan"].map { Feature(kind: .distinct, property: $0) })
        #expect(properties.contains("text_Plan") && properties.contains("text_plan"))
        let names = problem(["Visits", "visits"].map { Feature(name: $0, kind: .count) })
        #expect(names.contains("Visits") && names.contains("visits"))
    }
}
