public import LimpetEvents
import LimpetParallel

/// Features of many users at many moments, by columns.
public struct SnapshotTable: Sendable {
    /// The features, in the order of the columns.
    public let features: [Feature]
    /// The ids of the users of the log.
    public let userIDs: [String]
    /// The user of each row, as an index into ``userIDs``.
    public let users: [Int32]
    /// The moment of each row.
    public let times: [Timestamp]
    /// The label of each row; nil where it cannot be known yet.
    public let labels: [Bool?]
    /// Numbers by feature, then by row; empty for categories. NaN is missing.
    public let numbers: [[Double]]
    /// Keys by feature, then by row; empty for numbers. 0 is missing.
    public let keys: [[UInt64]]

    /// The number of rows.
    public var count: Int { users.count }
}

extension SnapshotTable {
    /// Extracts all snapshots of a log: every user at every moment at which the user is in the population.
    /// Rows are sorted by user, then by time, whatever the number of threads.
    ///
    /// - Parameters:
    ///   - some: the users that are looked at, as indices of the log's; nil for all. A table of all users at many
    ///     moments may be larger than memory.
    ///   - times: the moments, in any order.
    ///   - dataUntil: the exclusive end of the log; labels whose horizon passes it are nil.
    ///   - threads: how many parts of the users are worked on at the same time.
    ///   - progress: told how many users are done so far; called from several threads.
    /// - Throws: ``MissingColumnError`` when the log lacks a property.
    public static func extract(
        from log: EventLog, plan: FeaturePlan, at times: [Timestamp], dataUntil: Timestamp,
        users some: Range<Int>? = nil, threads: Int = 1,
        progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws -> SnapshotTable {
        let reader = try LogReader(log, plan: plan)
        let moments = Array(Set(times)).sorted()
        let sweepPlan = SweepPlan(
            plan, moments: moments, routes: log.eventNames.map { plan.route(for: $0) })
        // So many rows that their numbers stay in a processor's cache.
        let blockSize = max(16, 512 / max(1, moments.count))
        let all = some ?? log.users.indices
        let blockCount = (all.count + blockSize - 1) / blockSize
        let workers = max(1, min(threads, blockCount))
        var parts = [SnapshotPart?](repeating: nil, count: blockCount)
        await withTaskGroup(of: [(Int, SnapshotPart)].self) { group in
            for worker in 0..<workers {
                group.addTask {
                    var snapshots = UserSnapshots(
                        reader, sweepPlan, moments: moments, dataUntil: dataUntil, blockSize: blockSize)
                    return stride(from: worker, to: blockCount, by: workers).map { block in
                        let first = all.lowerBound + block * blockSize
                        let users = first..<min(first + blockSize, all.upperBound)
                        let part = snapshots.part(users)
                        progress(users.count)
                        return (block, part)
                    }
                }
            }
            for await results in group {
                for (block, part) in results { parts[block] = part }
            }
        }
        return SnapshotTable(
            plan: plan, userIDs: log.users, parts: parts.compactMap { $0 }, threads: threads)
    }

    private init(plan: FeaturePlan, userIDs: [String], parts: [SnapshotPart], threads: Int) {
        features = plan.featureSet.features
        self.userIDs = userIDs
        users = parts.flatMap(\.users)
        times = parts.flatMap(\.times)
        labels = parts.flatMap(\.labels)
        keys = features.indices.map { index in parts.flatMap { $0.keys[index] } }
        let (rows, evaluators) = (users.count, plan.evaluators)
        numbers = ConcurrentBlocks.map(features.count, threads: threads) { feature in
            guard !evaluators[feature].isCategorical else { return [] }
            var column: [Double] = []
            column.reserveCapacity(rows)
            for part in parts { column.append(contentsOf: part.column(feature)) }
            return column
        }
    }
}

/// The rows of one block of users.
struct SnapshotPart: Sendable {
    fileprivate var users: [Int32] = []
    fileprivate var times: [Timestamp] = []
    fileprivate var labels: [Bool?] = []
    /// Numbers, feature after feature.
    fileprivate var numbers: [Double] = []
    /// Keys by feature, then by row; empty for numbers.
    fileprivate var keys: [[UInt64]]

