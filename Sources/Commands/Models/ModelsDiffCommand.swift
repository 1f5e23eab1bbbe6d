import LimpetPipelines
import LimpetDocuments
import ArgumentParser
import LimpetEvaluation
import LimpetEvents
import LimpetFiles
import LimpetScoring

/// `limpet models diff`.
struct ModelsDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "How two models differ, and how a population's scores move.",
        discussion: """
            limpet models diff shop@champion shop@challenger --events log.csv
            limpet models diff old.json new.json --table today.csv
            Without a population the documents alone are compared:
              limpet models diff shop@1 shop@2
            """)

    @Argument(help: "The model to compare with: a file, or shop@champion.")
    var old: String

    @Argument(help: "The model that might follow it.")
    var new: String

    @Option(help: "Folder of the registry (default: LIMPET_REGISTRY, or models).")
    var registry: String?

    @OptionGroup(title: "Event log") var events: EventOptions
    @OptionGroup(title: "Flat table") var table: TableOptions

    @Option(
        parsing: .upToNextOption,
        help: "Snapshot times of the scores, each of the events before it (default: the end of the log).")
    var at: [String] = []

    @Option(
        help: "Who moves by how many tenths at least is listed by id: personal data, so on request alone.")
    var showUsers: Int?

    @Option(help: "How it is printed: text or json.")
    var format = OutputFormat.text

    @Option(help: "Parts worked on at the same time (default: the processors).")
    var threads = Processors.count

    private var hasPopulation: Bool { table.table != nil || !events.events.isEmpty }

    func validate() throws {
        guard table.table == nil || events.events.isEmpty else {
            throw ValidationError("give either --events FILE or --table FILE")
        }
        guard hasPopulation || (at.isEmpty && showUsers == nil) else {
            throw ValidationError("--at and --show-users need a population: --events FILE or --table FILE")
        }
        if !hasPopulation {
            try UnusedFlags.refuse(
                events.logFlags + events.rows.rowFlags + table.tableFlags,
                because: "this goes with a population, --events FILE or --table FILE")
        }
        try table.refuseUnused(events, more: [("--at", !at.isEmpty)])
        try UnusedFlags.refuse(
            [("--group", table.group != nil)], because: "a difference has no intervals over users")
        try table.refuseUnread(except: TableOptions.outcomeFlags)
        try ThreadCount.check(threads)
    }

    func run() async throws {
        let models = try [old, new].map { try ModelFile.read(within($0)) }
        var movement: ScoreMovement?
        if hasPopulation {
            var options = PopulationOptions()
            (options.events, options.table, options.at, options.threads) = (events, table, at, threads)
            var populations: [ModelPopulation] = []
            for model in models { populations.append(try await options.read(model)) }
            movement = try ScoreMovement(
                models, populations, least: showUsers, file: table.table ?? events.fileNames)
        }
        let difference = ModelDifference(models[0], models[1], movement: movement)
        try Terminal.result(format == .json ? difference.document.pretty : difference.text)
    }

    /// The reference with the folder of `--registry`, unless it names a folder itself.
    private func within(_ reference: String) -> String {
        guard let registry, case .registered(let model) = ModelReference(reference), !reference.contains("/")
        else { return reference }
        return "\(registry)/\(model.name)@\(model.selector)"
    }
}
