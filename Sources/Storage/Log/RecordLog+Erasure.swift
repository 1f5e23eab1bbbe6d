extension RecordLog {
    /// The records of one transaction of an erasure or a cut, which appends wait for.
    private static let slice = 256

    /// Puts bytes of equal length in the place of records' bodies, then makes sure that neither the file nor
    /// its write-ahead log holds the old ones.
    ///
    /// - Parameters:
    ///   - numbers: the records; those that are not there are passed over.
    ///   - body: returns the new bytes of a record.
    /// - Returns: the number of records that were found.
    /// - Throws: ``StorageError``; the erasure may then be done again as it was.
    @discardableResult
    package func erase(
        _ numbers: [Int64], body: (_ number: Int64, _ old: [UInt8]) -> [UInt8]
    ) throws(StorageError) -> Int {
        var count = 0
        for start in stride(from: 0, to: numbers.count, by: Self.slice) {
            count += try erase(slice: numbers[start..<min(start + Self.slice, numbers.count)], body)
        }
        try secure()
        return count
    }

    private func erase(
        slice: ArraySlice<Int64>, _ body: (Int64, [UInt8]) -> [UInt8]
    ) throws(StorageError) -> Int {
        let changes = try replacements(of: slice, body)
        return try write { writer throws(StorageError) in
            try writer.transaction { connection throws(SQLiteFault) in
                let update = try connection.statement("UPDATE records SET body = ?2 WHERE number = ?1")
                for change in changes {
                    update.bind(change.number, at: 1)
                    update.bind(change.body, at: 2)
                    try update.run()
                }
                return changes.count
            }
        }
    }

    private func replacements(
        of slice: ArraySlice<Int64>, _ body: (Int64, [UInt8]) -> [UInt8]
    ) throws(StorageError) -> [LogRecord] {
        var changes: [LogRecord] = []
        for number in slice {
            guard let old = try record(number) else { continue }
            let new = body(number, old)
            guard new.count == old.count else {
                throw .lengthChanged(number: number, old: old.count, new: new.count)
            }
            changes.append(LogRecord(number: number, body: new))
        }
        return changes
    }

    /// Empties the write-ahead log into the file, so that bytes which were overwritten or removed are in
    /// neither.
    ///
    /// - Throws: ``StorageError`` when a reader or the disk left some of it undone.
    package func secure() throws(StorageError) {
        try write { writer throws(StorageError) in try file.settle(writer.ready()) }
    }

    /// Removes the oldest records, whose pages are used again; the last record always stays, since it tells
    /// the log's number.
    ///
    /// - Parameter number: the first record to keep.
    /// - Returns: the number of records that were removed.
    /// - Throws: ``StorageError``; what was removed before stays so.
    @discardableResult
    package func cut(before number: Int64) throws(StorageError) -> Int {
        let end = min(number, lastNumber)
        var count = 0
        while let first = try firstNumber(), first < end {
            let stop = min(end, first + Int64(Self.slice))
            count += try write { writer throws(StorageError) in
                try writer.transaction { connection throws(SQLiteFault) in
                    let removal = try connection.statement("DELETE FROM records WHERE number < ?1")
                    removal.bind(stop, at: 1)
                    try removal.run()
                    return Int(try connection.number("SELECT CHANGES()") ?? 0)
                }
            }
        }
        return count
    }
}
