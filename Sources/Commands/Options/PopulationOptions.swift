import ArgumentParser
import LimpetParallel
import LimpetPipelines
import LimpetScoring

/// The flags of a population's rows, the same in all commands about populations.
struct PopulationOptions: ParsableArguments {
    @OptionGroup(title: "Event log") var events: EventOptions
    @OptionGroup(title: "Flat table") var table: TableOptions

    @Option(
        parsing: .upToNextOption,
        help: "Snapshot times of the scores, each of the events before it (default: the end of the log).")
    var at: [String] = []

    @Option(help: "Parts worked on at the same time (default: the processors).")
    var threads = Processors.count

    func validate() throws {
        guard (table.table == nil) != events.events.isEmpty else {
            throw ValidationError("give either --events FILE or --table FILE")
        }
        try table.refuseUnused(events, more: [("--at", !at.isEmpty)])
        try table.refuseUnread(except: TableOptions.outcomeFlags)
        try ThreadCount.check(threads)
    }

    var inputFiles: [(String, String?)] { events.inputFiles + [("--table", table.table)] }

    /// Reads the rows for a model. Labels of a table are read where it has the target's column or `--target`
    /// names one.
    ///
    /// - Parameter clock: is told the stages.
    func read(
        _ verified: ModelFile.Verified, clock: StageClock = StageClock()
    ) async throws -> ModelPopulation {
        guard table.table == nil else {
            return try await ModelPopulation.read(
                verified, table: try table.source(events.rows), threads: threads, clock: clock)
        }
        return try await ModelPopulation.read(
            verified, log: try events.source(), at: try events.times(at), threads: threads, clock: clock)
    }
}
