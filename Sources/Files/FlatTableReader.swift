import LimpetEvents

/// Reads a flat table. A column holds numbers when every value of the first rows is one, else texts.
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
    /// - Throws: ``FileError``, ``InputError`` or ``TooManyBadRows``; `CancellationError` when the task is
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
        let header = try header(records, file: path)
        var builders = header.map { ColumnBuilder(name: $0, isText: textColumns.contains($0)) }
        var lines: [Int32] = []
        while try records.next() {
            if records.line & 0xfff == 0, let total = source.byteCount, total > 0 {
                progress(Double(source.bytesRead) / Double(total))
            }
            do {
                let row = try row(records, header: header, file: path)
                try append(row, to: &builders, place: InputPlace(file: path, line: records.line))
                lines.append(Int32(truncatingIfNeeded: records.line))
            } catch {
                try rejection.reject(error, row: records.recordText)
            }
        }
        guard !lines.isEmpty else {
            throw InputError(InputPlace(file: path), "there are no rows after the header")
        }
        return FlatTable(file: path, columns: builders.map { $0.finish() }, lines: lines)
    }

    private func header(_ records: borrowing RecordReader, file: String) throws(InputError) -> [String] {
        if let problem = records.problem { throw problem }
        var header: [String] = []
        for index in 0..<records.fieldCount {
            let place = InputPlace(file: file, line: 1, field: "column \(index + 1)")
            guard let name = records.text(index)?.trimmed else {
                throw InputError(place, "the name is not valid UTF-8")
            }
            guard !header.contains(name) else {
                throw InputError(place, "the name \(name.quoted) occurs twice")
            }
            header.append(name)
        }
        return header
    }

    private func row(
        _ records: borrowing RecordReader, header: [String], file: String
    ) throws(InputError) -> [String] {
        if let problem = records.problem { throw problem }
        guard records.fieldCount == header.count else {
            throw InputError(
                InputPlace(file: file, line: records.line),
                "has \(records.fieldCount) fields, the header has \(header.count)")
        }
        var row: [String] = []
        row.reserveCapacity(header.count)
        for index in header.indices {
            guard let text = records.text(index)?.trimmed else {
                throw InputError(
                    InputPlace(file: file, line: records.line, field: header[index]), "is not valid UTF-8")
            }
            row.append(missing.contains(text) ? "" : text)
        }
        return row
    }

    /// Adds a whole row or, when one of its values is wrong, nothing of it.
    private func append(
        _ row: [String], to builders: inout [ColumnBuilder], place: InputPlace
    ) throws(InputError) {
        for (index, text) in row.enumerated() {
            guard let problem = builders[index].problem(text) else { continue }
            throw InputError(
                InputPlace(file: place.file, line: place.line, field: builders[index].name), problem)
        }
        for (index, text) in row.enumerated() { builders[index].append(text) }
    }
}

/// Collects a column, as numbers as long as every value is one and the sample lasts.
private struct ColumnBuilder {
    let name: String
    private var isText: Bool
    private var sample: [String] = []
    private var rowCount = 0
    private var numbers: [Double] = []
    private var codeOfText: [VerbatimText: UInt32] = [VerbatimText(""): 0]
    private var dictionary = [""]
    private var codes: [UInt32] = []

    init(name: String, isText: Bool) {
        self.name = name
        self.isText = isText
    }

    /// Why a value does not fit; nil when it does.
    func problem(_ text: String) -> String? {
        guard !isText, !text.isEmpty else { return nil }
        if let number = Double(text) {
            return number.isFinite ? nil : "found \(text.quoted), expected a finite number"
        }
        guard rowCount >= FlatTableReader.sampleSize, numbers.contains(where: { !$0.isNaN }) else {
            return nil
        }
        return "found \(text.quoted), expected a number as in the rows before; "
            + "does it mean missing (--missing), or are these texts (--categorical \(name))?"
    }

    mutating func append(_ text: String) {
        rowCount += 1
        if !isText, text.isEmpty || Double(text) != nil {
            numbers.append(text.isEmpty ? .nan : Double(text) ?? .nan)
            if rowCount <= FlatTableReader.sampleSize { sample.append(text) }
            return
        }
        if !isText {
            isText = true
            for earlier in sample { appendCode(earlier) }
            for _ in sample.count..<(rowCount - 1) { codes.append(0) }
            numbers = []
            sample = []
        }
        appendCode(text)
    }

    private mutating func appendCode(_ text: String) {
        if let code = codeOfText[VerbatimText(text)] {
            codes.append(code)
            return
        }
        let code = UInt32(dictionary.count)
        codeOfText[VerbatimText(text)] = code
        dictionary.append(text)
        codes.append(code)
    }

    func finish() -> FlatTable.Column {
        FlatTable.Column(
            name: name, values: isText ? .texts(dictionary: dictionary, codes: codes) : .numbers(numbers))
    }
}
