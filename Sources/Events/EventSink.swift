/// Takes the rows of an event log one by one, in the order of their arrival.
public protocol EventSink {
    /// The number of rows so far.
    var count: Int { get }

    /// Adds a row. A row whose message id came before is counted and left out; a text column that was not asked for
    /// is ignored unless `addingColumns` is set.
    ///
    /// - Throws: ``EventRowError`` when the row cannot be part of a log.
    mutating func append(
        _ event: Event, resolution: TimeResolution, addingColumns: Bool
    ) throws(EventRowError)

    /// Called after each row, for sinks that lay rows aside when there are many.
    mutating func makeRoom() throws
}

extension EventSink {
    /// Nothing: there is always room.
    public mutating func makeRoom() throws {}
}
