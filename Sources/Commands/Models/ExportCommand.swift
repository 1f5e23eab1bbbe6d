import LimpetPipelines
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
            limpet export --model model.json --to c --output model.c
            limpet export --model model.json --to onnx --output model.onnx

            sql: the query computes features and score from the tables events and snapshots, whose columns
            stand in its first lines; of a model of a flat table it reads the table inputs.
            c: one file of C99 without dependencies; its functions take the model's inputs as numbers and
            texts, and their order stands in its first lines. cc -std=c99 -O2 -c model.c
            onnx: a graph with an input for each of the model's, double or string, and the outputs log_odds
            and probability, in double precision.
            """)

    /// The formats of an exported model.
    enum Form: String, CaseIterable, ExpressibleByArgument {
        /// A SQL query.
        case sql
        /// A source file in C99.
        case c
        /// A graph for ONNX Runtime and its like.
        case onnx
    }

    @Option(help: "The model file.")
    var model: String

    @Option(help: "What to write: sql, c or onnx.")
    var to: Form

    @Option(help: "sql: duckdb, postgres or spark.")
    var dialect: SQLDialect?

    @Option(help: "c: what all names begin with (default: \(CSource.usualPrefix)).")
    var prefix: String?

    @Option(help: "File to write; - is standard output.")
    var output = "-"

    func validate() throws {
        if to == .sql, dialect == nil {
            throw ValidationError("--to sql needs --dialect duckdb, postgres or spark")
        }
        if to != .sql, dialect != nil { throw ValidationError("--dialect is for --to sql") }
        if to != .c, prefix != nil { throw ValidationError("--prefix is for --to c") }
        try DistinctFiles.check(inputs: [("--model", model)], outputs: [("--output", output)])
    }

    func run() async throws {
        let verified = try ModelFile.read(model)
        try FileWriter.write(bytes(verified), to: output)
    }

    private func bytes(_ verified: ModelFile.Verified) throws -> [UInt8] {
        let model = verified.scorer.model
        switch to {
        case .sql:
            guard let dialect else { return [] }
            let sql = ScoreSQL(model, dialect: dialect, zone: verified.zone)
            return Array(("-- Scores of the model \(verified.hash).\n" + (try sql.query())).utf8)
        case .c:
            let source = try CSource(model, hash: verified.hash, prefix: prefix ?? CSource.usualPrefix)
            return Array(try source.text().utf8)
        case .onnx: return try ONNXModel(model, hash: verified.hash).bytes
        }
    }
}
