public import LimpetDocuments
public import LimpetEvents

/// An external sort of any number of events into a columnar log, in bounded memory.
///
///     var writer = ColumnarLogWriter(path: "events.limpetlog", memory: 1 << 30, threads: 4)
///     let reader = EventLogReader(schema: EventSchema(), rejection: try RowRejection())
///     try reader.read(["events.csv"], into: &writer)
///     let summary = try writer.finish()
///
/// Rows are collected in runs; a run is sorted and written to a scratch file when the memory is full, and all
/// runs are merged at the end. So are the keys of message ids, of which the first row is kept. The file's
/// bytes do not depend on the amount of memory. The dictionaries of names and texts stay in memory, since
/// later rows repeat them; what they leave of `memory` is for the rows, but never less than a quarter.
public struct ColumnarLogWriter: EventSink {
    private let path: String
    private let memory: Int
    private let threads: Int
    private var builder = EventLogBuilder()
    private let keepsMessageIDs: Bool
    private var messages: MessageSort
    private var runs: LogRuns
    private var arrivals = 0

    /// Makes a writer of a file.
    ///
    /// - Parameters:
    ///   - path: the file to write; `-` for standard output.
    ///   - memory: the number of bytes that the import may take before rows are written to a scratch file
    ///     beside `path`.
    ///   - threads: the number of threads that sort and compress; the file does not depend on it.
    ///   - keepsMessageIDs: false to leave message ids out once repeated rows have been found by them.
    public init(path: String, memory: Int, threads: Int = 1, keepsMessageIDs: Bool = true) {
        self.path = path
        self.memory = memory
        self.threads = max(1, threads)
        self.keepsMessageIDs = keepsMessageIDs
        let folder = Self.folder(of: path)
        messages = MessageSort(memory: memory / 8, folder: folder, threads: self.threads)
        runs = LogRuns(folder: folder, threads: self.threads)
        builder.keepsRepeats = true
    }

    /// The memory in bytes of what is read and packed at a time, and of the program.
    private static let workBytes = 32 << 20

    /// The number of rows so far, with those in scratch files.
    public var count: Int { arrivals + builder.count }

    /// Adds the rows of a block. Those that repeat a message id are found and left out at the end.
    public mutating func append(_ block: EventBlock, threads: Int) -> [(row: Int, error: EventRowError)] {
        var next = count
        let rejected = builder.append(block, threads: threads)
        let refused = Set(rejected.map(\.row))
        let (rows, keys) = (block.rows.span, block.messages.span)
        for row in rows.indices where refused.isEmpty || !refused.contains(row) {
            let message = Int(rows[row].message)
            if message != 0 { messages.add(keys[message], arrival: next) }
            next += 1
        }
        return rejected
    }

    /// Takes the names that columns of a role have in a file.
    public mutating func note(aliases: VerbatimDictionary<String>) { builder.note(aliases: aliases) }

    /// The number of bytes that a reader should parse at a time: a sixty-fourth of the memory, 64 KiB to
    /// 4 MiB.
    public var blockLength: Int { min(1 << 22, max(1 << 16, memory / 64)) }

    /// Sorts the rows and writes them to a scratch file when they take more memory than allowed.
    ///
    /// - Throws: ``FileError`` when the scratch file cannot be written.
    public mutating func makeRoom() throws(FileError) {
        try messages.makeRoom()
        let others = builder.dictionaryBytes + messages.byteCount + min(memory / 4, Self.workBytes)
        let room = max(memory / 4, memory - others)
        if builder.rowBytes > room { try layAside() }
    }

    /// The number of runs in scratch files.
    public var runCount: Int { runs.count }

    private static func folder(of path: String) -> String {
        guard path != "-", let slash = path.lastIndex(of: "/") else { return "." }
        return String(path[...slash])
    }

    private var columnNames: [String] { builder.textColumns }

    private mutating func layAside() throws(FileError) {
        let run = builder.takeRun(threads: threads)
        try runs.append(LogRows(run, firstArrival: arrivals, columns: columnNames))
        arrivals += run.count
    }

    /// Merges all rows and writes the file.
    ///
    /// - Parameter progress: called with the share of the rows that have been written.
    /// - Returns: the totals of the file.
    /// - Throws: ``FileError``; `CancellationError` when the task is cancelled.
    public consuming func finish(progress: (Double) -> Void = { _ in }) throws -> ColumnarLogSummary {
        // Rows are out of memory when keys are sorted there, but for those that never were too many.
        if runs.count > 0, builder.count > 0 { try layAside() }
        let columns = columnNames
        let mergeLimit = LogRuns.mergeLimit(memory: memory, columns: columns.count)
        let total = Double(max(runs.count > 0 ? runs.mergedRows(limit: mergeLimit) : count, 1))
        let file = try FileWriter(path: path)
        let hadMessageIDs = messages.count > 0
        let version = ColumnarLogFormat.version(
            hasAliases: !builder.usedAliases.isEmpty, hasMessages: hadMessageIDs && keepsMessageIDs)
        try file.write(ColumnarLogFormat.letters + Self.fixed(version))
        var written = LogMessagesWriter { (bytes) throws(FileError) in try file.write(bytes) }
        let others = builder.dictionaryBytes + builder.rowBytes + messages.byteCount
        let repeats = try messages.finish(rows: count, memory: max(memory / 4, memory - others)) { keys in
            if keepsMessageIDs { try written.append(keys) }
        }
        try written.finish()
        var offset = ColumnarLogFormat.headerLength + written.messages.length
        var done = 0
        let store = { (bytes: [UInt8]) throws(FileError) -> Int in
            try file.write(bytes)
            defer { offset += bytes.count }
            return offset
        }
        var writer = LogBlockWriter(
            columns: ColumnarLogFormat.fixedColumns + columns.count, threads: threads, store: store)
        let note = { (rows: Int) throws in
            done += rows
            progress(Double(done) / total)
            try Task.checkCancellation()
        }
        if runs.count == 0 {
            let rows = LogRows(
                builder.takeRun(threads: threads), firstArrival: 0, columns: columns, leavingOut: repeats)
            try rows.write(to: &writer, note: note)
        } else {
            try runs.merge(
                columns: columns, limit: mergeLimit, leavingOut: repeats, into: &writer, note: note)
        }
        try writer.finish()
        let footer = LogFooter(
            builder.summary, blocks: writer, messages: written.messages, hadMessageIDs: hadMessageIDs,
            repeats: repeats.total)
        let packed = footer.packed()
        try file.write(packed)
        try file.write(
            Self.fixed(UInt64(offset)) + Self.fixed(UInt64(packed.count)) + Self.fixed(checksum(packed))
                + ColumnarLogFormat.letters)
        try file.finish()
        return ColumnarLogSummary(footer)
    }

    private static func fixed(_ number: UInt64) -> [UInt8] {
        var bytes = LogBytes()
        bytes.append(fixed: number)
        return bytes.bytes
    }
}
