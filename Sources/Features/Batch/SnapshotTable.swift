public import LimpetEvents
import LimpetParallel
import Synchronization

/// The features of many users at many snapshot times, in columns.
///
///     let plan = try FeaturePlan(featureSet)
///     let table = try await SnapshotTable.extract(from: log, plan: plan, at: [time], dataUntil: end)
///     let firstFeature = table.numbers[0]
public struct SnapshotTable: Sendable {
    /// The features, in the order of the columns.
    public let features: [Feature]
    /// The ids of the users of the log.
    public let userIDs: [String]
    /// The user of each row, as an index into ``userIDs``.
    public fileprivate(set) var users: [Int32]
    /// The snapshot time of each row.
    public fileprivate(set) var times: [Timestamp]
    /// The label of each row; nil where it is not known yet.
    public fileprivate(set) var labels: [Bool?]
    /// The numbers as `[features][rows]`, empty for a categorical feature; NaN is missing.
    public fileprivate(set) var numbers: [[Double]]
    /// The keys of categories as `[features][rows]`, empty for a numeric feature; 0 is missing.
    public let keys: [[UInt64]]

    /// The number of rows.
    public var count: Int { users.count }
}

extension SnapshotTable {
    /// Extracts the snapshots of a log: one row for every user and snapshot time at which the user is in the
    /// population.
    ///
    /// Rows are sorted by user, then by time, whatever the number of threads.
    ///
    /// - Parameters:
    ///   - some: the users to extract, as indices into the log's users; nil for all. A table of all users at
    ///     many snapshot times may be larger than memory.
    ///   - times: the snapshot times, in any order.
    ///   - dataUntil: the exclusive end of the log; labels whose horizon passes it are nil.
    ///   - spent: a table that is no longer needed, whose memory of numbers the new one reuses; so a loop
    ///     over partitions of users allocates it once.
    ///   - threads: the number of threads at work, of which the caller is one: it appends finished blocks of
    ///     users to the table, and extracts some where it would wait for the next.
    ///   - progress: called with the number of users done since the last call, from several threads.
    /// - Throws: ``MissingColumnError`` when the log lacks a property; `CancellationError` when the task is
    ///   cancelled.
    public static func extract(
        from log: EventLog, plan: FeaturePlan, at times: [Timestamp], dataUntil: Timestamp,
        users some: Range<Int>? = nil, reusing spent: consuming SnapshotTable? = nil, threads: Int = 1,
        progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws -> SnapshotTable {
        let reader = try LogReader(log, plan: plan)
        let snapshotTimes = Array(Set(times)).sorted()
        let slicePlan = SlicePlan(
            plan, snapshotTimes: snapshotTimes, dispatches: log.eventNames.map { plan.dispatch(for: $0) })
        // Few enough rows for their numbers to stay in the processor's cache until they are appended to the
        // table.
        let blockSize = max(16, 512 / max(1, snapshotTimes.count))
        let all = some ?? log.users.indices
        let starts = Array(stride(from: all.lowerBound, to: all.upperBound, by: blockSize))
        // Six more workers than threads, so that threads have work while blocks are appended to the table,
        // and none sleeps between two blocks: waking a thread takes about as long as a block.
        let workers = (0..<max(1, min(threads > 1 ? threads + 6 : 1, starts.count))).map { _ in
            SnapshotWorker(
                reader, slicePlan, snapshotTimes: snapshotTimes, dataUntil: dataUntil, blockSize: blockSize)
        }
        var columns = SnapshotColumns(plan, users: all.count)
        if let table = spent.take() { columns.takeMemory(of: consume table) }
        var work = WorkAhead<SnapshotPart>(threads: threads)
        // A worker gets its next block only when the one before has been appended to the table.
        func give(_ block: Int) {
            guard block < starts.count else { return }
            let users = starts[block]..<min(starts[block] + blockSize, all.upperBound)
            let worker = workers[block % workers.count]
            work.add {
                let part = worker.part(users)
                progress(users.count)
                return part
            }
        }
        for block in workers.indices { give(block) }
        for block in starts.indices {
            try Task.checkCancellation()
            guard let part = work.next() else { preconditionFailure("each block was given") }
            workers[block % workers.count].move(part, to: &columns)
            give(block + workers.count)
        }
        return SnapshotTable(
            features: plan.featureSet.features, userIDs: log.users, users: columns.users,
            times: columns.times, labels: columns.labels, numbers: columns.numbers, keys: columns.keys)
    }
}

/// The columns of a table that grows by blocks of users.
private struct SnapshotColumns {
    private(set) var users: [Int32] = []
    private(set) var times: [Timestamp] = []
    private(set) var labels: [Bool?] = []
    /// The numbers as `[features][rows]`; empty for a categorical feature.
    private(set) var numbers: [[Double]]
    /// The keys as `[features][rows]`; empty for a numeric feature.
    private(set) var keys: [[UInt64]]
    private let isCategorical: [Bool]
    private let userCount: Int
    private var usersDone = 0

