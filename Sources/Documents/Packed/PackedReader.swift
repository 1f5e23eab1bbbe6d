/// A reader of what a ``PackedWriter`` wrote, which trusts nothing.
package struct PackedReader: Sendable {
    private let bytes: [UInt8]
    private let end: Int
    /// The place of the next byte.
    package private(set) var offset: Int

    /// Makes a reader of some of the bytes; by default of all.
    package init(_ bytes: [UInt8], from start: Int = 0, to end: Int? = nil) {
        self.bytes = bytes
        self.end = min(end ?? bytes.count, bytes.count)
        offset = start
    }

    /// True when no byte is left.
    package var isAtEnd: Bool { offset >= end }

    /// The number of bytes that are left.
    package var left: Int { max(0, end - offset) }

    /// The error of bytes that cannot be what is expected here.
    package var damage: PackedError { PackedError(offset: offset) }

    /// Reads one byte.
    package mutating func byte() throws(PackedError) -> UInt8 {
        guard offset < end else { throw damage }
        offset += 1
        return bytes[offset - 1]
    }

    /// Reads a byte that is at most a limit.
    package mutating func byte(atMost limit: UInt8) throws(PackedError) -> UInt8 {
        let (start, value) = (offset, try byte())
        guard value <= limit else { throw PackedError(offset: start) }
        return value
    }

    /// Reads a number.
    package mutating func number() throws(PackedError) -> UInt64 {
        var (number, shift): (UInt64, UInt64) = (0, 0)
        while offset < end {
            let byte = bytes[offset]
            guard shift < 63 || byte <= 1 else { throw damage }
            number |= UInt64(byte & 0x7f) << shift
            offset += 1
            if byte < 0x80 { return number }
            shift += 7
        }
        throw damage
    }

    /// Reads a number from 0 to a limit.
    package mutating func count(limit: Int) throws(PackedError) -> Int {
        let start = offset
        guard let number = Int(exactly: try number()), number <= limit else {
            throw PackedError(offset: start)
        }
        return number
    }

    /// Reads the count of things of which each takes at least a byte.
    package mutating func count() throws(PackedError) -> Int { try count(limit: left) }

    /// Reads a number with a sign.
    package mutating func signed() throws(PackedError) -> Int64 {
        let number = try number()
        return Int64(bitPattern: (number >> 1) ^ (0 &- (number & 1)))
    }

    /// Reads eight bytes.
    package mutating func fixed() throws(PackedError) -> UInt64 {
        guard left >= 8 else { throw damage }
        defer { offset += 8 }
        return (0..<8).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
    }

    /// Reads the bits of a number.
    package mutating func double() throws(PackedError) -> Double { Double(bitPattern: try fixed()) }

    /// Reads a text.
    package mutating func text() throws(PackedError) -> String {
        let start = offset
        let length = try count()
        guard let text = String(validating: bytes[offset..<offset + length], as: UTF8.self) else {
            throw PackedError(offset: start)
        }
        offset += length
        return text
    }

    /// Reads bytes with their count.
    package mutating func block() throws(PackedError) -> [UInt8] {
        let length = try count()
        defer { offset += length }
        return Array(bytes[offset..<offset + length])
    }

    /// Reads an optional value.
    package mutating func optional<Value>(
        _ read: (inout PackedReader) throws(PackedError) -> Value
    ) throws(PackedError) -> Value? {
        try byte(atMost: 1) == 0 ? nil : try read(&self)
    }

    /// Reads a list of things of which each takes at least a byte.
    package mutating func list<Value>(
        _ read: (inout PackedReader) throws(PackedError) -> Value
    ) throws(PackedError) -> [Value] {
        var list: [Value] = []
        for _ in 0..<(try count()) { list.append(try read(&self)) }
        return list
    }
}

/// The error of packed bytes that are damaged, or of another kind.
package struct PackedError: Error, Equatable, CustomStringConvertible {
    /// The place of the byte at which this shows.
    package let offset: Int

    /// Makes an error.
    package init(offset: Int) { self.offset = offset }

    /// A sentence, for people.
    package var description: String { "the bytes are damaged at \(offset)" }
}
