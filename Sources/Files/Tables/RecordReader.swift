import LimpetDocuments
public import LimpetEvents

/// What separates the fields of a line.
public enum Delimiter: Hashable, Sendable {
    /// One byte, e.g. a comma or a tab.
    case byte(UInt8)
    /// Any run of spaces and tabs, also in front.
    case spaces

    /// Reads a setting: `comma`, `tab`, `semicolon`, `pipe`, `spaces`, or one ASCII character. Nil otherwise.
    public init?(setting: String) {
        let names: [String: Character] = [
            "comma": ",", "tab": "\t", "\\t": "\t", "semicolon": ";", "pipe": "|",
        ]
        if setting == "spaces" || setting == " " {
            self = .spaces
        } else if let byte = (names[setting] ?? (setting.count == 1 ? setting.first : nil))?.asciiValue,
            byte != UInt8(ascii: "\""), byte != 10, byte != 13
        {
            self = .byte(byte)
        } else {
            return nil
        }
    }

    /// The delimiter that a header line most likely uses: the most frequent of tab, comma, semicolon and pipe
    /// outside quotes, else spaces.
    static func guess(_ header: Span<UInt8>) -> Delimiter {
        let candidates: [UInt8] = [9, 44, 59, 124]
        var counts = [0, 0, 0, 0]
        var isQuoted = false
        for index in header.indices {
            if header[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard !isQuoted, let place = candidates.firstIndex(of: header[index]) else { continue }
            counts[place] += 1
        }
        guard let most = counts.max(), most > 0, let place = counts.firstIndex(of: most) else {
            return .spaces
        }
        return .byte(candidates[place])
    }
}

/// Reads lines of fields (CSV as RFC 4180 has it, and its relatives) one after the other in bounded memory.
///
/// A quoted field may hold delimiters, line breaks and doubled quotes. Line ends are LF or CR LF; empty lines
/// are passed over; a byte-order mark is skipped.
public struct RecordReader {
    /// The longest record that is read, in bytes.
    public static let recordLimit = 1 << 24

    /// Nil for records in memory.
    private let source: ByteSource?
    private let name: String
    private var delimiter: Delimiter?
    /// Whether each line is one field as it stands, without quotes and delimiters: for JSON lines.
    public var readsWholeLines = false
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    private var hasStarted = false
    private var nextLine = 1
    /// The line on which the current record begins, from 1.
    public private(set) var line = 0
    /// The bytes of the current record, without its line end.
    public private(set) var record: Range<Int> = 0..<0
    /// Why the current record cannot be split: text follows a closing quote. It has no fields then, but its end
    /// is known, and the next record can be read. Nil when all is well.
    public private(set) var problem: InputError?
    private var fields: [Field] = []
    /// Quoted fields with doubled quotes, written out.
    private var unescaped: [UInt8] = []

    /// Where the bytes of a field stand: in the buffer, or in `unescaped`.
    private struct Field {
        var range: Range<Int>
        var isUnescaped = false
    }

    /// Reads records from a source; a nil delimiter is guessed from the first line.
    public init(_ source: ByteSource, delimiter: Delimiter? = nil) {
        self.source = source
        name = source.name
        self.delimiter = delimiter
    }

    /// Reads records that are in memory.
    init(bytes: [UInt8], name: String, firstLine: Int, delimiter: Delimiter) {
        source = nil
        self.name = name
        self.delimiter = delimiter
        buffer = bytes
        nextLine = firstLine
        (isAtEnd, hasStarted) = (true, true)
    }

    /// The bytes behind the current record that were read already, and the line on which they begin.
    func remainder() -> (bytes: [UInt8], line: Int) { (Array(buffer[position...]), nextLine) }

    /// The first byte that is no space, before any record is read; nil when there is none.
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

    /// Goes to the next record; false at the end.
    ///
    /// - Throws: ``FileError`` when reading fails, `InputError` when a record is too long or a quote is open, so
    ///   that nothing can be read behind it; `CancellationError` when the task is cancelled.
    public mutating func next() throws -> Bool {
        repeat {
            guard try findRecord() else { return false }
        } while record.isEmpty || (delimiter == .spaces && isBlank(record))
        problem = nil
        if readsWholeLines {
            fields = [Field(range: record)]
            return true
        }
        if delimiter == nil { delimiter = Delimiter.guess(buffer.span.extracting(record)) }
        splitFields()
        return true
    }

