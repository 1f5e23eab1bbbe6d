import LimpetEvents

/// A reader of flat tables with a header.
///
///     let reader = FlatTableReader(textColumns: ["user_id"], rejection: try RowRejection(limit: 10))
///     let table = try reader.read("customers.csv")
///     print(table.count, table.columns.map(\.name))
///
/// The first rows decide the type of a column: numbers when all of its values there are numbers, or nine of
/// ten and at least ten, else texts. A value of a column of numbers that is not a number makes its row a bad
/// row. A number is decimal (`-1.5e3`) and at most ``numberLimit`` in magnitude; `nan` or `0x1F` are texts.
public struct FlatTableReader {
    /// The delimiter of fields; nil to guess it.
    public var delimiter: Delimiter?
    /// The texts that stand for "missing", besides the empty text.
    public var missing: Set<String>
    /// The columns that hold texts even where all values look like numbers, e.g. ids and codes.
    public var textColumns: Set<String>
    /// The rule for rows that cannot be read.
    public let rejection: RowRejection
    /// A function that is called with the share of the file that has been read, 0 to 1.
    public var progress: (Double) -> Void = { _ in }

    /// The number of rows that decide the type of a column.
    package static let sampleSize = 10_000
    /// The maximum number of bytes that are buffered until the types are decided, not counting the row that
    /// exceeds it.
    private static let sampleBytes = 1 << 26
    /// The largest magnitude of a number. Larger ones are errors, and their squares overflow a double.
    public static let numberLimit = 1e100

    /// Makes a reader.
    public init(
        delimiter: Delimiter? = nil, missing: Set<String> = EventSchema.usualMissing,
        textColumns: Set<String> = [], rejection: RowRejection
    ) {
        self.delimiter = delimiter
        self.missing = missing
        self.textColumns = textColumns
        self.rejection = rejection
    }

    /// Reads a table.
    ///
    /// - Throws: ``FileError``, `InputError` or ``TooManyBadRows``; `CancellationError` when the task is
    ///   cancelled.
    public func read(_ path: String) throws -> FlatTable {
        try rejection.keepingRows { try readTable(path) }
    }

    private func readTable(_ path: String) throws -> FlatTable {
        let source = try ByteSource(path: path)
        var records = RecordReader(source, delimiter: delimiter)
        guard try records.next() else {
            throw InputError(InputPlace(file: path), "is empty; expected a header")
        }
        let header = try records.columnNames(file: path)
        var (sample, failure) = sample(&records, header: header, file: path)
        try Task.checkCancellation()
        var table = TableBuilder(columns: columns(header, sample: sample), file: path)
        for row in sample { try add(row.values, line: row.line, text: row.text, to: &table) }
        sample = []
        if let failure { throw failure }
        while try records.next() {
            if records.line & 0xfff == 0, let total = source.byteCount, total > 0 {
                progress(Double(source.bytesRead) / Double(total))
            }
            try add(
                row(records, header: header, file: path), line: records.line, text: records.recordText,
                to: &table)
        }
        guard !table.isEmpty else {
            throw InputError(InputPlace(file: path), "there are no rows after the header")
        }
        return table.finish()
    }

    /// Reads the rows that decide the types; fewer where rows are long, or where reading fails. The error is
    /// returned, since the rows before it are processed first.
    private func sample(
        _ records: inout RecordReader, header: [String], file: String
    ) -> ([SampleRow], failure: (any Error)?) {
        var sample: [SampleRow] = []
        var bytes = 0
        do {
            while sample.count < Self.sampleSize, bytes < Self.sampleBytes, try records.next() {
                let text = records.recordText
                bytes += text.utf8.count
                let values = row(records, header: header, file: file)
                sample.append(SampleRow(line: records.line, text: text, values: values))
            }
            return (sample, nil)
        } catch {
            return (sample, error)
        }
    }

    private func columns(_ header: [String], sample: [SampleRow]) -> [ColumnBuilder] {
        header.enumerated().map { index, name in
            guard !textColumns.contains(name) else { return ColumnBuilder(name: name, content: .texts) }
            let values = sample.lazy.compactMap { row in try? row.values.get()[index] }
            return ColumnBuilder(name: name, content: ColumnContent(sample: values))
        }
    }

    private func add(
        _ values: Result<[String], InputError>, line: Int, text: @autoclosure () -> String,
        to table: inout TableBuilder
    ) throws {
        do {
            try table.append(values.get(), line: line)
        } catch {
            try rejection.reject(error, row: text())
        }
    }

    /// Returns the values of a row, or the reason why it has none.
    private func row(
        _ records: borrowing RecordReader, header: [String], file: String
    ) -> Result<[String], InputError> {
        do {
            return .success(try values(records, header: header, file: file))
        } catch {
            return .failure(error)
        }
    }

    private func values(
        _ records: borrowing RecordReader, header: [String], file: String
    ) throws(InputError) -> [String] {
        try records.check()
        guard records.fieldCount == header.count else {
            throw InputError(
                InputPlace(file: file, line: records.line),
                "has \(records.fieldCount) fields, the header has \(header.count)")
        }
        var values: [String] = []
        values.reserveCapacity(header.count)
        for index in header.indices {
            guard let text = records.text(index)?.trimmed else {
                throw InputError(
                    InputPlace(file: file, line: records.line, field: header[index]), "is not valid UTF-8")
            }
            values.append(missing.contains(text) ? "" : text)
        }
        return values
    }
}

/// A row read before the types of the columns are decided, with its text for the file of bad rows.
private struct SampleRow {
    let line: Int
    let text: String
    let values: Result<[String], InputError>
}
