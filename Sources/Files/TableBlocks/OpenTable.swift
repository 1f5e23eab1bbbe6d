import LimpetDocuments
import LimpetEvents

/// A table that is open for reading, with its header read.
struct OpenTable {
    let file: String
    let source: ByteSource
    /// The names of the columns; nil for JSON objects, which name their members themselves.
    let header: [String]?
    /// The delimiter of fields; that of lines for JSON objects.
    let delimiter: Delimiter
    private let rest: (bytes: [UInt8], line: Int)

    /// True when the table holds one JSON object for each row.
    var isJSON: Bool { header == nil }

    /// Opens a file and reads its header; `-` is standard input.
    ///
    /// - Throws: ``FileError`` or `InputError`.
    init(_ path: String, delimiter: Delimiter?) throws {
        file = path
        source = try ByteSource(path: path)
        var records = RecordReader(source, delimiter: delimiter)
        if try records.firstByte() == UInt8(ascii: "{") {
            header = nil
            self.delimiter = .byte(10)
        } else {
            guard try records.next() else {
                throw InputError(
                    InputPlace(file: path), "is empty; expected a header, or a JSON object a line")
            }
            header = try records.columnNames(file: path)
            self.delimiter = records.usedDelimiter ?? .byte(44)
        }
        rest = records.remainder()
    }

    /// Returns a reader of the blocks after the header.
    func blocks(
        length: Int, from start: TablePosition? = nil, limit: Int? = nil
    ) throws -> TableBlockReader {
        try TableBlockReader(
            source, delimiter: delimiter, quoting: !isJSON, rest: rest.bytes, firstLine: rest.line,
            length: length, from: start, limit: limit)
    }

    /// The error of a table without rows.
    var hasNoRows: InputError {
        InputError(InputPlace(file: file), "there are no rows after the header")
    }
}