    /// Throws what is wrong with the current record, if anything is.
    ///
    /// - Throws: ``problem``.
    public func check() throws(InputError) {
        if let problem { throw problem }
    }

    /// The bytes of a field, without quotes.
    public func withField<Result>(_ index: Int, _ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
        let field = fields[index]
        return try field.isUnescaped
            ? body(unescaped.span.extracting(field.range)) : body(buffer.span.extracting(field.range))
    }

    /// A field as text; nil when it is not valid UTF-8.
    public func text(_ index: Int) -> String? {
        withField(index) { bytes in
            bytes.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) }
        }
    }

    /// The bytes of the whole record.
    public var recordBytes: ArraySlice<UInt8> { buffer[record] }

    /// The whole record as text, bytes that are not UTF-8 replaced.
    public var recordText: String { String(decoding: buffer[record], as: UTF8.self) }

    private func isBlank(_ range: Range<Int>) -> Bool {
        buffer[range].allSatisfy { $0 == 32 || $0 == 9 }
    }

    /// Reads on. All reading comes through here, also that of a file of empty lines, so that it is the place to
    /// stop at.
    private mutating func fill() throws {
        try Task.checkCancellation()
        if position > 0 {
            buffer.removeSubrange(..<position)
            position = 0
        }
        if try read() == 0 { isAtEnd = true }
        if !hasStarted {
            hasStarted = true
            // A pipe or a small gzip member may give less than a byte-order mark at first.
            while !isAtEnd, buffer.count < 3 {
                if try read() == 0 { isAtEnd = true }
            }
            if buffer.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
        }
    }

    private mutating func read() throws -> Int { try source?.read(1 << 20, into: &buffer) ?? 0 }

    /// Finds the end of the record that starts at `position` and moves behind it.
    private mutating func findRecord() throws -> Bool {
        line = nextLine
        var scanned = 0
        var scanner = LineScanner(delimiter: delimiter, isQuoting: !readsWholeLines)
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

    /// Refuses a table without a single line feed whose lines end in CR alone: it is all header.
    private func checkLineEnds() throws(InputError) {
        guard line == 1, source != nil, !readsWholeLines, buffer[record].contains(13) else { return }
        throw InputError(
            InputPlace(file: name, line: 1), "lines end in CR alone, expected LF or CR LF")
    }

    private var tooLong: InputError {
        InputError(
            InputPlace(file: name, line: line),
            "the line is longer than \(Self.recordLimit) bytes; is this a text file with line ends (LF or CR LF)?"
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

    /// Reads a field behind its opening quote; returns the index behind its closing one, nil when text follows
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

/// Finds the end of a record. A quote opens only at the start of a field: `5" pipe` is plain text.
struct LineScanner {
    private enum State { case fieldStart, plain, quoted, quoteInQuoted }

    private var state = State.fieldStart
    private let delimiter: Delimiter?
    private let isQuoting: Bool
    /// The line feeds inside quotes so far.
    private(set) var lineBreaks = 0

    init(delimiter: Delimiter?, isQuoting: Bool) {
        self.delimiter = delimiter
        self.isQuoting = isQuoting && delimiter != .spaces
    }

    var isQuoted: Bool { state == .quoted }

    mutating func findEnd(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 10 {
                guard state == .quoted else { return index }
                lineBreaks += 1
            } else if isQuoting {
                advance(byte)
            }
            index += 1
        }
        return nil
    }

    @inline(__always)
    private mutating func advance(_ byte: UInt8) {
        switch state {
        case .quoted:
            if byte == UInt8(ascii: "\"") { state = .quoteInQuoted }
        case .plain:
            if isDelimiter(byte) { state = .fieldStart }
        case .fieldStart:
            if byte == UInt8(ascii: "\"") {
                state = .quoted
            } else if !isDelimiter(byte) {
                state = .plain
            }
        case .quoteInQuoted:
            state = byte == UInt8(ascii: "\"") ? .quoted : isDelimiter(byte) ? .fieldStart : .plain
        }
    }

    @inline(__always)
    private func isDelimiter(_ byte: UInt8) -> Bool {
        guard case .byte(let known) = delimiter else {
            return byte == 44 || byte == 9 || byte == 59 || byte == 124
        }
        return byte == known
    }
}