    init(_ plan: FeaturePlan, users: Int) {
        isCategorical = plan.evaluators.map(\.isCategorical)
        numbers = isCategorical.map { _ in [] }
        keys = numbers.map { _ in [] }
        userCount = users
    }

    /// Takes over the arrays of a table and keeps their capacity, which works only if nothing else refers to
    /// the table.
    mutating func takeMemory(of spent: consuming SnapshotTable) {
        guard spent.features.count == numbers.count else { return }
        swap(&users, &spent.users)
        swap(&times, &spent.times)
        swap(&labels, &spent.labels)
        swap(&numbers, &spent.numbers)
        users.removeAll(keepingCapacity: true)
        times.removeAll(keepingCapacity: true)
        labels.removeAll(keepingCapacity: true)
        for feature in numbers.indices { numbers[feature].removeAll(keepingCapacity: true) }
    }

    /// Appends the rows of a block.
    ///
    /// - Parameters:
    ///   - block: the numbers as `[features][stride]`, of which the first rows are used.
    ///   - stride: the distance between two features in `block`.
    mutating func append(_ part: SnapshotPart, _ block: NumberTable<Double>, stride: Int) {
        usersDone += part.userCount
        let rows = part.users.count
        if users.count + rows > users.capacity { reserve(users.count + rows) }
        users += part.users
        times += part.times
        labels += part.labels
        for feature in numbers.indices {
            guard !isCategorical[feature] else {
                keys[feature] += part.keys[feature]
                continue
            }
            block.append(feature * stride..<(feature * stride + rows), to: &numbers[feature])
        }
    }

    /// Reserves capacity for the final number of rows, extrapolated from the users done so far.
    private mutating func reserve(_ needed: Int) {
        let expected = Double(needed) * Double(userCount) / Double(max(1, usersDone))
        let capacity = usersDone < userCount ? max(needed + needed / 8, Int(1.02 * expected)) : needed
        users.reserveCapacity(capacity)
        times.reserveCapacity(capacity)
        labels.reserveCapacity(capacity)
        for feature in numbers.indices where !isCategorical[feature] {
            numbers[feature].reserveCapacity(capacity)
        }
    }
}

/// The rows of one block of users, whose numbers stay in the worker's memory until they are appended to the
/// table.
private struct SnapshotPart: Sendable {
    var userCount = 0
    var users: [Int32] = []
    var times: [Timestamp] = []
    var labels: [Bool?] = []
    /// The keys as `[features][rows]`; empty for a numeric feature.
    var keys: [[UInt64]]
}

/// The working memory for blocks in sequence, used by one thread at a time.
private final class SnapshotWorker: Sendable {
    private let snapshots: Mutex<UserSnapshots>

    init(
        _ reader: LogReader, _ slicePlan: SlicePlan, snapshotTimes: [Timestamp], dataUntil: Timestamp,
        blockSize: Int
    ) {
        snapshots = Mutex(
            UserSnapshots(
                reader, slicePlan, snapshotTimes: snapshotTimes, dataUntil: dataUntil, blockSize: blockSize))
    }