    /// The numbers of a feature.
    fileprivate func column(_ feature: Int) -> ArraySlice<Double> {
        numbers[feature * users.count..<(feature + 1) * users.count]
    }
}

/// One user after the other, at all moments.
private struct UserSnapshots {
    private let reader: LogReader
    private let plan: FeaturePlan
    private let sweepPlan: SweepPlan
    private let moments: [Timestamp]
    private let milliseconds: [Int64]
    private let dataUntil: Timestamp
    private let sweep: UserSweep
    private var state: UserState
    private var sample: EventSample
    /// The moments at which the user at hand is in the population.
    private var present: [Int] = []
    /// The times of these moments.
    private var presentTimes: [Int64] = []
    private var scan = FeatureScan()
    /// Numbers of the block at hand, feature after feature, each with room for as many rows as there may be.
    private let numbers: NumberTable<Double>
    private let rowLimit: Int

    init(
        _ reader: LogReader, _ sweepPlan: SweepPlan, moments: [Timestamp], dataUntil: Timestamp,
        blockSize: Int
    ) {
        self.reader = reader
        plan = reader.plan
        self.sweepPlan = sweepPlan
        self.moments = moments
        self.dataUntil = dataUntil
        milliseconds = moments.map(\.milliseconds)
        sweep = UserSweep(plan, sweepPlan)
        state = UserState(plan: plan)
        sample = EventSample(plan: plan)
        // One line of a cache more: columns a power of two apart would all fall into the same few places of it.
        rowLimit = blockSize * moments.count + 8
        numbers = NumberTable(repeating: 0, count: plan.evaluators.count * rowLimit)
    }

    /// The snapshots of some users.
    mutating func part(_ users: Range<Int>) -> SnapshotPart {
        var part = SnapshotPart(keys: plan.evaluators.map { _ in [] })
        for user in users { append(user, to: &part) }
        part.numbers = numbers.array(
            ofFirst: part.users.count, stride: rowLimit, columns: plan.evaluators.count)
        return part
    }

    private mutating func append(_ user: Int, to part: inout SnapshotPart) {
        sweep.run(reader, user: user)
        present.removeAll(keepingCapacity: true)
        for moment in moments.indices where sweep.isInPopulation(moment) { present.append(moment) }
        guard !present.isEmpty else { return }
        let row = part.users.count
        part.users.append(contentsOf: repeatElement(Int32(user), count: present.count))
        part.times.append(contentsOf: present.lazy.map { [moments] in moments[$0] })
        for moment in present { part.labels.append(label(moment)) }
        if sweep.needsAllEvents || !sweepPlan.general.isEmpty {
            reader.load(user: user, into: &state, sample: &sample)
            presentTimes.removeAll(keepingCapacity: true)
            presentTimes.append(contentsOf: present.lazy.map { [milliseconds] in milliseconds[$0] })
        }
        if sweep.needsAllEvents {
            for feature in plan.evaluators.indices { writeGeneral(feature, row, to: &part) }
            return
        }
        sweep.write(at: present, milliseconds, to: numbers.view, stride: rowLimit, from: row)
        for feature in sweepPlan.general { writeGeneral(feature, row, to: &part) }
    }

    private func label(_ moment: Int) -> Bool? {
        guard let label = plan.label, let track = plan.labelTrack else { return nil }
        guard moments[moment] + label.horizon <= dataUntil else { return nil }
        return sweep.hasLabelEvent(moment, track: track) == (label.kind == .event)
    }

    private mutating func writeGeneral(_ feature: Int, _ row: Int, to part: inout SnapshotPart) {
        let evaluator = plan.evaluators[feature]
        guard !evaluator.isCategorical else {
            for now in presentTimes {
                part.keys[feature].append(evaluator.category(state, at: now).rawValue)
            }
            return
        }
        let first = feature * rowLimit + row
        scan.numbers(evaluator, state, at: presentTimes) { [numbers] in numbers[first + $0] = $1 }
    }
}
