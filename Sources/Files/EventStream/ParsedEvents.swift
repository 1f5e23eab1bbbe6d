import LimpetEvents

/// What a block of a file holds.
struct ParsedEvents: Sendable {
    let file: String
    let source: TableBlock
    private let delimiter: Delimiter
    var rows: EventBlock
    /// Where each row begins in the bytes.
    var starts: [Int] = []
    /// Rows that could not be read, with their text.
    var rejected: [(error: InputError, text: String)] = []
    /// Why nothing behind the rows can be read; nil when all is well.
    var failure: InputError?

    init(file: String, source: TableBlock, delimiter: Delimiter, rows: EventBlock) {
        self.delimiter = delimiter
        self.file = file
        self.source = source
        self.rows = rows
    }

    /// The line and the text of a row.
    func record(ofRow row: Int) -> (line: Int, text: String) {
        let start = starts[row]
        let line = source.bytes[..<start].reduce(source.firstLine) { $0 + ($1 == 10 ? 1 : 0) }
        var scanner = LineScanner(delimiter: delimiter, isQuoting: source.hasQuotes)
        var end = scanner.findEnd(source.bytes.span, from: start) ?? source.bytes.count
        if end > start, source.bytes[end - 1] == 13 { end -= 1 }
        return (line, String(decoding: source.bytes[start..<end], as: UTF8.self))
    }
}
