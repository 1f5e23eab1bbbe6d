import LimpetDocuments
import LimpetEvents

/// A position in a run: a user of the block that is in memory.
struct RunCursor {
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

    /// The current user; nil at the end.
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
