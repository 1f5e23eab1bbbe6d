import ArgumentParser
import LimpetExport
import LimpetFiles
import LimpetScoring

/// `limpet export`.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a model in a form that runs elsewhere.",
        discussion: """
            limpet export --model model.json --to sql --dialect spark --output score.sql

            The query computes features and score from the tables events and snapshots, whose columns
            stand in its first lines; of a model of a flat table it reads the table inputs.
            """)

    /// The forms.
    enum Form: String, CaseIterable, ExpressibleByArgument {
        /// A query.
        case sql
    }

    @Option(help: "The model file.")
    var model: String

    @Option(help: "What to write: sql.")
    var to: Form

    @Option(help: "duckdb, postgres or spark.")
    var dialect: SQLDialect?

    @Option(help: "File to write; - is standard output.")
    var output = "-"

    func validate() throws {
        if dialect == nil { throw ValidationError("--to sql needs --dialect duckdb, postgres or spark") }
        try DistinctFiles.check(inputs: [("--model", model)], outputs: [("--output", output)])
    }

    func run() async throws {
        let verified = try ModelFile.read(model)
        guard let dialect else { return }
        let sql = ScoreSQL(verified.scorer.model, dialect: dialect, zone: verified.zone)
        let header = "-- Scores of the model \(verified.hash).\n"
        try FileWriter.write(Array((header + sql.query()).utf8), to: output)
    }
}
