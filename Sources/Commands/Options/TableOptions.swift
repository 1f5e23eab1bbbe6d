import LimpetPipelines
import LimpetDocuments
public import ArgumentParser
public import LimpetEvents
import LimpetFiles
import LimpetScoring
import LimpetTraining

extension NumberNotation.Mark: ExpressibleByArgument {}
extension DateNotation: ExpressibleByArgument {}

/// The flags of a flat table instead of a log: one row per user, or per user and snapshot time.
struct TableOptions: ParsableArguments {
    @Option(help: "Flat table with a header; gzip too; - is standard input.")
    var table: String?

    @Option(help: "Column of the target (with --table).")
    var target: String?

    @Option(
        help: """
            The target's value that counts as 1 (default: the usual one of 1/0, true/false, yes/no, churned).
            """)
    var positive: String?

    @Flag(
        help: """
            The target is 1 where its column has a value, such as a date of leaving, and 0 where it has none.
            """)
    var targetFilled = false

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

    @Option(
        parsing: .upToNextOption, help: "Columns that are inputs although each row has a value of its own.")
    var keep: [String] = []

    @Option(help: "The decimal mark of numbers, point or comma (default: as each column's values tell).")
    var decimalMark: NumberNotation.Mark?

    @Option(
        help: "The order in dates such as 01/02/2025: dayFirst or monthFirst (default: as the values tell).")
    var dateOrder: DateNotation?

    @Option(
        help: """
            The time before which the days of dates are counted (default: the table's latest date; for a \
            model, that of its training).
            """)
    var datesBefore: String?

    func validate() throws {
        guard positive != "" else {
            throw ValidationError(
                "--positive is empty; give --target-filled if any value of the target counts as 1")
        }
        guard positive == nil || !targetFilled else {
            throw ValidationError(
                "--positive names the value that counts as 1; with --target-filled any does")
        }
        _ = try reference
    }

    private var reference: Timestamp? {
        get throws {
            guard let datesBefore else { return nil }
            guard let parsed = TimeParser().parse(datesBefore) else {
                throw ValidationError("--dates-before \(datesBefore): expected \(TimeParser().expectation)")
            }
            return parsed.timestamp
        }
    }

    /// Returns the table that the flags describe.
    func source(_ rows: RowOptions) throws -> TableSource {
        guard let table else { throw ValidationError("name the table with --table FILE") }
        var source = TableSource(table, rows: try rows.settings, observer: TerminalObserver())
        (source.target, source.positive, source.id, source.group) = (target, positive, id, group)
        (source.weight, source.drop, source.categorical) = (weight, drop, categorical)
        if targetFilled { source.positive = "" }
        (source.keep, source.decimalMark, source.dateOrder) = (keep, decimalMark, dateOrder)
        source.datesBefore = try reference
        return source
    }
}
