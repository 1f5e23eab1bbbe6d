public import LimpetDocuments
public import LimpetEvents

/// The totals of a columnar log.
public struct ColumnarLogSummary: Sendable {
    /// The number of rows.
    public let rows: Int
    /// The number of users.
    public let users: Int
    /// The names of the events, in the order of their first arrival.
    public let eventNames: [String]
    /// The names of the properties, ordered by their UTF-8 bytes.
    public let properties: [String]
    /// The names that columns of a role had in their files, with the property that they were read as.
    public let aliases: VerbatimDictionary<String>
    /// The times of the earliest and of the latest event.
    public let span: ClosedRange<Timestamp>
    /// The finest unit in which the times were written.
    public let resolution: TimeResolution
    /// The number of rows left out by the import because an earlier row had the same message id.
    public let duplicateCount: Int

    init(_ footer: LogFooter) {
        rows = footer.rows
        users = footer.users
        eventNames = footer.eventNames
        properties = footer.columns.map(\.name)
        aliases = footer.aliases
        span =
            Timestamp(milliseconds: footer.span.lowerBound)...Timestamp(milliseconds: footer.span.upperBound)
        resolution = footer.resolution
        duplicateCount = footer.duplicates
    }
}
