/// Takes the rows of an event log in blocks, in the order of their arrival.
public protocol EventSink {
    /// The number of rows so far.
    var count: Int { get }

    /// Adds the rows of a block. A row whose message id came before is counted and left out.
    ///
    /// - Parameters:
    ///   - block: the rows.
    ///   - threads: how many columns are worked on at the same time.
    /// - Returns: the rows that cannot be part of a log and were left out, in their order.
    mutating func append(_ block: EventBlock, threads: Int) -> [(row: Int, error: EventRowError)]

    /// How many bytes of a file a block should have.
    var blockLength: Int { get }

    /// Called after each block, for sinks that lay rows aside when there are many.
    mutating func makeRoom() throws
}

extension EventSink {
    /// 4 MiB: enough to keep a thread busy, and little beside a log.
    public var blockLength: Int { 1 << 22 }

    /// Nothing: there is always room.
    public mutating func makeRoom() throws {}
}