    func part(_ users: Range<Int>) -> SnapshotPart { snapshots.withLock { $0.part(users) } }

    func move(_ part: SnapshotPart, to columns: inout SnapshotColumns) {
        snapshots.withLock { columns.append(part, $0.numbers, stride: $0.rowLimit) }
    }
}

/// An extractor of the snapshots of users in sequence, each at all snapshot times.
private struct UserSnapshots {
    private let reader: LogReader
    private let plan: FeaturePlan
    private let slicePlan: SlicePlan
    private let snapshotTimes: [Timestamp]
    private let milliseconds: [Int64]
    private let dataUntil: Timestamp
    private let windows: WindowReader
    /// The dispatches to the series that the general features read.
    private let generalDispatches: [EventDispatch]
    private var state: UserState
    private var projection: EventProjection
    /// The indices of the snapshot times at which the current user is in the population.
    private var present: [Int] = []
    /// The same snapshot times, in milliseconds since 1970.
    private var presentTimes: [Int64] = []
    private var scan = FeatureScan()
    /// The numbers of the current block as `[features][rowLimit]`.
    let numbers: NumberTable<Double>
    let rowLimit: Int

    init(
        _ reader: LogReader, _ slicePlan: SlicePlan, snapshotTimes: [Timestamp], dataUntil: Timestamp,
        blockSize: Int
    ) {
        self.reader = reader
        plan = reader.plan
        self.slicePlan = slicePlan
        self.snapshotTimes = snapshotTimes
        self.dataUntil = dataUntil
        milliseconds = snapshotTimes.map(\.milliseconds)
        windows = WindowReader(plan, slicePlan)
        generalDispatches = reader.restrictedDispatches(
            to: slicePlan.general.map { reader.plan.evaluators[$0] })
        state = UserState(plan: plan)
        projection = EventProjection(plan: plan)
        // A cache line more: columns whose distance is a power of two would compete for the same few cache
        // sets.
        rowLimit = blockSize * snapshotTimes.count + 8
        numbers = NumberTable(repeating: 0, count: plan.evaluators.count * rowLimit)
    }

    /// Returns the snapshots of a range of users.
    mutating func part(_ users: Range<Int>) -> SnapshotPart {
        var part = SnapshotPart(userCount: users.count, keys: plan.evaluators.map { _ in [] })
        for user in users { append(user, to: &part) }
        return part
    }

    private mutating func append(_ user: Int, to part: inout SnapshotPart) {
        windows.run(reader, user: user)
        present.removeAll(keepingCapacity: true)
        for snapshotTime in snapshotTimes.indices where windows.isInPopulation(snapshotTime) {
            present.append(snapshotTime)
        }
        guard !present.isEmpty else { return }
        let row = part.users.count
        part.users.append(contentsOf: repeatElement(Int32(user), count: present.count))
        part.times.append(contentsOf: present.lazy.map { [snapshotTimes] in snapshotTimes[$0] })
        for snapshotTime in present { part.labels.append(label(snapshotTime)) }
        if windows.needsAllEvents || !slicePlan.general.isEmpty {
            if windows.needsAllEvents {
                reader.load(user: user, into: &state, projection: &projection)
            } else {
                reader.load(user: user, generalDispatches, into: &state, projection: &projection)
            }
            presentTimes.removeAll(keepingCapacity: true)
            presentTimes.append(contentsOf: present.lazy.map { [milliseconds] in milliseconds[$0] })
        }
        if windows.needsAllEvents {
            for feature in plan.evaluators.indices { writeGeneral(feature, row, to: &part) }
            return
        }
        windows.write(at: present, milliseconds, to: numbers.view, stride: rowLimit, from: row)
        for feature in slicePlan.general { writeGeneral(feature, row, to: &part) }
    }

    private func label(_ snapshotTime: Int) -> Bool? {
        guard let label = plan.label, let series = plan.labelSeries else { return nil }
        guard snapshotTimes[snapshotTime] + label.horizon <= dataUntil else { return nil }
        return windows.hasLabelEvent(snapshotTime, series: series) == (label.kind == .event)
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
