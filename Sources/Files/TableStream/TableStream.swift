import LimpetDocuments
import LimpetEvents
import LimpetParallel

/// A reader of the columns of a flat table that a model needs, block by block, on several threads, in memory
/// that does not grow with the table. It reads CSV and its relatives with a header, and NDJSON with one
/// object for each row.
public struct TableStream {
    /// The delimiter of fields; nil to guess it.
    public var delimiter: Delimiter?
    /// The texts that stand for "missing", besides the empty text.
    public var missing: Set<String>
    /// The rule for rows that cannot be read.
    public let rejection: RowRejection
    /// The number of blocks that are parsed in parallel.
    public var threads: Int
    /// The minimum length of a block in bytes.
    public var blockLength = 1 << 22
    /// A function that is called with the share of the file that has been read, 0 to 1.
    public var progress: (Double) -> Void = { _ in }

    /// A column to read, for one element of a row.
    public struct Column: Hashable, Sendable {
        /// The column's name.
        public var name: String
        /// True when the column holds texts.
        public var isText: Bool

        /// Makes a column.
        public init(name: String, isText: Bool) {
            self.name = name
            self.isText = isText
        }
    }

    /// Makes a reader.
    public init(
        delimiter: Delimiter? = nil, missing: Set<String> = EventSchema.usualMissing, rejection: RowRejection,
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
    ///   - columns: the column of each element of a row, all different.
    ///   - id: the column of the row's id.
    ///   - start: where to begin, a position that `body` received; nil for the first row.
    ///   - limit: where to stop, another such position; nil for the end.
    ///   - code: returns the number that stands for a text of a column, "" for a missing one; called on
    ///     several threads.
    ///   - transform: converts the rows of a block; called on several threads.
    ///   - body: receives the converted blocks in order, each with the position after it.
    /// - Throws: ``FileError``, `InputError` or ``TooManyBadRows``, and what `body` throws;
    ///   `CancellationError` when the task is cancelled.
    public func read<Result: Sendable>(
        _ path: String, columns: [Column], id: String?, from start: TablePosition? = nil,
        limit: TablePosition? = nil, code: @escaping @Sendable (_ place: Int, _ text: String) -> Double,
        transform: @escaping @Sendable (TableStreamRows) -> Result,
        body: (Result, TablePosition) throws -> Void
    ) async throws {
        try await rejection.keepingRows {
            let source = try ByteSource(path: path)
            var records = RecordReader(source, delimiter: delimiter)
            let isJSON = try records.firstByte() == UInt8(ascii: "{")
            let plan =
                isJSON
                ? try self.plan(ofObjectsIn: path, columns, id, code)
                : try self.plan(&records, path, columns, id, code)
            let (rest, line) = records.remainder()
            let blocks = try TableBlockReader(
                source, delimiter: plan.delimiter, quoting: !isJSON, rest: rest, firstLine: line,
                length: blockLength, from: start, limit: limit?.offset)
            let count = try await readBlocks(blocks, of: source, plan, transform: transform, body: body)
            guard count > 0 || start != nil else {
                throw InputError(InputPlace(file: path), "there are no rows after the header")
            }
        }
    }

    private func plan(
        _ records: inout RecordReader, _ path: String, _ columns: [Column], _ id: String?,
        _ code: @escaping @Sendable (Int, String) -> Double
    ) throws -> TableStreamPlan {
        guard try records.next() else {
            throw InputError(InputPlace(file: path), "is empty; expected a header, or a JSON object a line")
        }
        let header = try records.columnNames(file: path)
        return TableStreamPlan(
            file: path, header: header, roles: try Self.roles(header, columns, id, file: path),
            delimiter: records.usedDelimiter ?? .byte(44), missing: missing, width: columns.count, code: code)
    }

    /// Makes the plan of JSON objects, whose columns are found by name.
    private func plan(
        ofObjectsIn path: String, _ columns: [Column], _ id: String?,
        _ code: @escaping @Sendable (Int, String) -> Double
    ) throws(InputError) -> TableStreamPlan {
        let header = columns.map(\.name) + [id].compactMap { $0 }
        var plan = TableStreamPlan(
            file: path, header: header, roles: try Self.roles(header, columns, id, file: path),
            delimiter: .byte(10), missing: missing, width: columns.count, code: code)
        plan.roleOfName = Dictionary(uniqueKeysWithValues: zip(header, plan.roles))
        return plan
    }

    private func readBlocks<Result: Sendable>(
        _ reader: TableBlockReader, of source: ByteSource, _ plan: TableStreamPlan,
        transform: @escaping @Sendable (TableStreamRows) -> Result,
        body: (Result, TablePosition) throws -> Void
    ) async throws -> Int {
        var blocks = reader
        // The parsing task must not capture `self`.
        let threads = threads
        var count = 0
        var done: [Parsed<Result>] = []
        var batch = try Self.batch(of: threads, &blocks)
        while !batch.isEmpty {
            let current = batch
            // While these blocks are parsed, the results of those before are passed on and the next ones are
            // read.
            async let parsed = concurrentMap(current, threads: threads) { block in
                let rows = block.rows(plan)
                return Parsed(
                    rejected: rows.rejected, count: rows.count, end: block.end, result: transform(rows))
            }
            count += try hand(done, to: body)
            batch = try Self.batch(of: threads, &blocks)
            done = try await parsed
            if let total = source.byteCount, total > 0 {
                progress(Double(source.bytesRead) / Double(total))
            }
        }
        return try count + hand(done, to: body)
    }

    private struct Parsed<Result: Sendable>: Sendable {
        var rejected: [(error: InputError, text: String)]
        var count: Int
        var end: TablePosition
        var result: Result
    }

    private static func batch(of count: Int, _ blocks: inout TableBlockReader) throws -> [TableBlock] {
        var batch: [TableBlock] = []
        while batch.count < count, let block = try blocks.next() { batch.append(block) }
        return batch
    }

    /// Passes results on in order; returns their number of rows.
    private func hand<Result>(
        _ done: [Parsed<Result>], to body: (Result, TablePosition) throws -> Void
    ) throws -> Int {
        for block in done {
            for (error, text) in block.rejected { try rejection.reject(error, row: text) }
            try body(block.result, block.end)
        }
        return done.reduce(0) { $0 + $1.count }
    }

    private static func roles(
        _ header: [String], _ columns: [Column], _ id: String?, file: String
    ) throws(InputError) -> [TableStreamPlan.Role] {
        var roles = [TableStreamPlan.Role](repeating: .ignored, count: header.count)
        func place(_ name: String, _ flag: String) throws(InputError) -> Int {
            if let place = header.firstIndex(of: name) { return place }
            throw InputError(
                InputPlace(file: file, line: 1, field: name),
                "there is no such column; \(flag) must be one of \(header.joined(separator: ", "))")
        }
        for (target, column) in columns.enumerated() {
            roles[try place(column.name, "the model's inputs")] =
                column.isText ? .text(place: target) : .number(place: target)
        }
        guard let id else { return roles }
        let column = try place(id, "--id")
        guard roles[column] == .ignored else {
            throw InputError(
                InputPlace(file: file, line: 1, field: id), "is an input of the model, and cannot be the id")
        }
        roles[column] = .id
        return roles
    }
}
