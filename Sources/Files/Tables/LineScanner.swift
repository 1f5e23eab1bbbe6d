/// A scanner for the end of a record. A quote opens only at the start of a field: `5" pipe` is plain text.
struct LineScanner {
    private enum State { case fieldStart, plain, quoted, quoteInQuoted }

    private var state = State.fieldStart
    private let delimiter: Delimiter?
    private let isQuoting: Bool
    /// The number of line feeds inside quotes so far.
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
