public import ArgumentParser
public import LimpetExport
import LimpetFeatures
import LimpetFiles
import LimpetPipelines
import LimpetScoring

extension SQLDialect: ExpressibleByArgument {}

/// `limpet features sql`.
struct FeaturesSQLCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql",
        abstract: "Write a feature set as a query for an engine that holds the events itself.",
        discussion: """
            limpet features sql --features features.yaml --dialect duckdb --output features.sql
            limpet features sql --model model.json --dialect spark

            The query reads the tables events and snapshots, whose columns stand in its first lines,
            and gives the features that limpet features extract gives; limpet features check --sql
            proves it on a log.
            """)

    @Option(help: "Feature set in YAML.")
    var features: String?

    @Option(help: "Take the feature set of this model file.")
    var model: String?

    @Option(help: "duckdb, postgres or spark.")
    var dialect: SQLDialect

    @Option(help: "The table of events.")
    var eventTable = "events"

    @Option(help: "The table of users and snapshots.")
    var snapshotTable = "snapshots"

    @Option(help: "SQL file; - is standard output.")
    var output = "-"

    func validate() throws {
        guard (features == nil) != (model == nil) else {
            throw ValidationError("name the feature set with --features FILE or --model FILE")
        }
        try DistinctFiles.check(
            inputs: [("--features", features), ("--model", model)], outputs: [("--output", output)])
    }

    func run() async throws {
        let set = try featureSet()
        var sql = try FeatureSQL(set, dialect: dialect, zone: try set.zoneRules())
        sql.eventTable = eventTable
        sql.snapshotTable = snapshotTable
        try FileWriter.write(Array(sql.query.utf8), to: output)
    }
    private func featureSet() throws -> FeatureSet {
        if let features { return try FeatureSet(YAMLDocument(path: features)) }
        guard let set = try ModelFile.read(model ?? "").scorer.model.featureSet else {
            throw ValidationError("--model \(model ?? ""): it is of a table and has no feature set")
        }
        return set
    }
}
