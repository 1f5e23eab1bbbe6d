import Foundation
import LimpetDocuments
import LimpetEvents
import LimpetExport
import LimpetScoring
import LimpetTestSupport
import Testing

/// Categories of codes that are numbers, in the forms that engines run.
@Suite struct CodeExportTests {
    private static let spellings = [
        "1", "1.0", "01", "+1", "1.7", "2.5", "2.50", "-3", "-3.0", "-0.5", "0", "9", "x", "", "1x", "-", ".",
    ]

    /// A model of a category with exact codes and one of truncated ones; each level has a value of its own.
    private static let model: Model = {
        let empty = TrainingSummary.Distribution(levels: ["1"], counts: [0, 0], missing: 0)
        let names = ["-3", "0", "1", "2.5"]
        return Model(
            kind: .stumps, source: .table(target: "left", positive: "yes"),
            inputs: [
                Model.Input(name: "exact", isCategorical: true, codes: .exact),
                Model.Input(name: "whole", isCategorical: true, codes: .truncated),
            ], intercept: 0.125,
            terms: [
                Term(
                    input: 0, shape: .levels(Term.Levels(names: names, values: [1, 2, 3, 4], other: 5)),
                    missing: 6),
                Term(
                    input: 1,
                    shape: .levels(Term.Levels(names: ["-3", "0", "1"], values: [10, 20, 30], other: 50)),
                    missing: 60),
            ], calibrator: .none,
            training: TrainingSummary(
                rows: 0, users: 0, positives: 0, inputs: [empty, empty],
                logOdds: TrainingSummary.Distribution(counts: [0], missing: 0)),
            evaluation: .null, provenance: .null)
    }()

    /// The log-odds of a row with the same text in both inputs.
    private static func logOdds(_ text: String) -> Double {
        let flat = FlatScorer(Scorer(model))
        return flat.score([flat.code(of: text, input: 0), flat.code(of: text, input: 1)].span).logOdds
    }

    @Test("the scorer takes equal numbers for one level")
    func scorer() {
        let found = Self.spellings.map(Self.logOdds)
        // 1.7 and 2.5 are whole codes 1 and 2, of which the second is unknown.
        #expect(
            found
                == [
                    33, 33, 33, 33, 35, 54, 54, 11, 11, 25, 22, 55, 55, 66, 55, 55, 55,
                ].map { $0 + 0.125 })
    }

    @Test("so does the file of C", arguments: ["cc", "clang"])
    func inC(compiler: String) async throws {
        guard (try? await ChildProcess.succeed([compiler, "--version"])) != nil else {
            print("SKIPPED: there is no \(compiler)")
            return
        }
        let folder = try TemporaryFolder()
        let texts = Self.spellings.map { "\"\($0)\"" }.joined(separator: ", ")
        let program =
            try CSource(Self.model, hash: "test").text() + """
                #include <stdio.h>
                int main(void)
                {
                    static const char *const texts[] = {\(texts)};
                    size_t row;
                    for (row = 0; row < sizeof texts / sizeof *texts; row++) {
                        const char *both[2];
                        both[0] = both[1] = texts[row];
                        printf("%.17g\\n", limpet_score_row(NULL, both).log_odds);
                    }
                    return 0;
                }

                """
        let (source, binary) = (try folder.write(program, as: "codes.c"), folder.file("codes"))
        let flags = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"]
        try await ChildProcess.succeed([compiler] + flags + [source, "-o", binary])
        let output = try await ChildProcess.succeed([binary]).output
        #expect(output.split(separator: "\n").map { Double($0) } == Self.spellings.map(Self.logOdds))
    }

    private static let duckdb = """
        import sys, duckdb
        query = open(sys.argv[1], encoding="utf-8").read()
        spellings = sys.argv[2:]
        con = duckdb.connect()
        def scores(kind, values):
            con.execute(f"CREATE OR REPLACE TABLE customers (id INTEGER, exact {kind}, whole {kind})")
            for place, value in enumerate(values):
                con.execute("INSERT INTO customers VALUES (?, ?, ?)", [place, value, value])
            rows = con.execute("SELECT log_odds FROM (" + query + ") ORDER BY id").fetchall()
            return [row[0] for row in rows]
        print(*scores("VARCHAR", spellings))
        numbers = [1.0, 1.7, 2.5, -3.0, -0.5, 0.0, 9.0, None]
        print(*scores("DOUBLE", numbers))
        print(*scores("DECIMAL(18, 4)", numbers))
        print(*scores("INTEGER", [1, -3, 0, 9, None]))
        """

    @Test("so does DuckDB, whether the column holds texts or numbers")
    func inDuckDB() async throws {
        guard ExternalEngines.has(module: "duckdb") else { return }
        let folder = try TemporaryFolder()
        var sql = ScoreSQL(Self.model, dialect: .duckdb, zone: .utc)
        sql.inputTable = "customers"
        let file = try folder.write(try sql.query(), as: "score.sql")
        let output = try await ChildProcess.succeed(
            [Project.enginePython, "-c", Self.duckdb, file] + Self.spellings
        ).output
        let lines = output.split(separator: "\n").map { $0.split(separator: " ").map { Double($0) } }
        try #require(lines.count == 4)
        #expect(lines[0] == Self.spellings.map(Self.logOdds))
        let numbers = ["1", "1.7", "2.5", "-3", "-0.5", "0", "9", ""].map(Self.logOdds)
        #expect(lines[1] == numbers && lines[2] == numbers)
        #expect(lines[3] == ["1", "-3", "0", "9", ""].map(Self.logOdds))
    }

    @Test("so does PostgreSQL")
    func inPostgreSQL() async throws {
        let folder = try TemporaryFolder()
        var sql = ScoreSQL(Self.model, dialect: .postgres, zone: .utc)
        sql.inputTable = "customers"
        let query = try sql.query()
        try await PostgresServer.run { environment in
            for (type, texts) in [
                ("TEXT", Self.spellings), ("NUMERIC", ["1", "1.7", "2.5", "-3", "-0.5", "0", "9", ""]),
                ("DOUBLE PRECISION", ["1", "1.7", "2.5", "-3", "-0.5", "0", "9", ""]),
            ] {
                let rows = texts.enumerated().map { place, text in
                    let value = text.isEmpty ? "NULL" : type == "TEXT" ? "'\(text)'" : text
                    return "(\(place), \(value), \(value))"
                }
                let script = """
                    DROP TABLE IF EXISTS customers;
                    CREATE TABLE customers (id INTEGER, exact \(type), whole \(type));
                    INSERT INTO customers VALUES \(rows.joined(separator: ", "));
                    SELECT log_odds FROM (\(query)) scores ORDER BY id;
                    """
                let file = try folder.write(script, as: "codes.sql")
                let output = try await ChildProcess.succeed(
                    ["psql", "-Atq", "-v", "ON_ERROR_STOP=1", "-f", file], environment: environment
                ).output
                let found = output.split(separator: "\n").map { Double($0) }
                #expect(found == texts.map(Self.logOdds), "\(type)")
            }
        }
    }
}
