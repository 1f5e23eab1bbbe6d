import LimpetDocuments
import LimpetEvents

/// A sorted run of rows in a scratch file.
struct LogRun {
    let file: ScratchFile
    let blocks: [LogFooter.Block]
    let columns: [String]

    /// The rows of a block of a run. Few, since one block of each run is in memory while runs are merged.
    static let blockRows = 4_096

    init(_ rows: LogRows, folder: String, threads: Int) throws(FileError) {
        let file = try ScratchFile(folder: folder)
        var writer = LogBlockWriter(
            columns: ColumnarLogFormat.fixedColumns + rows.columns.count, blockRows: Self.blockRows,
            threads: threads, store: { (bytes) throws(FileError) in try file.append(bytes.span.bytes) })
        do {
            try rows.write(to: &writer) { _ in }
            try writer.finish()
        } catch let error as FileError {
            throw error
        } catch {
            throw .cannotWrite(path: folder, problem: "\(error)")
        }
        self.file = file
        blocks = writer.blocks
        columns = rows.columns
    }
}

/// The merge of sorted runs.
enum LogMerge {
    /// Writes the rows of all runs by user, time and arrival, but for those that repeat a message id.
    ///
    /// One block of each run and all rows of one user are in memory at a time.
    static func merge(
        _ runs: [LogRun], columns: [String], leavingOut repeats: RepeatedRows,
        into writer: inout LogBlockWriter,
        note: (_ rows: Int) throws -> Void
    ) throws {
        var cursors: [RunCursor] = []
        for run in runs { cursors.append(try RunCursor(run, columns: columns)) }
        var waiting = 0
        while let user = leastUser(of: cursors) {
            var rows = try take(user, from: &cursors, columns: columns.count)
            waiting += rows.count
            if !repeats.isEmpty { rows = rows.leavingOut(repeats) }
            try writer.append(user: user, columns: rows.columns, order: rows.order)
            guard waiting >= 1 << 14 else { continue }
            try note(waiting)
            waiting = 0
        }
        try note(waiting)
    }

    private static func leastUser(of cursors: [RunCursor]) -> String? {
        cursors.compactMap(\.user).min { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// All rows of a user.
    private struct UserRows {
        /// The columns, `[columns][rows]`.
        var columns: [[Int64]]
        /// The rows by time and arrival; nil where they are in this order.
        var order: [Int]?

        var count: Int { columns[ColumnarLogFormat.time].count }

        /// Returns the rows that do not repeat a message id, numbered by their arrival among such rows.
        func leavingOut(_ repeats: RepeatedRows) -> UserRows {
            var rows = self
            let arrivals = columns[ColumnarLogFormat.arrival]
            let kept = (order ?? Array(0..<count)).filter { !repeats.contains(Int(arrivals[$0])) }
            for row in kept {
                rows.columns[ColumnarLogFormat.arrival][row] = Int64(repeats.place(of: Int(arrivals[row])))
            }
            rows.order = kept
            return rows
        }
    }

    /// Removes all rows of a user from the runs.
    private static func take(
        _ user: String, from cursors: inout [RunCursor], columns: Int
    ) throws -> UserRows {
        var rows = [[Int64]](repeating: [], count: ColumnarLogFormat.fixedColumns + columns)
        for index in cursors.indices {
            while let next = cursors[index].user, next.utf8.elementsEqual(user.utf8) {
                try cursors[index].take(into: &rows)
            }
        }
        let times = rows[ColumnarLogFormat.time]
        let arrivals = rows[ColumnarLogFormat.arrival]
        let isSorted = times.indices.dropFirst().allSatisfy {
            (times[$0 - 1], arrivals[$0 - 1]) < (times[$0], arrivals[$0])
        }
        guard !isSorted else { return UserRows(columns: rows, order: nil) }
        return UserRows(
            columns: rows,
            order: times.indices.sorted { (times[$0], arrivals[$0]) < (times[$1], arrivals[$1]) })
    }
}

/// A position in a run: a user of the block that is in memory.
private struct RunCursor {
    private let run: LogRun
    /// For each column of the result, the column of the run; nil where the run has none.
    private let sources: [Int?]
    private var next = 0
    private var block = LogBlock(columns: 0)
    private var place = 0
    private var row = 0

    init(_ run: LogRun, columns: [String]) throws {
        self.run = run
        let places = VerbatimDictionary(run.columns.enumerated().map { ($1, $0) })
        sources =
            (0..<ColumnarLogFormat.fixedColumns).map { $0 }
            + columns.map { places[$0].map { $0 + ColumnarLogFormat.fixedColumns } }
        try load()
    }

    var user: String? { place < block.users.count ? block.users[place] : nil }

    /// Moves the current user's rows in this block to `rows`.
    mutating func take(into rows: inout [[Int64]]) throws {
        let range = row..<row + block.userRows[place]
        for (column, source) in sources.enumerated() {
            if let source {
                rows[column].append(contentsOf: block.columns[source][range])
            } else {
                rows[column].append(contentsOf: repeatElement(0, count: range.count))
            }
        }
        row = range.upperBound
        place += 1
        if place == block.users.count { try load() }
    }

    private mutating func load() throws {
        (place, row) = (0, 0)
        guard next < run.blocks.count else {
            block = LogBlock(columns: 0)
            return
        }
        let entry = run.blocks[next]
        next += 1
        let bytes = try run.file.read(entry.offset..<entry.offset + entry.length)
        // The scratch file has no name, and what it holds was written by this process: an error is one of the
        // disk, not of the input.
        guard checksum(bytes) == entry.checksum,
            let read = try? LogBlock(bytes, origin: entry.offset, rows: entry.rows)
        else {
            throw FileError.cannotRead(path: "a scratch file", problem: "it does not hold what was written")
        }
        block = read
    }
}
