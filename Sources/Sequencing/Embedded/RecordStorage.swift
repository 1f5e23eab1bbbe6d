package import LimpetStorage

/// The part of a log that a store in files needs: `RecordLog`, or a simulated one.
package protocol RecordStorage: Sendable {
    /// The number of the last record that is certainly stored.
    var lastNumber: Int64 { get }
    /// Stores a group in one transaction.
    func append(_ records: [LogRecord], settings: [LogSetting]) -> CommitOutcome
    /// Looks again for the fate of the last group.
    func settle() -> CommitOutcome
    /// Returns a record's bytes; nil when there is none.
    func record(_ number: Int64) throws(StorageError) -> [UInt8]?
    /// Returns the next records from a number on.
    func records(from number: Int64, limit: Int, bytes: Int) throws(StorageError) -> [LogRecord]
    /// Returns a setting's bytes; nil when there is none.
    func setting(_ key: String) throws(StorageError) -> [UInt8]?
    /// Puts bytes of equal length in the place of records' bodies, and makes sure that the old ones are gone.
    func erase(
        _ numbers: [Int64], body: (_ number: Int64, _ old: [UInt8]) -> [UInt8]
    ) throws(StorageError) -> Int
}

/// The part of a table of states that a store in files needs: `StateTable`, or a simulated one.
package protocol StateStorage: Sendable {
    /// Writes a slice in one transaction.
    func write(_ slice: StateSlice) throws(StorageError)
    /// Returns the number of the record up to which all of the log is inside.
    func position() throws(StorageError) -> Int64
    /// Returns a profile's bytes; nil when there are none.
    func state(_ user: Int64) throws(StorageError) -> [UInt8]?
    /// Calls a function with each id.
    func forEachID(_ body: (StateSlice.ID) -> Void) throws(StorageError)
    /// Calls a function with each wake-up.
    func forEachWakeUp(_ body: (StateSlice.WakeUp) -> Void) throws(StorageError)
    /// Makes sure that removed bytes are gone.
    func secure() throws(StorageError)
}
