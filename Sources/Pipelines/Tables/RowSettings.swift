public import LimpetDocuments
public import LimpetEvents
public import LimpetFiles

/// The settings for reading the rows of logs and tables, and for bad ones.
public struct RowSettings: Sendable {
    /// The character between fields; nil to guess it from the header.
    public var delimiter: Delimiter?
    /// The texts that mean a missing value.
    public var missing: VerbatimSet
    /// The number of bad rows that are tolerated; the first 20 are reported, all are counted.
    public var maximumBadRows: Int
    /// The file that keeps bad rows with their places and reasons; nil for none.
    public var rejects: String?
    /// The time from which on times are bad; nil to accept any.
    public var now: Timestamp?

    /// Makes settings.
    public init(
        delimiter: Delimiter? = nil, missing: VerbatimSet = EventSchema.usualMissing, maximumBadRows: Int = 0,
        rejects: String? = nil, now: Timestamp? = nil
    ) {
        self.delimiter = delimiter
        self.missing = missing
        self.maximumBadRows = maximumBadRows
        self.rejects = rejects
        self.now = now
    }

    /// Returns the rule for the bad rows of one pass; it opens the file that keeps them.
    ///
    /// - Throws: `FileError` when that file cannot be written.
    func rejection(_ observer: any PipelineObserver) throws -> RowRejection {
        let isTolerant = maximumBadRows > 0
        return try RowRejection(limit: maximumBadRows, keepingIn: rejects) { error in
            if isTolerant { observer.note("bad row: \(error)") }
        }
    }
}
