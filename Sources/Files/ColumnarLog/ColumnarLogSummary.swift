public import LimpetEvents

/// What a columnar log holds in all.
public struct ColumnarLogSummary: Sendable {
    /// Its rows.
    public let rows: Int
    /// Its users.
    public let users: Int
    /// The names of its events, in the order of their first arrival.
    public let eventNames: [String]
    /// The properties, in the order of their names' UTF-8 bytes.
    public let properties: [String]
    /// The earliest and the latest event.
    public let span: ClosedRange<Timestamp>
    /// How finely the times are written.
    public let resolution: TimeResolution
    /// Rows left out at the import because their message id had come before.
    public let duplicateCount: Int

    init(_ footer: LogFooter) {
        rows = footer.rows
        users = footer.users
        eventNames = footer.eventNames
        properties = footer.columns.map(\.name)
        span =
            Timestamp(milliseconds: footer.span.lowerBound)...Timestamp(milliseconds: footer.span.upperBound)
        resolution = footer.resolution
        duplicateCount = footer.duplicates
    }
}
