/// A writer of values as few bytes.
///
/// Numbers are unsigned LEB128; signed ones are folded to unsigned first (0, −1, 1, −2, … to 0, 1, 2, 3, …),
/// and fixed ones are little endian.
package struct PackedWriter: Sendable {
    /// The bytes so far.
    package var bytes: [UInt8] = []

    /// Makes a writer.
    package init() {}

    /// Writes one byte.
    @inlinable
    package mutating func byte(_ byte: UInt8) { bytes.append(byte) }

    /// Writes a number of any size; small ones take few bytes.
    package mutating func number(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Writes a count or an index.
    package mutating func count(_ count: Int) { number(UInt64(count)) }

    /// Writes a number with a sign.
    package mutating func signed(_ number: Int64) {
        self.number(UInt64(bitPattern: (number << 1) ^ (number >> 63)))
    }

    /// Writes eight bytes.
    package mutating func fixed(_ number: UInt64) {
        for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * place))) }
    }

    /// Writes the bits of a number.
    package mutating func double(_ number: Double) { fixed(number.bitPattern) }

    /// Writes a text with its length.
    package mutating func text(_ text: String) {
        var text = text
        text.withUTF8 {
            count($0.count)
            bytes.append(contentsOf: $0)
        }
    }

    /// Writes bytes with their count.
    package mutating func block(_ block: [UInt8]) {
        count(block.count)
        bytes.append(contentsOf: block)
    }

    /// Writes an optional value: 0, or 1 and the value.
    package mutating func optional<Value>(_ value: Value?, _ write: (inout PackedWriter, Value) -> Void) {
        byte(value == nil ? 0 : 1)
        if let value { write(&self, value) }
    }
}
