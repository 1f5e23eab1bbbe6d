public import LimpetEvents
import LimpetParallel

/// A check that a feature set has the same values for a log in every mode, and does not depend on the future.
///
/// Batch extraction is compared bit for bit with a live history that receives events in the order of arrival,
/// with a live state, and with a reference implementation that computes each feature from the raw events; and
/// with itself on a log whose future was changed. So is the table that is extracted at all snapshot times in
/// one pass.
public struct FeatureCheck: Sendable {
    /// The log, with amounts as numbers, and also as texts where rows are given back as they arrived.
    public let log: EventLog
    /// The features and the population.
    public let plan: FeaturePlan
    /// The snapshot times, ascending.
    public let snapshotTimes: [Timestamp]
    /// The extraction that is checked; tests plant errors in it.
    package var extraction: Extraction

    /// The parameters of batch extraction, by default the plan and no delay after the snapshot time.
    package struct Extraction: Sendable {
        package var plan: FeaturePlan
        package var delay = TimeSpan(milliseconds: 0)
    }

    /// Makes a check for a log.
    public init(_ log: EventLog, plan: FeaturePlan, snapshotTimes: [Timestamp]) {
        self.log = log
        self.plan = plan
        self.snapshotTimes = Array(Set(snapshotTimes)).sorted()
        extraction = Extraction(plan: plan)
    }

    /// The results of the comparisons of batch extraction.
    public struct Agreement: Sendable {
        /// The comparison with a live history.
        public var online = FeatureComparison()
        /// The comparison with a live state, which keeps only what the features need.
        public var state = FeatureComparison()
        /// The comparison with the reference implementation.
        public var reference = FeatureComparison()
        /// The comparison of a table that was extracted at all snapshot times in one pass with the reference
        /// implementation: its rows and their values.
        public var table = FeatureComparison()

        fileprivate mutating func add(_ part: Agreement) {
            online.add(part.online)
            state.add(part.state)
            reference.add(part.reference)
            table.add(part.table)
        }
    }

    /// Compares batch extraction with the live modes and the reference implementation, for the given users at
    /// each snapshot time.
    ///
    /// - Parameters:
    ///   - users: ascending indices into the log's users.
    ///   - progress: called with the number of users done since the last call, from several threads.
    /// - Throws: ``MissingColumnError`` when the log lacks a property.
    public func agreement(
        users: [Int], threads: Int = 1, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws -> Agreement {
        let reader = try LogReader(log, plan: extraction.plan)
        let names = KeyNames(log, plan.featureSet.features)
        let liveFeatures = LiveFeatures(plan)
        var sum = Agreement()
        for chunk in users.blocks(of: Self.usersPerTable) {
            let rows = try await ExtractedRows(self, users: chunk, threads: threads)
            let parts = try await concurrentMap(chunk.blocks(of: 64), threads: threads) { block in
                var part = Agreement()
                var state = UserState(plan: extraction.plan)
                var projection = EventProjection(plan: extraction.plan)
                let live = LiveReader(liveFeatures)
                for user in block {
                    reader.load(user: user, into: &state, projection: &projection)
                    compare(state, live, rows, user: user, names: names, &part)
                }
                progress(block.count)
                return part
            }
            for part in parts { sum.add(part) }
        }
        return sum
    }

    /// The largest number of users whose rows are in memory at one time.
    private static let usersPerTable = 1_024

    private func compare(
        _ state: UserState, _ reader: LiveReader, _ rows: ExtractedRows, user: Int, names: KeyNames,
        _ result: inout Agreement
    ) {
        let id = log.users[user]
        let events = log.events(ofUser: user)
        var history = LiveHistory(plan: plan)
        var live = LiveState(reader.features)
        for event in events {
            history.append(event)
            live.append(event)
        }
        history.settle()
        var vector = FeatureVector(count: plan.featureSet.features.count)
        let reference = ReferenceFeatures(events: events, featureSet: plan.featureSet, zone: plan.zone)
        for snapshotTime in snapshotTimes {
            let batch = state.features(at: snapshotTime + extraction.delay)
            let isIn = state.isInPopulation(at: snapshotTime + extraction.delay)
            result.online.compare(
                batch, history.features(at: snapshotTime), of: plan.featureSet.features, user: id,
                at: snapshotTime,
                names: names.name)
            result.online.compare(
                isIn: isIn, history.isInPopulation(at: snapshotTime), user: id, at: snapshotTime)
            let isLiveIn = reader.read(live, at: snapshotTime, into: &vector)
            result.state.compare(
                batch, vector, of: plan.featureSet.features, user: id, at: snapshotTime, names: names.name)
            result.state.compare(isIn: isIn, isLiveIn, user: id, at: snapshotTime)
            let (expected, isExpected) = (
                reference.vector(at: snapshotTime), reference.isIn(plan.population, at: snapshotTime)
            )
            result.reference.compare(
                batch, expected, of: plan.featureSet.features, user: id, at: snapshotTime, names: names.name)
            result.reference.compare(isIn: isIn, isExpected, user: id, at: snapshotTime)
            let row = rows.vector(user: user, at: snapshotTime + extraction.delay)
            result.table.compare(isIn: row != nil, isExpected, user: id, at: snapshotTime)
            if let row {
                result.table.compare(
                    row, expected, of: plan.featureSet.features, user: id, at: snapshotTime, names: names.name
                )
            }
        }
    }
}

/// The texts of keys, for messages.
struct KeyNames: Sendable {
    private var names: [TextKey: String] = [:]

    init(_ log: EventLog, _ features: [Feature]) {
        for feature in features where feature.kind.isCategorical {
            for name in log.names(for: feature) { names[TextKey(name)] = name }
        }
    }

    func name(_ key: TextKey) -> String? { names[key] }
}
