import LimpetEvents

/// Whole records of a table in memory.
struct TableBlock: Sendable {
    var bytes: [UInt8]
    /// The line on which the first begins.
    var firstLine: Int
    /// Whether a quote is among them, so that a delimiter may be part of a field.
    var hasQuotes: Bool
}

/// Cuts a source into blocks of whole records.
struct TableBlockReader {
    private let source: ByteSource
    private let delimiter: Delimiter
    private let length: Int
    private var rest: [UInt8]
    private var nextLine: Int
    private var isAtEnd = false

    /// - Parameters:
    ///   - rest: what was read behind the header.
    ///   - firstLine: the line on which that begins.
    ///   - length: how many bytes a block has at least.
    init(_ source: ByteSource, delimiter: Delimiter, rest: [UInt8], firstLine: Int, length: Int) {
        self.source = source
        self.delimiter = delimiter
        self.rest = rest
        self.length = length
        nextLine = firstLine
    }

    /// The next block; nil at the end.
    mutating func next() throws -> TableBlock? {
        while !isAtEnd {
            let wanted = length - rest.count
            guard wanted > 0 else { break }
            if try source.read(wanted, into: &rest) == 0 { isAtEnd = true }
        }
        guard !rest.isEmpty else { return nil }
        return try cut()
    }

    private mutating func cut() throws -> TableBlock? {
        while true {
            let hasQuotes = delimiter != .spaces && Self.count(of: UInt8(ascii: "\""), in: rest.span) > 0
            let end = isAtEnd ? rest.count : hasQuotes ? lastRecordEnd() : lastLineEnd()
            if let end {
                let block = TableBlock(
                    bytes: Array(rest[..<end]), firstLine: nextLine, hasQuotes: hasQuotes)
                nextLine += Self.count(of: 10, in: block.bytes.span)
                rest.removeSubrange(..<end)
                return block
            }
            guard rest.count <= RecordReader.recordLimit else {
                throw InputError(
                    InputPlace(file: source.name, line: nextLine),
                    "the line is longer than \(RecordReader.recordLimit) bytes; is this a text file with line ends?"
                )
            }
            if try source.read(length, into: &rest) == 0 { isAtEnd = true }
        }
    }

    /// Without checks of bounds, which keep the compiler from looking at many bytes in one operation: this is the one
    /// part of reading that cannot be divided.
    private static func count(of byte: UInt8, in bytes: Span<UInt8>) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            var count = 0
            for index in bytes.indices { count &+= bytes[index] == byte ? 1 : 0 }
            return count
        }
    }

    private func lastLineEnd() -> Int? { rest.lastIndex(of: 10).map { $0 + 1 } }

    /// Behind the last record that ends within the bytes: a line feed in quotes ends none.
    private func lastRecordEnd() -> Int? {
        var (end, start): (Int?, Int) = (nil, 0)
        while true {
            var scanner = LineScanner(delimiter: delimiter, isQuoting: true)
            guard let next = scanner.findEnd(rest.span, from: start) else { return end }
            (end, start) = (next + 1, next + 1)
        }
    }
}
