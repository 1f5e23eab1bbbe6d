import LimpetEvents

/// Reads a flat table. The first rows decide what a column holds: numbers when all of its values there are, or
/// nine of ten and at least ten, else texts. What is no number among numbers is a bad row.
///
/// A number is decimal (`-1.5e3`) and at most ``numberLimit`` in magnitude; `nan` or `0x1F` are texts.
public struct FlatTableReader {
    /// What separates fields; nil for a guess.
    public var delimiter: Delimiter?
    /// Texts that stand for "missing", beside the empty text.
    public var missing: Set<String>
    /// Columns that hold texts whatever they look like, e.g. ids and codes.
    public var textColumns: Set<String>
    /// The rule for bad rows.
    public let rejection: RowRejection
    /// Told of the share of the file that is read.
    public var progress: (Double) -> Void = { _ in }

    /// The rows that decide what a column holds.
    package static let sampleSize = 10_000
    /// The bytes that are held back at most until that is decided, and the row that goes beyond.
    private static let sampleBytes = 1 << 26
    /// The largest magnitude of a number. Larger ones are mistakes, and their squares are beyond all numbers.
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

    /// The first rows, as many as decide; fewer where they are long, or where reading fails: the rows before
    /// that are looked at first.
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

    /// The values of a row, or why it has none.
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

/// A row that waits until the columns are known, with its text for the file of bad rows.
private struct SampleRow {
    let line: Int
    let text: String
    let values: Result<[String], InputError>
}
