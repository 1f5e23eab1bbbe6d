extension StateSlice {
    /// Runs the statements of the slice within a transaction.
    func write(to connection: SQLiteConnection) throws(SQLiteFault) {
        try remove(removedUsers, "DELETE FROM states WHERE user = ?1", connection)
        try remove(removedUsers + removedWakeUps, "DELETE FROM wakeups WHERE user = ?1", connection)
        // In the order of their keys, so that each page is changed once.
        try put(
            removedIDs.map { ($0.hash, $0.user) }, "DELETE FROM ids WHERE hash = ?1 AND user = ?2", connection
        )
        try put(
            ids.map { ($0.hash, $0.user) }, "INSERT OR IGNORE INTO ids (hash, user) VALUES (?1, ?2)",
            connection)
        try put(
            wakeUps.map { ($0.user, $0.at) }, "REPLACE INTO wakeups (user, at) VALUES (?1, ?2)", connection)
        try putStates(connection)
        if let position {
            let update = try connection.statement("UPDATE position SET number = ?1")
            update.bind(position, at: 1)
            try update.run()
        }
    }

    private func remove(
        _ users: [Int64], _ sql: String, _ connection: SQLiteConnection
    ) throws(SQLiteFault) {
        guard !users.isEmpty else { return }
        let removal = try connection.statement(sql)
        for user in users.sorted() {
            removal.bind(user, at: 1)
            try removal.run()
        }
    }

    private func put(
        _ pairs: [(Int64, Int64)], _ sql: String, _ connection: SQLiteConnection
    ) throws(SQLiteFault) {
        guard !pairs.isEmpty else { return }
        let statement = try connection.statement(sql)
        for pair in pairs.enumerated().sorted(by: { ($0.1.0, $0.0) < ($1.1.0, $1.0) }) {
            statement.bind(pair.element.0, at: 1)
            statement.bind(pair.element.1, at: 2)
            try statement.run()
        }
    }

    private func putStates(_ connection: SQLiteConnection) throws(SQLiteFault) {
        guard !states.isEmpty else { return }
        let insertion = try connection.statement(
            "INSERT INTO states (user, body) VALUES (?1, ?2) ON CONFLICT (user) DO UPDATE SET body = ?2")
        // Later states of one user take the place of earlier ones.
        for state in states.enumerated().sorted(by: { ($0.1.user, $0.0) < ($1.1.user, $1.0) }) {
            insertion.bind(state.element.user, at: 1)
            insertion.bind(state.element.body, at: 2)
            try insertion.run()
        }
    }
}
