import LimpetPipelines
import LimpetDocuments
import ArgumentParser
import LimpetExport

/// `limpet features check`.
struct FeaturesCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Prove that a feature set gives the same in every mode and knows nothing of the future.",
        discussion: """
            limpet features check --events log.csv --features features.yaml
            limpet features check --events log.csv --features features.yaml --every 7d --users 1000

            Compared bit for bit, at each snapshot time: batch extraction with a live history that is fed in \
            the order of arrival; with a reference that computes each feature from the raw events, as \
            are the rows of one table of all times; and with itself after the events from the time \
            on were changed at random, for features, population, the proposed feature set, levels and \
            bin edges. With --sql, with an engine outside: exactly, or within 1e-12 where a kind's \
            page says so. A difference ends with exit code 70. --as-known counts, beside the proof, the \
            values that are others when a snapshot sees only what had arrived by then.
            """)

    @OptionGroup(title: "Event log") var events: EventOptions
    @OptionGroup(title: "Label and population") var labels: LabelOptions
    @OptionGroup(title: "Snapshots") var snapshots: SnapshotOptions
    @OptionGroup(title: "Features") var features: FeatureOptions

    @Option(help: "The number of users, chosen at random, to compare with the reference (default: all).")
    var users: Int?

    @Option(
        parsing: .upToNextOption,
        help: """
            Compare with the query of limpet features sql in these engines too: duckdb and spark need Python \
            with their package (LIMPET_PYTHON names it), postgres needs psql and a server that it finds.
            """)
    var sql: [SQLDialect] = []

    @Option(help: "Seed of the users that are chosen and of the changes of the future.")
    var seed: UInt64 = 1

    @Option(help: "Users worked on at the same time (default: the processors).")
    var threads = Processors.count

    @Option(help: "How the result is printed: text or json.")
    var format = OutputFormat.text

    func validate() throws {
        try ThreadCount.check(threads)
        if let users, users < 1 { throw ValidationError("--users must be 1 or more") }
        try DistinctFiles.check(
            inputs: events.inputFiles + [("--features", features.features)], outputs: events.rejectFiles)
    }

    func run() async throws {
        let extraction = try features.extraction(
            events: events, labels: labels, snapshots: snapshots, threads: threads)
        let report = try await FeatureProof(extraction, users: users, engines: sql, seed: seed).run()
        try Terminal.result(format == .json ? report.document.pretty : report.text)
        if report.differences > 0 { throw ExitCode(ExitStatus.internalError.rawValue) }
    }
}
