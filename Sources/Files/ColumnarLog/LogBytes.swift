/// A buffer for the bytes of a columnar log: numbers as unsigned LEB128, texts after their length.
struct LogBytes {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func append(_ count: Int) { append(UInt64(bitPattern: Int64(count))) }

    mutating func append(_ text: String) {
        append(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func reserve(_ count: Int) { bytes.reserveCapacity(bytes.count + count) }

    mutating func append(raw: [UInt8]) { bytes.append(contentsOf: raw) }

    mutating func append(byte: UInt8) { bytes.append(byte) }

    /// Appends eight bytes, the least significant first.
    mutating func append(fixed: UInt64) {
        for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: fixed >> UInt64(8 * place))) }
    }
}

/// A reader of what ``LogBytes`` wrote that checks every length.
package struct LogBytesReader {
    let bytes: [UInt8]
    private(set) var place: Int
    let end: Int
    /// The offset of the bytes in the file, for error messages.
    let origin: Int

    package init(_ bytes: [UInt8], origin: Int) {
        self.init(bytes, range: 0..<bytes.count, origin: origin)
    }

    init(_ bytes: [UInt8], range: Range<Int>, origin: Int) {
        self.bytes = bytes
        place = range.lowerBound
        end = range.upperBound
        self.origin = origin
    }

    var remaining: Int { end - place }

    func damage(_ problem: String) -> ColumnarLogDamage { .at(offset: origin + place, problem) }

    mutating func byte() throws(ColumnarLogDamage) -> UInt8 {
        guard place < end else { throw damage("the bytes end in the middle") }
        defer { place += 1 }
        return bytes[place]
    }

    mutating func number() throws(ColumnarLogDamage) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            let next = try byte()
            let bits = UInt64(next & 0x7f)
            guard shift < 63 || bits <= 1 else { break }
            value |= bits << shift
            if next < 0x80 { return value }
        }
        throw damage("a number of more than 64 bits")
    }

    /// Reads a count that is at most `limit`; `what` names the counted things in errors.
    mutating func count(_ what: String, limit: Int) throws(ColumnarLogDamage) -> Int {
        let number = try number()
        guard let count = Int(exactly: number), count <= limit else {
            throw damage("\(number) \(what), expected at most \(limit)")
        }
        return count
    }

    mutating func fixed() throws(ColumnarLogDamage) -> UInt64 {
        var value: UInt64 = 0
        for place in 0..<8 { value |= UInt64(try byte()) << UInt64(8 * place) }
        return value
    }

    mutating func text() throws(ColumnarLogDamage) -> String {
        let range = try range("bytes of a text")
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw damage("a text that is not UTF-8")
        }
        return text
    }

    /// Reads a length and skips that number of bytes; returns their range.
    mutating func range(_ what: String) throws(ColumnarLogDamage) -> Range<Int> {
        let length = try count(what, limit: end)
        guard length <= remaining else { throw damage("\(length) \(what), \(remaining) are left") }
        defer { place += length }
        return place..<place + length
    }

    /// Skips `length` bytes and returns their range.
    mutating func skip(_ length: Int) throws(ColumnarLogDamage) -> Range<Int> {
        guard length <= remaining else { throw damage("\(length) bytes are expected, \(remaining) are left") }
        defer { place += length }
        return place..<place + length
    }
}
