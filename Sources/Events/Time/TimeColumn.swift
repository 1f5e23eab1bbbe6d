/// A parser of the times of one column, which remembers the day of the last one: most logs have many events
/// of a day in sequence.
///
/// Times like `2025-01-31T09:30:00Z` on that day, and Unix seconds and milliseconds of ten and of thirteen
/// digits, are read by eight bytes at once; all others are left to ``TimeParser``, with the same result.
package struct TimeColumn: Sendable {
    private let parser: TimeParser
    /// True when days and Unix times are recognised by their form.
    private let isAutomatic: Bool
    /// The length of the text whose day is remembered: 19, or 20 with a `Z`; -1 before there is one.
    private var length = -1
    /// The first eight bytes of the day, and the others with what stands between the day and its clock.
    private var day: (UInt64, UInt64) = (0, 0)
    /// The day's begin.
    private var midnight: Int64 = 0
    private var zoneOffset: Int?

    package init(_ parser: TimeParser) {
        self.parser = parser
        if case .automatic = parser.format { isAutomatic = true } else { isAutomatic = false }
    }

    /// Parses a time given as ASCII bytes; nil when they do not match the format.
    @inline(__always)
    package mutating func parse(_ text: Span<UInt8>) -> ParsedTime? {
        let bytes = text.bytes
        if bytes.byteCount == length, Self.word(bytes, 0) == day.0, Self.word(bytes, 8) & Self.three == day.1,
            length == 19 || text[19] == UInt8(ascii: "Z"), let clock = Self.clock(bytes)
        {
            return ParsedTime(
                timestamp: Timestamp(milliseconds: midnight + clock), zoneOffsetMinutes: zoneOffset,
                resolution: .second)
        }
        if isAutomatic, let unix = Self.unix(bytes) { return unix }
        return parseAny(text)
    }

    private static let three: UInt64 = 0xff_ffff

    @inline(never)
    private mutating func parseAny(_ text: Span<UInt8>) -> ParsedTime? {
        guard let time = parser.parse(bytes: text) else { return nil }
        // A text without a zone has the same day all day long only where no clock is ever turned.
        guard isAutomatic, time.resolution == .second,
            text.count == 20 && text[19] == UInt8(ascii: "Z") || text.count == 19 && parser.zone == .utc,
            let clock = Self.clock(text.bytes)
        else { return time }
        length = text.count
        day = (Self.word(text.bytes, 0), Self.word(text.bytes, 8) & Self.three)
        midnight = time.timestamp.milliseconds - clock
        zoneOffset = time.zoneOffsetMinutes
        return time
    }

    @inline(__always)
    private static func word(_ bytes: RawSpan, _ place: Int) -> UInt64 {
        // `unsafeLoadUnaligned` checks that the load lies within the bytes.
        UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self))
    }

    /// Returns the milliseconds of the clock `09:30:00` in a text of 19 or 20 bytes; nil when there is none.
    @inline(__always)
    private static func clock(_ bytes: RawSpan) -> Int64? {
        // Digits become their values, and colons 0.
        let word = word(bytes, 11) ^ 0x3030_3a30_303a_3030
        guard (word &+ 0x7676_7f76_767f_7676 | word) & 0x8080_8080_8080_8080 == 0 else { return nil }
        let tens = word &* 10 &+ word >> 8
        let (hour, minute, second) = (tens & 0xff, tens >> 24 & 0xff, tens >> 48 & 0xff)
        guard hour < 24, minute < 60, second < 60 else { return nil }
        return Int64(hour &* 3_600_000 &+ minute &* 60_000 &+ second &* 1_000)
    }

    /// Returns the time of a text of ten or of thirteen digits.
    @inline(__always)
    private static func unix(_ bytes: RawSpan) -> ParsedTime? {
        let count = bytes.byteCount
        guard count == 10 || count == 13, let first = number(bytes, 0), let last = number(bytes, count - 8)
        else { return nil }
        let milliseconds = count == 10 ? (first * 100 + last % 100) * 1_000 : first * 100_000 + last % 100_000
        return ParsedTime(
            timestamp: Timestamp(milliseconds: milliseconds), zoneOffsetMinutes: nil,
            resolution: count == 10 ? .second : .millisecond)
    }

    /// Returns the number of eight digits; nil when they are none. Neighbours are joined to numbers of two,
    /// four and eight digits.
    @inline(__always)
    private static func number(_ bytes: RawSpan, _ place: Int) -> Int64? {
        let word = word(bytes, place) ^ 0x3030_3030_3030_3030
        guard (word &+ 0x7676_7676_7676_7676 | word) & 0x8080_8080_8080_8080 == 0 else { return nil }
        var joined = word &* 2_561
        joined = ((joined >> 8) & 0x00ff_00ff_00ff_00ff) &* 6_553_601
        joined = ((joined >> 16) & 0x0000_ffff_0000_ffff) &* 42_949_672_960_001
        return Int64(joined >> 32)
    }
}
