import Glibc
package import LimpetExport

/// A runner of queries in an external engine: the tables and the results are CSV files of one folder.
package struct SQLEngine {
    package let dialect: SQLDialect
    /// The folder of `events.csv`, `snapshots.csv` and `query0.sql`, …, which receives `result0.csv`, ….
    package let folder: String
    /// The number of queries.
    package let queries: Int
    /// The columns of the events with their types.
    package let columns: [FeatureSQL.Column]

    /// The Python that has the packages duckdb and pyspark, from `LIMPET_PYTHON`.
    private var python: String {
        getenv("LIMPET_PYTHON").map { String(cString: $0) } ?? "python3"
    }

    package func run() throws(ChildProcess.Failure) {
        switch dialect {
        case .duckdb: try ChildProcess.run(python, ["-c", duckdb, folder])
        case .spark: try ChildProcess.run(python, ["-c", spark, folder])
        case .postgres:
            try ChildProcess.run(
                "psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", postgres] + postgresSteps)
        }
    }

    /// Returns an import that tells what to do where the package is missing.
    private static func importing(_ statement: String, package: String) -> String {
        """
        import sys
        try:
            \(statement)
        except ImportError:
            sys.exit(f"{sys.executable} has no \(package): name a Python that has it with LIMPET_PYTHON")
        """
    }

    private var duckdb: String {
        let types = columns.map { "'\(escaped($0.name))': '\($0.type)'" }.joined(separator: ", ")
        return """
            \(Self.importing("import duckdb", package: "duckdb"))
            folder = sys.argv[1]
            con = duckdb.connect()
            con.execute("SET threads TO 2")
            def read(name, types):
                con.read_csv(f"{folder}/{name}.csv", header=True, dtype=types, na_values="", \
            quotechar='"', escapechar='"', delimiter=",", max_line_size=64000000).to_table(name)
            read("events", {\(types)})
            read("snapshots", {'user_id': 'TEXT', 'snapshot_ms': 'BIGINT'})
            for number in range(\(queries)):
                con.execute("CREATE OR REPLACE TABLE result AS " + \
            open(f"{folder}/query{number}.sql", encoding="utf-8").read())
                con.execute(f"COPY result TO '{folder}/result{number}.csv' (HEADER, FORCE_QUOTE *)")
            """
    }

    private var spark: String {
        let types = columns.map { "`\($0.name.replacing("`", with: "``"))` \($0.type)" }.joined(
            separator: ", ")
        return """
            import csv
            \(Self.importing("from pyspark.sql import SparkSession", package: "pyspark"))
            folder = sys.argv[1]
            spark = (SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
                     .config("spark.sql.shuffle.partitions", "4").config("spark.sql.session.timeZone", "UTC")
                     .config("spark.sql.ansi.enabled", "true")\
            .config("spark.driver.memory", "2g").getOrCreate())
            spark.sparkContext.setLogLevel("ERROR")
            def read(name, schema):
                (spark.read.csv(f"{folder}/{name}.csv", schema=schema, header=True, quote='"', \
            escape='"', multiLine=True,
                                nullValue="", emptyValue="", encoding="UTF-8", mode="FAILFAST")\
            .createOrReplaceTempView(name))
            read("events", \(pythonText(types)))
            read("snapshots", "user_id STRING, snapshot_ms BIGINT")
            for number in range(\(queries)):
                result = spark.sql(open(f"{folder}/query{number}.sql", encoding="utf-8").read())
                with open(f"{folder}/result{number}.csv", "w", newline="", encoding="utf-8") as file:
                    out = csv.writer(file, quoting=csv.QUOTE_ALL)
                    out.writerow(result.columns)
                    for row in result.toLocalIterator():
                        out.writerow(["" if value is None else repr(value) \
            if isinstance(value, float) else value for value in row])
            spark.stop()
            """
    }

    private var postgres: String {
        let types = columns.map { "\"\($0.name.replacing("\"", with: "\"\""))\" \($0.type)" }.joined(
            separator: ", ")
        return "CREATE TEMPORARY TABLE events (\(types)); "
            + "CREATE TEMPORARY TABLE snapshots (user_id TEXT, snapshot_ms BIGINT)"
    }

    /// The arguments of `psql` after those that make the tables; in one session, since the tables are
    /// temporary.
    private var postgresSteps: [String] {
        [
            "-c", "\\copy events FROM '\(folder)/events.csv' (FORMAT csv, HEADER)",
            "-c", "\\copy snapshots FROM '\(folder)/snapshots.csv' (FORMAT csv, HEADER)",
            "-c", "ANALYZE events; ANALYZE snapshots",
            "--csv",
        ]
            + (0..<queries).flatMap {
                ["-c", "\\o '\(folder)/result\($0).csv'", "-f", "\(folder)/query\($0).sql"]
            }
    }

    private func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
    }

    private func pythonText(_ text: String) -> String { "'\(escaped(text))'" }
}
