extension StateTable {
    /// The rows of one read transaction of a scan.
    private static let chunk = 50_000
    /// The bytes of states after which a read transaction of a scan ends.
    private static let chunkBytes = 8 << 20

    /// Calls a function with each id, in ascending order of hashes.
    ///
    /// The table is read in chunks; what is written meanwhile may be seen or not.
    ///
    /// - Throws: ``StorageError`` when the file cannot be read.
    package func forEachID(_ body: (StateSlice.ID) -> Void) throws(StorageError) {
        try scan(
            first: "SELECT hash, user FROM ids ORDER BY hash, user LIMIT \(Self.chunk)",
            next: """
                SELECT hash, user FROM ids WHERE (hash, user) > (?1, ?2) ORDER BY hash, user
                LIMIT \(Self.chunk)
                """
        ) { body(StateSlice.ID(hash: $0, user: $1)) }
    }

    /// Calls a function with each wake-up, in ascending order of users.
    ///
    /// - Throws: ``StorageError`` when the file cannot be read.
    package func forEachWakeUp(_ body: (StateSlice.WakeUp) -> Void) throws(StorageError) {
        try scan(
            first: "SELECT user, at FROM wakeups ORDER BY user LIMIT \(Self.chunk)",
            next: "SELECT user, at FROM wakeups WHERE user > ?1 ORDER BY user LIMIT \(Self.chunk)"
        ) { body(StateSlice.WakeUp(user: $0, at: $1)) }
    }

    private func scan(
        first: String, next: String, _ body: (Int64, Int64) -> Void
    ) throws(StorageError) {
        var last: Pair?
        while true {
            let rows = try chunk(last == nil ? first : next, after: last)
            for row in rows { body(row.key, row.value) }
            guard rows.count == Self.chunk else { return }
            last = rows.last
        }
    }

    /// A row of two numbers.
    private struct Pair: Sendable {
        let key: Int64
        let value: Int64
    }

    private func chunk(_ sql: String, after last: Pair?) throws(StorageError) -> [Pair] {
        try file.read { connection throws(SQLiteFault) in
            let statement = try connection.statement(sql)
            defer { statement.reset() }
            if let last {
                statement.bind(last.key, at: 1)
                statement.bind(last.value, at: 2)
            }
            var rows: [Pair] = []
            rows.reserveCapacity(Self.chunk)
            while try statement.step() {
                rows.append(Pair(key: statement.number(0), value: statement.number(1)))
            }
            return rows
        }
    }

    /// Calls a function with each state, in ascending order of users.
    ///
    /// - Throws: ``StorageError`` when the file cannot be read.
    package func forEachState(_ body: (StateSlice.State) -> Void) throws(StorageError) {
        var next: Int64? = Int64.min
        while let from = next {
            let rows = try states(from: from)
            for row in rows { body(row) }
            next = rows.last.flatMap { $0.user == .max ? nil : $0.user + 1 }
        }
    }

    private func states(from user: Int64) throws(StorageError) -> [StateSlice.State] {
        try file.read { connection throws(SQLiteFault) in
            let statement = try connection.statement(
                "SELECT user, body FROM states WHERE user >= ?1 ORDER BY user")
            defer { statement.reset() }
            statement.bind(user, at: 1)
            var (rows, total) = ([StateSlice.State](), 0)
            while total < Self.chunkBytes, try statement.step() {
                rows.append(StateSlice.State(user: statement.number(0), body: statement.bytes(1)))
                total += statement.byteCount(1)
            }
            return rows
        }
    }
}
