/// A record of the log: its number and its bytes.
package struct LogRecord: Hashable, Sendable {
    /// The number, counted from 1 without gaps.
    package let number: Int64
    /// The bytes.
    package let body: [UInt8]

    /// Makes a record.
    package init(number: Int64, body: [UInt8]) { (self.number, self.body) = (number, body) }
}

/// A value that belongs to the log as a whole, written with a group of records.
package struct LogSetting: Hashable, Sendable {
    /// The name.
    package let key: String
    /// The bytes.
    package let value: [UInt8]

    /// Makes a setting.
    package init(key: String, value: [UInt8]) { (self.key, self.value) = (key, value) }
}

/// A file that records name by its hash, as a model or a policy.
package struct LogArtefact: Hashable, Sendable {
    /// The hash of the bytes, as the caller writes it.
    package let hash: String
    /// The kind.
    package let kind: String
    /// The number of bytes.
    package let byteCount: Int

    /// Makes the description of a file.
    package init(hash: String, kind: String, byteCount: Int) {
        (self.hash, self.kind, self.byteCount) = (hash, kind, byteCount)
    }
}
