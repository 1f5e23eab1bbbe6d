import LimpetDocuments
import LimpetEvents
public import LimpetExport
import LimpetFeatures
import LimpetNumerics
import LimpetTraining

/// A proof that a feature set gives the same in every mode and knows nothing of the future: the comparisons
/// of `FeatureCheck`, of what is proposed and learnt, and with engines outside, made in sequence.
///
///     let extraction = LogExtraction(LogSource(["log.csv"]), features: .set(features))
///     let report = try await FeatureProof(extraction, users: 1_000).run()
///     print(report.compared, report.differences)
public struct FeatureProof: Sendable {
    private let extraction: LogExtraction
    private let userCount: Int?
    private let engines: [SQLDialect]
    private let seed: UInt64

    /// Prepares a proof.
    ///
    /// - Parameters:
    ///   - extraction: the log with its features; its label is looked at for the snapshot times alone.
    ///   - users: the number of users, chosen at random, to compare with the reference; nil for all.
    ///   - engines: the engines outside to compare with.
    ///   - seed: decides the users that are chosen, and the changes of the future.
    public init(_ extraction: LogExtraction, users: Int? = nil, engines: [SQLDialect] = [], seed: UInt64 = 1)
    {
        (self.extraction, userCount) = (extraction, users)
        (self.engines, self.seed) = (engines, seed)
    }

    private var observer: any PipelineObserver { extraction.source.observer }

    /// Makes the comparisons; differences are no error.
    ///
    /// - Throws: the errors of ``LogExtraction/run()``, and those of engines that cannot be run.
    public func run() async throws -> FeatureProofReport {
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
        for engine in engines {
            let proof = SQLProof(log: log, plan: plan, snapshotTimes: check.snapshotTimes, dialect: engine)
            report.parts.append(("batch and \(engine.rawValue)", try proof.run(users: report.users)))
        }
        if extraction.asKnown { report.known = try await check.known(threads: extraction.threads) }
        return report
    }

    /// Reads the log with all its texts, since events are fed to a live history as they arrived.
    private func checkedLog() throws -> (EventLog, FeaturePlan, [Timestamp]) {
        let source = extraction.source
        let given = extraction.features.given
        let log = try source.read(amounts: given?.columns.numbers ?? [:], keepsArrivals: true)
        let end = source.end(of: log)
        let snapshotTimes = try extraction.snapshotTimes(span: log.span, end: end)
        let set = extraction.featureSet(for: log, before: snapshotTimes.max() ?? end)
        try extraction.check(log, source.known(in: log), set)
        let plan = try FeaturePlan(set, population: extraction.population, zone: set.zoneRules())
        return (try source.reading(amountsOf: set, in: log, keepsArrivals: true), plan, snapshotTimes)
    }

    /// Returns the places in the log of all users, or of the given number of users chosen at random.
    private func chosen(_ log: EventLog) -> [Int] {
        var places = Array(log.users.indices)
        guard let count = userCount, count < places.count else { return places }
        var random = RandomGenerator(seed: seed)
        places.shuffle(using: &random)
        return places.prefix(count).sorted()
    }

    private func agreement(_ check: FeatureCheck, users: [Int]) async throws -> FeatureCheck.Agreement {
        let stage = observer.begin("comparing")
        let done = Counter()
        let total = Double(max(1, users.count))
        defer { stage.finish() }
        return try await check.agreement(users: users, threads: extraction.threads) {
            stage.update(Double(done.add($0)) / total)
        }
    }

    /// Adds the comparison after a change of the future, at the first, a middle and the last snapshot time,
    /// each with a random future of its own.
    private func addFuture(_ check: FeatureCheck, to report: inout FeatureProofReport) async throws {
        let snapshotTimes = check.snapshotTimes
        let places = Set([0, snapshotTimes.count / 2, snapshotTimes.count - 1]).filter(
            snapshotTimes.indices.contains
        ).sorted()
        let stage = observer.begin("changing the future")
        defer { stage.finish() }
        var (features, proposals, bins) = (FeatureComparison(), FeatureComparison(), FeatureComparison())
        for (number, place) in places.enumerated() {
            let snapshotTime = snapshotTimes[place]
            let changed = try check.log.changingFuture(
                from: snapshotTime, seed: seed + UInt64(number))
            features.add(
                try await check.leak(at: snapshotTime, changed: changed, threads: extraction.threads))
            proposals.add(proposal(check, changed, before: snapshotTime))
            bins.add(try await learnt(check, changed, upTo: place))
            stage.update(Double(number + 1) / Double(places.count))
        }
        report.parts.append(("features and population without the future", features))
        report.parts.append(("proposed features without the future", proposals))
        report.parts.append(("levels and bin edges without the future", bins))
    }

    private func proposal(_ check: FeatureCheck, _ changed: EventLog, before snapshotTime: Timestamp)
        -> FeatureComparison
    {
        let (features, population, zone) = (
            extraction.features, check.plan.population, extraction.source.zone
        )
        let proposal = FeatureSource.proposal(systemEvents: features.systemEvents)
        let expected = proposal.set(for: check.log, population: population, before: snapshotTime, zone: zone)
        let found = proposal.set(for: changed, population: population, before: snapshotTime, zone: zone)
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
            check.log, plan: check.plan, at: snapshotTimes, threads: extraction.threads)
        let found = try await LearntBins(
            changed, plan: check.plan, at: snapshotTimes, threads: extraction.threads)
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
