import LimpetPipelines
import LimpetDocuments
import LimpetNumerics
import ArgumentParser
import LimpetEvents
import LimpetExport
import LimpetFeatures
import LimpetFiles
import LimpetScoring
import LimpetTraining

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
        if let users, users < 1 { throw ValidationError("--users must be 1 or more") }
        try DistinctFiles.check(
            inputs: events.inputFiles + [("--features", features.features)], outputs: events.rejectFiles)
    }

    func run() async throws {
        let proof = FeatureProof(command: self)
        let report = try await proof.run()
        try Terminal.result(format == .json ? report.document.pretty : report.text)
        if report.differences > 0 { throw ExitCode(ExitStatus.internalError.rawValue) }
    }
}

/// The comparisons of the proof, made in sequence.
struct FeatureProof {
    let command: FeaturesCheckCommand

    func run() async throws -> FeatureProofReport {
        let (log, plan, snapshotTimes) = try checkedLog()
        let check = FeatureCheck(log, plan: plan, snapshotTimes: snapshotTimes)
        var report = FeatureProofReport(
            users: chosen(log), allUsers: log.users.count, snapshotTimes: snapshotTimes.count,
            features: plan.featureSet.features.count)
        let agreement = try await self.agreement(check, users: report.users)
        report.parts.append(("batch and live history", agreement.online))
        report.parts.append(("batch and live state", agreement.state))
        report.parts.append(("batch and reference", agreement.reference))
        report.parts.append(("extracted table and reference", agreement.table))
        try await addFuture(check, to: &report)
        for dialect in command.sql {
            let proof = SQLProof(log: log, plan: plan, snapshotTimes: check.snapshotTimes, dialect: dialect)
            report.parts.append(("batch and \(dialect.rawValue)", try proof.run(users: report.users)))
        }
        if command.features.asKnown { report.known = try await check.known(threads: command.threads) }
        return report
    }

    /// Reads the log with all its texts, since events are fed to a live history as they arrived.
    private func checkedLog() throws -> (EventLog, FeaturePlan, [Timestamp]) {
        let given = try command.features.fromFile()
        let label = try command.labels.label()
        let population = try command.labels.population()
        let log = try command.events.read(amounts: given?.columns.numbers ?? [:], keepsArrivals: true)
        let known = command.events.known(in: log)
        try command.labels.check(known)
        known.warn(command.features.systemEvents, flag: "--system-events")
        try command.features.check(log, file: command.events.fileNames)
        let end = try command.events.end(of: log)
        let snapshotTimes = try command.snapshots.snapshotTimes(
            events: command.events, span: log.span, end: end,
            horizon: label?.horizon ?? TimeSpan(milliseconds: 0))
        let set =
            given
            ?? command.features.proposal(for: population)
            .propose(for: log, before: snapshotTimes.max() ?? end, timeZone: command.events.timeZone)
        known.warn(set.features, in: try command.features.document())
        let plan = try FeaturePlan(set, population: population, zone: try LogExtraction.zone(of: set))
        return (try command.events.reading(amountsOf: set, in: log, keepsArrivals: true), plan, snapshotTimes)
    }

    /// Returns the places in the log of all users, or of the given number of users chosen at random.
    private func chosen(_ log: EventLog) -> [Int] {
        var places = Array(log.users.indices)
        guard let count = command.users, count < places.count else { return places }
        var random = RandomGenerator(seed: command.seed)
        places.shuffle(using: &random)
        return places.prefix(count).sorted()
    }

    private func agreement(_ check: FeatureCheck, users: [Int]) async throws -> FeatureCheck.Agreement {
        let bar = ProgressBar("comparing")
        let done = Counter()
        let total = Double(max(1, users.count))
        defer { bar.finish() }
        return try await check.agreement(users: users, threads: command.threads) {
            bar.update(Double(done.add($0)) / total)
        }
    }

    /// Adds the comparison after a change of the future, at the first, a middle and the last snapshot time,
    /// each with a random future of its own.
    private func addFuture(_ check: FeatureCheck, to report: inout FeatureProofReport) async throws {
        let snapshotTimes = check.snapshotTimes
        let places = Set([0, snapshotTimes.count / 2, snapshotTimes.count - 1]).filter(
            snapshotTimes.indices.contains
        ).sorted()
        let bar = ProgressBar("changing the future")
        defer { bar.finish() }
        var (features, proposals, bins) = (FeatureComparison(), FeatureComparison(), FeatureComparison())
        for (number, place) in places.enumerated() {
            let snapshotTime = snapshotTimes[place]
            let changed = try check.log.changingFuture(
                from: snapshotTime, seed: command.seed + UInt64(number))
            features.add(try await check.leak(at: snapshotTime, changed: changed, threads: command.threads))
            proposals.add(proposal(check, changed, before: snapshotTime))
            bins.add(try await learnt(check, changed, upTo: place))
            bar.update(Double(number + 1) / Double(places.count))
        }
        report.parts.append(("features and population without the future", features))
        report.parts.append(("proposed features without the future", proposals))
        report.parts.append(("levels and bin edges without the future", bins))
    }

    private func proposal(_ check: FeatureCheck, _ changed: EventLog, before snapshotTime: Timestamp)
        -> FeatureComparison
    {
        let rules = command.features.proposal(for: check.plan.population)
        let expected = rules.propose(for: check.log, before: snapshotTime, timeZone: command.events.timeZone)
        let found = rules.propose(for: changed, before: snapshotTime, timeZone: command.events.timeZone)
        var comparison = FeatureComparison()
        for place in 0..<max(expected.features.count, found.features.count) {
            let left = place < found.features.count ? found.features[place] : nil
            let right = place < expected.features.count ? expected.features[place] : nil
            comparison.note(
                isSame: left == right,
                FeatureComparison.Difference(
                    feature: (right ?? left)?.name ?? "", user: "", time: snapshotTime,
                    found: left?.name ?? "nothing", expected: right?.name ?? "nothing"))
        }
        return comparison
    }

    private func learnt(_ check: FeatureCheck, _ changed: EventLog, upTo place: Int) async throws
        -> FeatureComparison
    {
        let snapshotTimes = Array(check.snapshotTimes[...place].suffix(12))
        let expected = try await LearntBins(
            check.log, plan: check.plan, at: snapshotTimes, threads: command.threads)
        let found = try await LearntBins(
            changed, plan: check.plan, at: snapshotTimes, threads: command.threads)
        let differing = Set(expected.differences(from: found))
        var comparison = FeatureComparison()
        for input in expected.inputs {
            comparison.note(
                isSame: !differing.contains(input),
                FeatureComparison.Difference(
                    feature: input, user: "", time: check.snapshotTimes[place], found: "other bins",
                    expected: "the same bins"))
        }
        return comparison
    }
}
