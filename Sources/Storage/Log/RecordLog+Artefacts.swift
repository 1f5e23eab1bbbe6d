extension RecordLog {
    /// Stores a file by its hash; one that is there already stays.
    ///
    /// - Throws: ``StorageError`` when it is not stored.
    package func put(_ body: [UInt8], kind: String, hash: String) throws(StorageError) {
        try write { writer throws(StorageError) in
            try writer.transaction { connection throws(SQLiteFault) in
                let insertion = try connection.statement(
                    "INSERT OR IGNORE INTO artefacts (hash, kind, body) VALUES (?1, ?2, ?3)")
                insertion.bind(hash, at: 1)
                insertion.bind(kind, at: 2)
                insertion.bind(body, at: 3)
                try insertion.run()
            }
        }
    }

    /// Returns a file's bytes; nil when there is none of this hash.
    ///
    /// - Throws: ``StorageError`` when the file cannot be read.
    package func artefact(_ hash: String) throws(StorageError) -> [UInt8]? {
        try bytes("SELECT body FROM artefacts WHERE hash = ?1", of: hash)
    }

    /// Returns what files there are, in ascending order of their hashes.
    ///
    /// - Throws: ``StorageError`` when the file cannot be read.
    package func artefacts() throws(StorageError) -> [LogArtefact] {
        try file.read { connection throws(SQLiteFault) in
            let statement = try connection.statement(
                "SELECT hash, kind, LENGTH(body) FROM artefacts ORDER BY hash")
            defer { statement.reset() }
            var found: [LogArtefact] = []
            while try statement.step() {
                found.append(
                    LogArtefact(
                        hash: statement.text(0), kind: statement.text(1),
                        byteCount: Int(statement.number(2))))
            }
            return found
        }
    }

    /// Removes a file that no record names any more.
    ///
    /// - Throws: ``StorageError`` when it is not removed.
    package func removeArtefact(_ hash: String) throws(StorageError) {
        try write { writer throws(StorageError) in
            try writer.transaction { connection throws(SQLiteFault) in
                let removal = try connection.statement("DELETE FROM artefacts WHERE hash = ?1")
                removal.bind(hash, at: 1)
                try removal.run()
            }
        }
    }

    /// Stores a setting by itself.
    ///
    /// - Throws: ``StorageError`` when it is not stored, or that is not known.
    package func set(_ setting: LogSetting) throws(StorageError) {
        switch append([], settings: [setting]) {
        case .committed: return
        case .failed(let error), .unknown(let error): throw error
        }
    }

    /// Returns a setting's bytes; nil when there is none of this name.
    ///
    /// - Throws: ``StorageError`` when the file cannot be read.
    package func setting(_ key: String) throws(StorageError) -> [UInt8]? {
        try bytes("SELECT value FROM settings WHERE key = ?1", of: key)
    }

    private func bytes(_ sql: String, of key: String) throws(StorageError) -> [UInt8]? {
        try file.read { connection throws(SQLiteFault) in
            let statement = try connection.statement(sql)
            defer { statement.reset() }
            statement.bind(key, at: 1)
            return try statement.step() ? statement.bytes(0) : nil
        }
    }
}
