import Foundation
import LimpetScoring
import LimpetTestSupport
import Testing

/// `limpet export --to sql`, run by the engines themselves.
@Suite struct ExportCommandTests {
    private static let log = ["--events", "training-data/events.csv.gz"]
    private static let snapshotTime = "2025-05-01"

    private func train(_ folder: borrowing TemporaryFolder, _ flags: [String]) async throws -> String {
        let model = folder.file("model.json")
        let result = try await CommandLineTool.run(
            ["train"] + Self.log + [
                "--features", "training-data/features.yaml", "--churn-after", "30d", "--folds", "2",
                "--bootstrap", "0", "--output", model,
            ] + flags)
        try #require(result.status == 0, "\(result.errors)")
        return model
    }

    /// Scores by user, as `limpet score` gives them.
    private func scores(_ folder: borrowing TemporaryFolder, _ model: String) async throws -> [String:
        [Double]]
    {
        let file = folder.file("scores.csv")
        let result = try await CommandLineTool.run(
            ["score", "--model", model] + Self.log + ["--at", Self.snapshotTime, "--output", file])
        try #require(result.status == 0, "\(result.errors)")
        return try Self.rows(String(contentsOfFile: file, encoding: .utf8))
    }

    /// Probability and log-odds by id.
    private static func rows(_ text: String) throws -> [String: [Double]] {
        var lines = text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
        let header = lines.removeFirst()
        let places = try ["id", "probability", "log_odds"].map { try #require(header.firstIndex(of: $0)) }
        return Dictionary(
            uniqueKeysWithValues: lines.map { line in
                (line[places[0]], places.dropFirst().map { Double(line[$0]) ?? .nan })
            })
    }

    private func compare(_ found: [String: [Double]], _ expected: [String: [Double]]) {
        #expect(expected.count > 1_000)
        #expect(Set(found.keys) == Set(expected.keys))
        let worst =
            expected.map { id, values in
                zip(values, found[id] ?? [.nan, .nan]).map { abs($0 - $1) }.reduce(0) {
                    $1.isNaN ? .infinity : max($0, $1)
                }
            }.max() ?? .infinity
        #expect(worst < 1e-9, "\(worst)")
    }

    private static let duckdb = """
        import sys, duckdb
        sql, log, at, output = sys.argv[1:]
        query = open(sql, encoding="utf-8").read()
        columns = [l[5:].split(" ", 1)[0] for l in query.splitlines() if l.startswith("--   ")]
        con = duckdb.connect()
        con.read_csv(log, header=True, all_varchar=True).to_table("raw")
        names = [r[0] for r in con.execute("DESCRIBE raw").fetchall()]
        made = {"user_id": "\\"user\\"", "time_ms": "epoch_ms(CAST(\\"time\\" AS TIMESTAMPTZ))", \
        "seq": "rowid",
                "name": "event", "offset_minutes": "CAST(NULL AS INT)"}
        for column in columns:
            if column in made: continue
            source = column.split("_", 1)[1]
            if column.startswith("units_"):
                places = int(next(l for l in query.splitlines() if l.startswith(f"--   {column} "))\
        .split("10^-")[1].split(",")[0])
                made[column] = f"CAST(CAST(\\"{source}\\" AS DECIMAL(30, 9)) * {10 ** places} AS BIGINT)"
            else:
                made[column] = f"\\"{source}\\"" if source in names else "CAST(NULL AS TEXT)"
        con.execute("CREATE TABLE events AS SELECT " + ", ".join(f'{e} AS "{c}"' for c, e in made.items())\
         + " FROM (SELECT *, rowid FROM raw QUALIFY message_id IS NULL OR ROW_NUMBER() OVER \
        (PARTITION BY message_id ORDER BY rowid) = 1)")
        con.execute("CREATE TABLE snapshots AS SELECT DISTINCT user_id, epoch_ms(CAST(? AS TIMESTAMP)) \
        AS snapshot_ms FROM events", [at])
        con.execute("CREATE TABLE result AS SELECT user_id AS id, probability, log_odds FROM (" + query + ")")
        con.execute(f"COPY result TO '{output}' (HEADER)")
        """

    @Test(
        "DuckDB gives the scores of limpet score",
        arguments: [
            ["--model", "logistic", "--splines", "recency_any", "--l2", "3"],
            ["--model", "blend", "--pairs", "2"],
        ])
    func inDuckDB(flags: [String]) async throws {
        guard ExternalEngines.has(module: "duckdb") else { return }
        let folder = try TemporaryFolder()
        let model = try await train(folder, flags)
        let (sql, output) = (folder.file("score.sql"), folder.file("duckdb.csv"))
        let exported = try await CommandLineTool.run(
            ["export", "--model", model, "--to", "sql", "--dialect", "duckdb", "--output", sql])
        try #require(exported.status == 0, "\(exported.errors)")
        try await ChildProcess.succeed(
            [Project.enginePython, "-c", Self.duckdb, sql, Self.log[1], Self.snapshotTime, output])
        try await compare(Self.rows(String(contentsOfFile: output, encoding: .utf8)), scores(folder, model))
    }

    @Test("the job for Spark gives the scores of limpet score")
    func onSpark() async throws {
        guard ExternalEngines.has(module: "pyspark") else { return }
        let folder = try TemporaryFolder()
        let model = try await train(folder, ["--model", "stumps", "--rounds", "300"])
        let (sql, output) = (folder.file("score.sql"), folder.file("spark"))
        let exported = try await CommandLineTool.run(
            ["export", "--model", model, "--to", "sql", "--dialect", "spark", "--output", sql])
        try #require(exported.status == 0, "\(exported.errors)")
        try await ChildProcess.succeed(
            [
                "scripts/spark-score", "--sql", sql, "--events", Self.log[1], "--at", Self.snapshotTime,
                "--output",
                output, "--single-file",
            ], environment: ExternalEngines.environment)
        let file = try FileManager.default.contentsOfDirectory(atPath: output)
            .first { $0.hasSuffix(".csv") && $0.hasPrefix("part") }
        let text = try String(contentsOfFile: output + "/" + #require(file), encoding: .utf8)
        try await compare(Self.rows(text), scores(folder, model))
    }
}
