import LimpetDocuments
public import LimpetEvents

/// A reader of records of fields (CSV as in RFC 4180, and its relatives) in bounded memory.
///
/// A quoted field may hold delimiters, line breaks and doubled quotes. Lines end in LF or CR LF; empty lines
/// and a byte-order mark are skipped.
public struct RecordReader {
    /// The maximum length of a record in bytes.
    public static let recordLimit = 1 << 24

    /// The source of bytes; nil for records in memory.
    private let source: ByteSource?
    private let name: String
    private var delimiter: Delimiter?
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    private var hasStarted = false
    private var nextLine = 1
    /// The line on which the current record begins, from 1.
    public private(set) var line = 0
    /// The range of the current record in the buffer, without its line end.
    public private(set) var record: Range<Int> = 0..<0
    /// The reason why the current record cannot be split: text follows a closing quote. Such a record has no
    /// fields, but its end is known, and the next record can be read. Nil for a valid record.
    public private(set) var problem: InputError?
    private var fields: [Field] = []
    /// The contents of quoted fields with doubled quotes, unescaped.
    private var unescaped: [UInt8] = []

    /// The range of a field, in the buffer or in `unescaped`.
    private struct Field {
        var range: Range<Int>
        var isUnescaped = false
    }

    /// Makes a reader of a source; a nil delimiter is guessed from the first line.
    public init(_ source: ByteSource, delimiter: Delimiter? = nil) {
        self.source = source
        name = source.name
        self.delimiter = delimiter
    }

    /// Makes a reader of records in memory.
    init(bytes: [UInt8], name: String, firstLine: Int, delimiter: Delimiter) {
        source = nil
        self.name = name
        self.delimiter = delimiter
        buffer = bytes
        nextLine = firstLine
        (isAtEnd, hasStarted) = (true, true)
    }

    /// Returns the bytes after the current record that have been read already, and the line on which they
    /// begin.
    func remainder() -> (bytes: [UInt8], line: Int) { (Array(buffer[position...]), nextLine) }

    /// Returns the first byte that is not white space, before any record is read; nil when there is none.
    public mutating func firstByte() throws -> UInt8? {
        while true {
            let first = buffer[position...].first { $0 > 32 }
            if first != nil || isAtEnd { return first }
            guard buffer.count <= Self.recordLimit else { return nil }
            try fill()
        }
    }

    /// The number of fields of the current record.
    public var fieldCount: Int { fields.count }

    /// The delimiter, once it is known.
    public var usedDelimiter: Delimiter? { delimiter }

    /// Moves to the next record; returns false at the end.
    ///
    /// - Throws: ``FileError`` when reading fails, `InputError` when a record is too long or a quote is not
    ///   closed, so that nothing after it can be read; `CancellationError` when the task is cancelled.
    public mutating func next() throws -> Bool {
        repeat {
            guard try findRecord() else { return false }
        } while hasNothing(record)
        problem = nil
        if delimiter == nil { delimiter = Delimiter.guess(buffer.span.extracting(record)) }
        splitFields()
        return true
    }

    /// Throws the problem of the current record, if it has one.
    ///
    /// - Throws: ``problem``.
    public func check() throws(InputError) {
        if let problem { throw problem }
    }

    /// Calls `body` with the bytes of a field, without quotes.
    public func withField<Result>(_ index: Int, _ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
        let field = fields[index]
        return try field.isUnescaped
            ? body(unescaped.span.extracting(field.range)) : body(buffer.span.extracting(field.range))
    }

