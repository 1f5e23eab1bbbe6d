/// The byte that separates the fields of a line, which is searched for eight bytes at a time.
struct FieldDelimiter {
    let byte: UInt8
    /// The byte eight times.
    private let bytes: UInt64

    private static var ones: UInt64 { 0x0101_0101_0101_0101 }
    private static var tops: UInt64 { 0x8080_8080_8080_8080 }
    private static var lineFeeds: UInt64 { 0x0a0a_0a0a_0a0a_0a0a }

    init(_ byte: UInt8) {
        self.byte = byte
        bytes = UInt64(byte) &* Self.ones
    }

    /// Returns the text of a field without its quotes, and the place of what ends the field: a delimiter, or
    /// the end of the line with its return; nil when there are quotes or line ends between its quotes.
    @inline(__always)
    func field(_ line: Span<UInt8>, from start: Int, hasQuotes: Bool) -> (text: Range<Int>, end: Int)? {
        // Many fields are empty.
        if start < line.count, line[start] == byte { return (start..<start, start) }
        if hasQuotes, start < line.count, line[start] == UInt8(ascii: "\"") {
            var end = start + 1
            while end < line.count, line[end] != UInt8(ascii: "\"") {
                guard line[end] != 10 else { return nil }
                end += 1
            }
            return end < line.count ? (start + 1..<end, end + 1) : nil
        }
        var end = end(line, from: start)
        if end > start, end == line.count || line[end] == 10, line[end - 1] == 13 { end -= 1 }
        return (start..<end, end)
    }

    /// Returns the place of the first delimiter or line feed, or the end.
    @inline(__always)
    private func end(_ line: Span<UInt8>, from start: Int) -> Int {
        let words = line.bytes
        var end = start
        while end + 8 <= words.byteCount {
            // `unsafeLoadUnaligned` checks that the load lies within the bytes.
            let word = UInt64(littleEndian: words.unsafeLoadUnaligned(fromByteOffset: end, as: UInt64.self))
            // A byte that is the one sought becomes 0, and the lowest of these is found exactly.
            let (one, other) = (word ^ bytes, word ^ Self.lineFeeds)
            let found = ((one &- Self.ones) & ~one | (other &- Self.ones) & ~other) & Self.tops
            if found != 0 { return end + (found.trailingZeroBitCount >> 3) }
            end += 8
        }
        while end < line.count, line[end] != byte, line[end] != 10 { end += 1 }
        return end
    }
}
