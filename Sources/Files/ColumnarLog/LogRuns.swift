import LimpetEvents

/// The sorted runs of an import. Many share a scratch file: an import may have more runs than a process may
/// have files. None holds all, so that runs that were merged leave the disk.
package struct LogRuns {
    private let folder: String
    private let threads: Int
    private var runs: [LogRun] = []
    /// The file of the last runs, and how many these are.
    private var (file, runsInFile): (ScratchFile?, Int) = (nil, 0)

    /// - Parameters:
    ///   - folder: where scratch files are made.
    ///   - threads: the number of threads that compress.
    init(folder: String, threads: Int) { (self.folder, self.threads) = (folder, threads) }

    var count: Int { runs.count }

    /// The runs that share a file.
    package static let runsPerFile = 64

    /// The number of runs that are merged at a time: as many as have a block in half of the memory, but
    /// never less than 16.
    package static func mergeLimit(memory: Int, columns: Int) -> Int {
        max(16, memory / 2 / LogRun.blockBytes(columns: columns))
    }

    /// Adds a run of rows.
    mutating func append(_ rows: LogRows) throws(FileError) {
        let file = try nextFile()
        var writer = writer(of: file, columns: rows.columns.count)
        do {
            try rows.write(to: &writer) { _ in }
            try writer.finish()
        } catch let error as FileError {
            throw error
        } catch {
            throw .cannotWrite(path: folder, problem: "\(error)")
        }
        runs.append(LogRun(file: file, blocks: writer.blocks, columns: rows.columns))
    }

    /// Writes the rows of all runs by user, time and arrival, but for those that repeat a message id. Where
    /// there are more runs than may be merged at a time, some are first merged to one.
    ///
    /// - Parameters:
    ///   - columns: the properties, in the order of their columns.
    ///   - limit: the number of runs that are merged at a time.
    ///   - note: called from time to time with the number of rows written.
    mutating func merge(
        columns: [String], limit: Int, leavingOut repeats: RepeatedRows, into writer: inout LogBlockWriter,
        note: (_ rows: Int) throws -> Void
    ) throws {
        while runs.count > limit {
            // No more than needed, and those that were merged longest ago.
            let some = Array(runs.prefix(min(limit, runs.count - limit + 1)))
            let file = try nextFile()
            var merged = self.writer(of: file, columns: columns.count)
            try LogMerge.merge(some, columns: columns, into: &merged, note: note)
            try merged.finish()
            runs.removeFirst(some.count)
            runs.append(LogRun(file: file, blocks: merged.blocks, columns: columns))
        }
        try LogMerge.merge(runs, columns: columns, leavingOut: repeats, into: &writer, note: note)
        (runs, file) = ([], nil)
    }

    /// The number of rows that a merge writes, with those of the runs that are merged before the last.
    func mergedRows(limit: Int) -> Int {
        var rows = runs.map(\.rows)
        var total = rows.reduce(0, +)
        while rows.count > limit {
            let some = min(limit, rows.count - limit + 1)
            let merged = rows.prefix(some).reduce(0, +)
            total += merged
            rows.removeFirst(some)
            rows.append(merged)
        }
        return total
    }

    /// Returns the file for a new run.
    private mutating func nextFile() throws(FileError) -> ScratchFile {
        if let file, runsInFile < Self.runsPerFile {
            runsInFile += 1
            return file
        }
        let file = try ScratchFile(folder: folder)
        (self.file, runsInFile) = (file, 1)
        return file
    }

    private func writer(of file: ScratchFile, columns: Int) -> LogBlockWriter {
        LogBlockWriter(
            columns: ColumnarLogFormat.fixedColumns + columns, blockRows: LogRun.blockRows, threads: threads,
            store: { (bytes) throws(FileError) in try file.append(bytes.span.bytes) })
    }
}
