public import LimpetEvents

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
        let blockSize = 1_024
        let all = some ?? log.users.indices
        let blockCount = (all.count + blockSize - 1) / blockSize
        let workers = max(1, min(threads, blockCount))
        var parts = [SnapshotPart?](repeating: nil, count: blockCount)
        await withTaskGroup(of: [(Int, SnapshotPart)].self) { group in
            for worker in 0..<workers {
                group.addTask {
                    var state = UserState(plan: plan)
                    var sample = EventSample(plan: plan)
                    return stride(from: worker, to: blockCount, by: workers).map { block in
                        let first = all.lowerBound + block * blockSize
                        let users = first..<min(first + blockSize, all.upperBound)
                        var part = SnapshotPart(plan: plan)
                        for user in users {
                            reader.load(user: user, into: &state, sample: &sample)
                            part.append(state, user: user, at: moments, dataUntil: dataUntil)
                        }
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
            features: plan.featureSet.features, userIDs: log.users, parts: parts.compactMap { $0 })
    }

    private init(features: [Feature], userIDs: [String], parts: [SnapshotPart]) {
        self.features = features
        self.userIDs = userIDs
        users = parts.flatMap(\.users)
        times = parts.flatMap(\.times)
        labels = parts.flatMap(\.labels)
        numbers = features.indices.map { index in parts.flatMap { $0.numbers[index] } }
        keys = features.indices.map { index in parts.flatMap { $0.keys[index] } }
    }
}

/// The rows of one block of users.
private struct SnapshotPart: Sendable {
    var users: [Int32] = []
    var times: [Timestamp] = []
    var labels: [Bool?] = []
    var numbers: [[Double]]
    var keys: [[UInt64]]
    private var vector: FeatureVector
    private let isCategorical: [Bool]

    init(plan: FeaturePlan) {
        isCategorical = plan.featureSet.features.map(\.kind.isCategorical)
        numbers = isCategorical.map { _ in [] }
        keys = isCategorical.map { _ in [] }
        vector = FeatureVector(count: isCategorical.count)
    }

    mutating func append(_ state: UserState, user: Int, at moments: [Timestamp], dataUntil: Timestamp) {
        for moment in moments where state.isInPopulation(at: moment) {
            state.read(at: moment, into: &vector)
            users.append(Int32(user))
            times.append(moment)
            labels.append(state.label(at: moment, dataUntil: dataUntil))
            for index in isCategorical.indices {
                if isCategorical[index] {
                    keys[index].append(vector.categories[index].rawValue)
                } else {
                    numbers[index].append(vector.numbers[index])
                }
            }
        }
    }
}