    /// Returns a field as text; nil when it is not valid UTF-8.
    public func text(_ index: Int) -> String? {
        withField(index) { bytes in
            bytes.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) }
        }
    }

    /// The whole record as text, with bytes that are not UTF-8 replaced.
    public var recordText: String { String(decoding: buffer[record], as: UTF8.self) }

    /// Returns true for an empty line. Programs that translate line ends twice write CR CR LF.
    private func hasNothing(_ range: Range<Int>) -> Bool {
        buffer[range].allSatisfy { $0 == 13 || (delimiter == .spaces && ($0 == 32 || $0 == 9)) }
    }

    /// Reads more bytes. All reading goes through this function, also that of a file of empty lines, so that
    /// it is where cancellation is checked.
    private mutating func fill() throws {
        try Task.checkCancellation()
        if position > 0 {
            buffer.removeSubrange(..<position)
            position = 0
        }
        if try read() == 0 { isAtEnd = true }
        if !hasStarted {
            hasStarted = true
            // A pipe or a small gzip member may return less at first.
            while !isAtEnd, buffer.count < ForeignFormat.headLength {
                if try read() == 0 { isAtEnd = true }
            }
            if let format = ForeignFormat(head: Array(buffer.prefix(ForeignFormat.headLength))) {
                throw InputError(InputPlace(file: name), format.problem(file: name))
            }
            if buffer.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
        }
    }

    private mutating func read() throws -> Int { try source?.read(1 << 20, into: &buffer) ?? 0 }

    /// Finds the end of the record that starts at `position` and moves `position` after it.
    private mutating func findRecord() throws -> Bool {
        line = nextLine
        var scanned = 0
        var scanner = LineScanner(delimiter: delimiter, isQuoting: true)
        while true {
            if let end = scanner.findEnd(buffer.span, from: position + scanned) {
                guard end - position <= Self.recordLimit else { throw tooLong }
                let hasReturn = end > position && buffer[end - 1] == 13
                record = position..<(hasReturn ? end - 1 : end)
                position = end + 1
                nextLine += scanner.lineBreaks + 1
                return true
            }
            scanned = buffer.count - position
            guard scanned <= Self.recordLimit else { throw tooLong }
            guard isAtEnd else {
                try fill()
                continue
            }
            guard !scanner.isQuoted else {
                throw InputError(
                    InputPlace(file: name, line: line), "a quote opens here and is never closed")
            }
            guard scanned > 0 else { return false }
            let hasReturn = buffer[buffer.count - 1] == 13
            record = position..<(buffer.count - (hasReturn ? 1 : 0))
            position = buffer.count
            try checkLineEnds()
            return true
        }
    }

    /// Refuses a table without a line feed whose lines end in CR alone, since all of it would be the header.
    private func checkLineEnds() throws(InputError) {
        guard line == 1, source != nil, buffer[record].contains(13) else { return }
        throw InputError(
            InputPlace(file: name, line: 1), "lines end in CR alone, expected LF or CR LF")
    }

    private var tooLong: InputError {
        InputError(
            InputPlace(file: name, line: line),
            "the line is longer than \(Self.recordLimit) bytes; "
                + "is this a text file with line ends (LF or CR LF)?"
        )
    }

    private mutating func splitFields() {
        fields.removeAll(keepingCapacity: true)
        unescaped.removeAll(keepingCapacity: true)
        if case .byte(let byte) = delimiter {
            splitFields(by: byte)
        } else {
            splitBySpaces()
        }
    }

    private mutating func splitBySpaces() {
        var start: Int?
        for index in record {
            let isSpace = buffer[index] == 32 || buffer[index] == 9
            if isSpace, let begin = start {
                fields.append(Field(range: begin..<index))
                start = nil
            } else if !isSpace, start == nil {
                start = index
            }
        }
        if let start { fields.append(Field(range: start..<record.upperBound)) }
    }

    private mutating func splitFields(by delimiter: UInt8) {
        var index = record.lowerBound
        let end = record.upperBound
        while true {
            if index < end, buffer[index] == UInt8(ascii: "\"") {
                guard let next = quotedField(from: index + 1, delimiter: delimiter) else {
                    problem = textAfterQuote
                    fields.removeAll(keepingCapacity: true)
                    return
                }
                index = next
            } else {
                let start = index
                while index < end, buffer[index] != delimiter { index += 1 }
                fields.append(Field(range: start..<index))
            }
            guard index < end else { return }
            index += 1
        }
    }

    private var textAfterQuote: InputError {
        InputError(
            InputPlace(file: name, line: line, field: "column \(fields.count + 1)"),
            "text follows the closing quote, expected the delimiter")
    }

    /// Reads a field after its opening quote; returns the index after its closing one, nil when text follows
    /// it.
    private mutating func quotedField(from start: Int, delimiter: UInt8) -> Int? {
        var index = start
        let end = record.upperBound
        var hasDoubled = false
        while index < end {
            guard buffer[index] == UInt8(ascii: "\"") else {
                index += 1
                continue
            }
            guard index + 1 < end, buffer[index + 1] == UInt8(ascii: "\"") else { break }
            hasDoubled = true
            index += 2
        }
        guard index < end, index + 1 == end || buffer[index + 1] == delimiter else { return nil }
        fields.append(hasDoubled ? unescape(start..<index) : Field(range: start..<index))
        return index + 1
    }

    private mutating func unescape(_ range: Range<Int>) -> Field {
        let start = unescaped.count
        var index = range.lowerBound
        while index < range.upperBound {
            unescaped.append(buffer[index])
            index += buffer[index] == UInt8(ascii: "\"") ? 2 : 1
        }
        return Field(range: start..<unescaped.count, isUnescaped: true)
    }
}
