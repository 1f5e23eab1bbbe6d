import LimpetEvents

/// A block of whole records of a table.
struct TableBlock: Sendable {
    var bytes: [UInt8]
    /// The position of the first record.
    var start: TablePosition
    /// True when a quote is among the bytes, so that a delimiter may be part of a field.
    var hasQuotes: Bool
    /// The position at which the next block begins.
    var end: TablePosition

    /// Returns the block from a record on.
    func suffix(from byte: Int, line: Int) -> TableBlock {
        TableBlock(
            bytes: Array(bytes[byte...]), start: TablePosition(offset: start.offset + byte, line: line),
            hasQuotes: hasQuotes, end: end)
    }
}

/// A position between two records of a table.
public struct TablePosition: Hashable, Sendable {
    /// The number of decompressed bytes from the end of the header, or from the start where there is none.
    public var offset: Int
    /// The line that begins there.
    public var line: Int

    /// Makes a position.
    public init(offset: Int, line: Int) {
        self.offset = offset
        self.line = line
    }
}

/// A reader that cuts a source into blocks of whole records.
struct TableBlockReader {
    private let source: ByteSource
    private let delimiter: Delimiter
    private let length: Int
    private let hasQuotedFields: Bool
    private var rest: [UInt8]
    private var position: TablePosition
    /// The offset at which to stop.
    private let limit: Int
    private var isAtEnd = false

    /// Makes a reader.
    ///
    /// - Parameters:
    ///   - quoting: true when a line feed within quotes does not end a record.
    ///   - rest: the bytes after the header that have been read already.
    ///   - firstLine: the line on which these begin.
    ///   - length: the minimum length of a block in bytes.
    ///   - start: the position at which to begin; nil for the end of the header.
    ///   - limit: the offset from the end of the header at which to stop, between two records; nil for the
    ///     end.
    /// - Throws: as ``ByteSource/skip(_:)``.
    init(
        _ source: ByteSource, delimiter: Delimiter, quoting: Bool, rest: [UInt8], firstLine: Int, length: Int,
        from start: TablePosition? = nil, limit: Int? = nil
    ) throws {
        self.source = source
        self.delimiter = delimiter
        self.length = length
        hasQuotedFields = quoting && delimiter != .spaces
        position = start ?? TablePosition(offset: 0, line: firstLine)
        self.limit = limit ?? Int.max
        let passed = min(position.offset, rest.count)
        self.rest = Array(rest[passed...])
        try source.skip(position.offset - passed)
    }

    /// Returns the next block; nil at the end.
    mutating func next() throws -> TableBlock? {
        while !isAtEnd {
            let wanted = length - rest.count
            guard wanted > 0 else { break }
            if try source.read(wanted, into: &rest) == 0 { isAtEnd = true }
        }
        guard !rest.isEmpty, position.offset < limit else { return nil }
        return try cut()
    }

    private mutating func cut() throws -> TableBlock? {
        while true {
            let hasQuotes = hasQuotedFields && rest.span.holds(UInt8(ascii: "\""))
            let end = isAtEnd ? rest.count : hasQuotes ? lastRecordEnd() : lastLineEnd()
            if let end = end.map({ min($0, limit - position.offset) }) {
                // Only the bytes after the last whole record are copied.
                let left = Array(rest[end...])
                rest.removeSubrange(end...)
                let block = TableBlock(
                    bytes: rest, start: position, hasQuotes: hasQuotes,
                    end: TablePosition(
                        offset: position.offset + end, line: position.line + rest.span.count(of: 10)))
                (rest, position) = (left, block.end)
                return block
            }
            guard rest.count <= RecordReader.recordLimit else {
                throw InputError(
                    InputPlace(file: source.name, line: position.line),
                    "the line is longer than \(RecordReader.recordLimit) bytes; "
                        + "is this a text file with line ends?"
                )
            }
            if try source.read(length, into: &rest) == 0 { isAtEnd = true }
        }
    }

    private func lastLineEnd() -> Int? { rest.lastIndex(of: 10).map { $0 + 1 } }

    /// Returns the end of the last record that ends within the bytes; a line feed in quotes does not end a
    /// record.
    private func lastRecordEnd() -> Int? {
        var (end, start): (Int?, Int) = (nil, 0)
        while true {
            var scanner = LineScanner(delimiter: delimiter, isQuoting: true)
            guard let next = scanner.findEnd(rest.span, from: start) else { return end }
            (end, start) = (next + 1, next + 1)
        }
    }
}
