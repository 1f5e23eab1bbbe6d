import LimpetEvents

/// The parsed rows of a block of a file.
struct ParsedEvents: Sendable {
    let file: String
    let source: TableBlock
    private let delimiter: Delimiter
    var rows: EventBlock
    /// The offset at which each row begins in the bytes.
    var starts: [Int] = []
    /// The rows that could not be read, with their text.
    var rejected: [(error: InputError, text: String)] = []
    /// The error that ends the file after these rows; nil when there is none.
    var failure: InputError?

    init(file: String, source: TableBlock, delimiter: Delimiter, rows: EventBlock) {
        self.delimiter = delimiter
        self.file = file
        self.source = source
        self.rows = rows
    }

    /// Returns the line and the text of a row.
    func record(ofRow row: Int) -> (line: Int, text: String) {
        let start = starts[row]
        let line = source.bytes[..<start].reduce(source.start.line) { $0 + ($1 == 10 ? 1 : 0) }
        var scanner = LineScanner(delimiter: delimiter, isQuoting: source.hasQuotes)
        var end = scanner.findEnd(source.bytes.span, from: start) ?? source.bytes.count
        if end > start, source.bytes[end - 1] == 13 { end -= 1 }
        return (line, String(decoding: source.bytes[start..<end], as: UTF8.self))
    }
}
