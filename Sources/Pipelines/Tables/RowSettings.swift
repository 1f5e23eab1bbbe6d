public import LimpetEvents
public import LimpetFiles

/// How the rows of logs and tables are read, and what happens to bad ones.
public struct RowSettings: Sendable {
    /// The character between fields; nil to guess it from the header.
    public var delimiter: Delimiter?
    /// The texts that mean a missing value.
    public var missing: Set<String>
    /// How many bad rows are tolerated; each is reported all the same.
    public var maximumBadRows: Int
    /// The file that keeps bad rows with their places and reasons; nil for none.
    public var rejects: String?
    /// Times from this one on are bad; nil to take any.
    public var now: Timestamp?

    /// Makes settings.
    public init(
        delimiter: Delimiter? = nil, missing: Set<String> = EventSchema.usualMissing, maximumBadRows: Int = 0,
        rejects: String? = nil, now: Timestamp? = nil
    ) {
        self.delimiter = delimiter
        self.missing = missing
        self.maximumBadRows = maximumBadRows
        self.rejects = rejects
        self.now = now
    }

    /// The rule for bad rows of one reading; it opens the file that keeps them.
    ///
    /// - Throws: `FileError` when that file cannot be written.
    func rejection(_ observer: any PipelineObserver) throws -> RowRejection {
        let isTolerant = maximumBadRows > 0
        return try RowRejection(limit: maximumBadRows, keepingIn: rejects) { error in
            if isTolerant { observer.note("bad row: \(error)") }
        }
    }
}
