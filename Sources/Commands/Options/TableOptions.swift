import LimpetPipelines
import LimpetDocuments
import ArgumentParser
import LimpetEvents
import LimpetFiles
import LimpetScoring
import LimpetTraining

/// The flags of a flat table instead of a log: one row per user, or per user and snapshot time.
struct TableOptions: ParsableArguments {
    @Option(help: "Flat table with a header; gzip too; - is standard input.")
    var table: String?

    @Option(help: "Column of the target (with --table).")
    var target: String?

    @Option(help: "The target's value that counts as 1 (with --table).")
    var positive: String?

    @Option(help: "Column of the row's id; ids must differ.")
    var id: String?

    @Option(help: "Column of the user, where a table has several rows for one.")
    var group: String?

    @Option(help: "Column of the rows' weights, 0 or more.")
    var weight: String?

    @Option(parsing: .upToNextOption, help: "Columns that are left out.")
    var drop: [String] = []

    @Option(parsing: .upToNextOption, help: "Columns whose numbers are names, e.g. codes.")
    var categorical: [String] = []

    /// Returns the table that the flags describe.
    func source(_ rows: RowOptions) throws -> TableSource {
        guard let table else { throw ValidationError("name the table with --table FILE") }
        var source = TableSource(table, rows: try rows.settings, observer: TerminalObserver())
        (source.target, source.positive, source.id, source.group) = (target, positive, id, group)
        (source.weight, source.drop, source.categorical) = (weight, drop, categorical)
        return source
    }
}
