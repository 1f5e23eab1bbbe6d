public import LimpetDocuments
public import LimpetEvents

/// A reader of flat tables, block by block on several threads: CSV and its relatives with a header, and
/// NDJSON with one object for each row.
///
///     let reader = TableReader(rejection: try RowRejection(limit: 10), threads: 2)
///     let table = try await reader.table("customers.csv", columns: [TableColumn("user_id", .texts)])
///     print(table.count, table.columns.map(\.name))
///
/// ``table(_:columns:readsOthers:)`` keeps all rows by column;
/// ``rows(_:columns:id:from:limit:code:transform:body:)`` passes them on in memory that does not grow with
/// the table. Both read a number as decimal (`-1.5e3`) and at most ``numberLimit`` in magnitude; `nan` or
/// `0x1F` are texts.
public struct TableReader {
    /// The delimiter of fields; nil to guess it.
    public var delimiter: Delimiter?
    /// The texts that stand for "missing", besides the empty text.
    public var missing: VerbatimSet
    /// The rule for rows that cannot be read.
    public let rejection: RowRejection
    /// The number of blocks that are parsed in parallel.
    public var threads: Int
    /// The decimal mark of numbers; nil to find it in each column's values.
    public var decimalMark: NumberNotation.Mark?
    /// The order of day and month in dates; nil to find it in each column's values.
    public var dateOrder: DateNotation?
    /// The minimum length of a block in bytes.
    public var blockLength = 1 << 22
    /// A function that is called with the share of the file that has been read, 0 to 1.
    public var progress: (Double) -> Void = { _ in }

    /// The number of rows that decide the type of a column.
    package static let sampleSize = 10_000
    /// The largest magnitude of a number. Larger ones are errors, and their squares overflow a double.
    public static let numberLimit = 1e100

    /// Makes a reader.
    public init(
        delimiter: Delimiter? = nil, missing: VerbatimSet = EventSchema.usualMissing, rejection: RowRejection,
        threads: Int
    ) {
        self.delimiter = delimiter
        self.missing = missing
        self.rejection = rejection
        self.threads = max(1, threads)
    }

    /// Reads a table and passes its rows on, in the order of the file.
    ///
    /// - Parameters:
    ///   - path: the file; `-` is standard input.
    ///   - columns: the column of each element of a row, all different, with numbers or texts.
    ///   - id: the column of the row's id.
    ///   - start: where to begin, a position that `body` received; nil for the first row.
    ///   - limit: where to stop, another such position; nil for the end.
    ///   - code: returns the number that stands for a text of a column, "" for a missing one; called on
    ///     several threads.
    ///   - transform: converts the rows of a block; called on several threads.
    ///   - body: receives the converted blocks in order, each with the position after it.
    /// - Throws: ``FileError``, `InputError` or ``TooManyBadRows``, and what `body` throws;
    ///   `CancellationError` when the task is cancelled.
    public func rows<Result: Sendable>(
        _ path: String, columns: [TableColumn], id: String?, from start: TablePosition? = nil,
        limit: TablePosition? = nil, code: @escaping @Sendable (_ place: Int, _ text: String) -> Double,
        transform: @escaping @Sendable (BlockRows) -> Result,
        body: (Result, TablePosition) throws -> Void
    ) async throws {
        try await rejection.keepingRows {
            let opened = try OpenTable(path, delimiter: delimiter)
            let plan = try TablePlan(opened, columns: columns, id: id, missing: missing, code: code)
            var blocks = TableBlocks(
                try opened.blocks(length: blockLength, from: start, limit: limit?.offset), plan)
            let count = try await pass(&blocks, of: opened, transform: transform, body: body)
            guard count > 0 || start != nil else { throw opened.hasNoRows }
        }
    }

    /// Reads a whole table.
    ///
    /// The first 10,000 rows, or 64 MiB, decide the type of a column: numbers when all of its values there
    /// are numbers, or nine of ten and at least ten; dates, or numbers in another notation, when all are
    /// written so; else texts. A value of a column of numbers that is not a
    /// number makes its row a bad row. A column whose values are all missing there is decided by the first
    /// value after them. The columns of NDJSON are the members of its first object.
    ///
    /// - Parameters:
    ///   - path: the file; `-` is standard input.
    ///   - columns: the columns that must exist, with what they hold.
    ///   - readsOthers: true to read all other columns too, with inferred types.
    /// - Throws: ``FileError``, `InputError` or ``TooManyBadRows``; `CancellationError` when the task is
    ///   cancelled.
    public func table(
        _ path: String, columns: [TableColumn] = [], readsOthers: Bool = true
    ) async throws -> FlatTable {
        try await rejection.keepingRows {
            let opened = try OpenTable(path, delimiter: delimiter)
            let reader = try opened.blocks(length: blockLength)
            var sample = TableSample(reader)
            let header = try opened.header ?? sample.memberNames(file: path)
            let plan = try sample.plan(
                opened, header: header, columns: columns, readsOthers: readsOthers, missing: missing,
                sample: ColumnSample(mark: decimalMark, order: dateOrder))
            var table = TableBuilder(plan)
            var blocks = TableBlocks(sample, plan)
            let count = try await pass(
                &blocks, of: opened, transform: { $0 },
                body: { rows, end in
                    table.reserve(
                        rows.count, share: opened.source.byteCount.map { Double(end.offset) / Double($0) })
                    table.append(rows, threads: threads)
                })
            guard count > 0 else { throw opened.hasNoRows }
            return table.finish(blocks.plan)
        }
    }
}
