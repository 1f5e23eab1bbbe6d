import LimpetParallel

/// The order of rows by user id, time and arrival.
struct EventOrder {
    /// The users' codes in the order of their ids.
    let users: [UInt32]
    /// The first position of each user, and the row count at the end: `[users + 1]`.
    let starts: [Int]
    /// The row at each position.
    private(set) var rows: [UInt32]
    private let threads: Int

    /// Finds the order: rows are dealt out to partitions of users, and counted by user in each; then those of
    /// each user are sorted by time, unless all `areAscending`.
    init(
        users codes: [UInt32], of dictionary: TextDictionary, times: [Int64], areAscending: Bool, threads: Int
    ) {
        self.threads = threads
        users = dictionary.ascending
        var ranks = [UInt32](repeating: 0, count: users.count)
        for (rank, user) in users.enumerated() { ranks[Int(user)] = UInt32(rank) }
        let partitions = UserPartitions(codes, ranks: ranks, threads: threads)
        (starts, rows) = partitions.rows(threads: threads)
        if !areAscending { sortUsers(times) }
    }

    /// Returns a column in this order.
    func sorted<Element: BitwiseCopyable & Sendable>(_ column: [Element]) -> [Element] {
        let bounds = ConcurrentBlocks.bounds(rows.count)
        return ConcurrentBlocks.array(bounds: bounds, threads: threads) { [rows] part, sorted in
            let (rows, column) = (rows.span, column.span)
            for place in bounds[part]..<bounds[part + 1] { sorted.append(column[Int(rows[place])]) }
        }
    }

    private struct Key: Comparable {
        var time: Int64
        var row: UInt32

        static func < (one: Key, other: Key) -> Bool {
            one.time == other.time ? one.row < other.row : one.time < other.time
        }
    }

    private mutating func sortUsers(_ times: [Int64]) {
        let groups = userGroups()
        let bounds = groups.map { starts[$0] }
        ConcurrentBlocks.forEachPart(of: &rows, bounds: bounds, threads: threads) { [starts] part, rows in
            let times = times.span
            var keys: [Key] = []
            for user in groups[part]..<groups[part + 1] {
                let range = starts[user] - bounds[part]..<starts[user + 1] - bounds[part]
                keys.removeAll(keepingCapacity: true)
                var isSorted = true
                for place in range {
                    let key = Key(time: times[Int(rows[place])], row: rows[place])
                    isSorted = isSorted && keys.last.map { $0.time <= key.time } ?? true
                    keys.append(key)
                }
                guard !isSorted else { continue }
                keys.sort()
                for (offset, key) in keys.enumerated() { rows[range.lowerBound + offset] = key.row }
            }
        }
    }

    /// Returns the first users of groups of at least 65,536 rows each, but for the last group, and the user
    /// count at the end.
    private func userGroups() -> [Int] {
        var groups = [0]
        var begin = 0
        for user in users.indices where starts[user] - begin >= 1 << 16 {
            groups.append(user)
            begin = starts[user]
        }
        return groups + [users.count]
    }
}
