public import LimpetDocuments
/// A receiver of the rows of an event log in blocks, in the order of their arrival.
public protocol EventSink {
    /// The number of rows so far.
    var count: Int { get }

    /// Adds the rows of a block. A row whose message id occurred before is counted and left out.
    ///
    /// - Parameters:
    ///   - block: the rows.
    ///   - threads: the number of threads that work on columns at the same time.
    /// - Returns: the rows that were rejected and left out, in their order.
    mutating func append(_ block: EventBlock, threads: Int) -> [(row: Int, error: EventRowError)]

    /// Takes the names that columns of a role have in a file, with the property that they are read as.
    mutating func note(aliases: VerbatimDictionary<String>)

    /// The length in bytes of the chunk of a file that is parsed into one block.
    var blockLength: Int { get }

    /// True when the sink looks up message ids, so that blocks should come with them grouped.
    var findsRepeats: Bool { get }

    /// Reserves memory for an expected number of rows, with those so far.
    mutating func reserve(_ rows: Int)

    /// Releases memory after each block, for sinks that write rows to disk when there are many.
    mutating func makeRoom() throws
}

extension EventSink {
    /// 4 MiB: enough to keep a thread busy, and small compared with a log.
    public var blockLength: Int { 1 << 22 }

    /// Does nothing: the sink has no use for other names of a property.
    public mutating func note(aliases: VerbatimDictionary<String>) {}

    /// False: the sink leaves rows with equal message ids alone, or finds them later.
    public var findsRepeats: Bool { false }

    /// Does nothing: the sink lets its memory grow.
    public mutating func reserve(_ rows: Int) {}

    /// Does nothing: the sink keeps all rows in memory.
    public mutating func makeRoom() throws {}
}
