import Dispatch
public import LimpetEvents
import Synchronization

/// The chunks of a columnar log, in the order of the users; see
/// ``ColumnarLog/partitions(rows:from:amounts:texts:threads:)``.
public struct LogPartitions {
    private let file: ColumnarLog
    private let choice: LogColumnChoice
    private let rows: Int
    private let first: Int
    private let threads: Int
    private var partition: LogPartition
    /// Blocks that are unpacked and not yet returned, the next one last.
    private var unpacked: [Result<LogBlock, any Error>] = []
    private var nextBlock = 0
    private var nextUnpacked = 0
    /// The number of rows at the start of the current block that belong to users of earlier chunks.
    private var dropped = 0
    private var isAtEnd = false
    /// The number of rows of the log before the next chunk.
    public private(set) var rowsDone: Int
    /// A function that is called with the share of the log that has been read, 0 to 1.
    public var progress: (Double) -> Void = { _ in }

    init(_ file: ColumnarLog, _ choice: LogColumnChoice, rows: Int, from first: Int, threads: Int) throws {
        self.file = file
        self.choice = choice
        self.rows = rows
        self.first = first
        self.threads = max(1, threads)
        partition = try LogPartition(file.footer, choice)
        partition.reserve(min(rows, file.summary.rows - first))
        rowsDone = first
        // Blocks that end before the first row are skipped.
        var start = 0
        while nextBlock < file.footer.blocks.count, start + file.footer.blocks[nextBlock].rows <= first {
            start += file.footer.blocks[nextBlock].rows
            nextBlock += 1
        }
        nextUnpacked = nextBlock
        dropped = first - start
    }

    /// Returns the next chunk, with all rows of each of its users; nil at the end.
    ///
    /// - Throws: ``FileError``, or `InputError` when the file is damaged; `CancellationError` when the task
    ///   is cancelled.
    public mutating func next() throws -> EventLog? {
        do {
            while let block = try takeBlock() {
                try partition.append(block, entry: file.footer.blocks[nextBlock - 1])
                if partition.completeRows >= rows, let log = try partition.takeComplete() {
                    return taken(log)
                }
            }
            guard !isAtEnd else { return nil }
            isAtEnd = true
            if first == 0 { try partition.checkEnd() }
            return partition.takeAll().map { taken($0) }
        } catch let damage as ColumnarLogDamage {
            throw damage.error(file: file.path)
        }
    }

    private mutating func taken(_ log: EventLog) -> EventLog {
        rowsDone += log.count
        return log
    }

    private mutating func takeBlock() throws -> LogBlock? {
        try Task.checkCancellation()
        if unpacked.isEmpty { unpack() }
        guard let block = unpacked.popLast() else { return nil }
        nextBlock += 1
        progress(Double(nextBlock) / Double(file.footer.blocks.count))
        defer { dropped = 0 }
        return dropped > 0 ? try block.get().dropping(dropped) : try block.get()
    }

    /// Unpacks the next blocks in parallel, two for each thread.
    private mutating func unpack() {
        let entries = Array(file.footer.blocks[nextUnpacked...].prefix(2 * threads))
        nextUnpacked += entries.count
        let (choice, descriptor, path) = (choice, file.descriptor, file.path)
        let hasDelays = file.footer.hasDelays
        let blocks = Mutex([Result<LogBlock, any Error>?](repeating: nil, count: entries.count))
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: min(threads, entries.count)) { _ in
            while true {
                let place = next.add(1, ordering: .relaxed).oldValue
                guard place < entries.count else { return }
                let block = Result {
                    try ColumnarLog.block(
                        entries[place], choice, hasDelays: hasDelays, of: descriptor, path: path)
                }
                blocks.withLock { $0[place] = block }
            }
        }
        unpacked = blocks.withLock { $0.compactMap { $0 }.reversed() }
    }
}
