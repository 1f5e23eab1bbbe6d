/// A time zone rule as POSIX writes it in `TZ`, e.g. `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// The grammar is that of POSIX.1-2017, section 8.3, with the signed hours up to 167 of RFC 8536.
struct PosixTimeZone: Hashable, Sendable {
    /// Seconds east of UTC in standard time.
    var standardOffset: Int
    var daylight: Daylight?

    struct Daylight: Hashable, Sendable {
        /// Seconds east of UTC in daylight time.
        var offset: Int
        var start: Change
        var end: Change
    }

    /// A yearly change of the offset: a day of the year, and the local time of the change in seconds.
    struct Change: Hashable, Sendable {
        enum Day: Hashable, Sendable {
            case julian(Int)
            case zeroBased(Int)
            case weekdayOfMonth(month: Int, week: Int, weekday: Int)
        }
        var day: Day
        var seconds: Int

        /// Returns the local second, counted from 1970, of the change in `year`.
        func localSecond(in year: Int) -> Int64 {
            (dayNumber(in: year)) * 86_400 + Int64(seconds)
        }

        private func dayNumber(in year: Int) -> Int64 {
            let newYear = CivilDate(year: year, month: 1, day: 1)?.dayNumber ?? 0
            switch day {
            case .julian(let number):
                let leapShift = CivilDate.isLeap(year) && number >= 60 ? 1 : 0
                return newYear + Int64(number - 1 + leapShift)
            case .zeroBased(let number):
                return newYear + Int64(number)
            case .weekdayOfMonth(let month, let week, let weekday):
                guard let first = CivilDate(year: year, month: month, day: 1) else { return newYear }
                let shift = (weekday - first.weekday + 7) % 7 + (week - 1) * 7
                let length = CivilDate.length(ofMonth: month, year: year)
                return first.dayNumber + Int64(shift < length ? shift : shift - 7)
            }
        }
    }

    func offsetSeconds(at second: Int64) -> Int {
        guard let daylight else { return standardOffset }
        let year = CivilDate(dayNumber: (second + Int64(standardOffset)).flooredQuotient(by: 86_400)).year
        let start = daylight.start.localSecond(in: year) - Int64(standardOffset)
        let end = daylight.end.localSecond(in: year) - Int64(daylight.offset)
        let isDaylight =
            start < end ? (start..<end).contains(second) : !(end..<start).contains(second)
        return isDaylight ? daylight.offset : standardOffset
    }
}

extension PosixTimeZone {
    /// Parses a rule; nil when the text is not one.
    init?(_ text: String) {
        var scanner = Scanner(bytes: Array(text.utf8))
        guard scanner.name(), let standard = scanner.signedTime() else { return nil }
        standardOffset = -standard
        guard !scanner.isAtEnd else { return }
        guard scanner.name() else { return nil }
        let offset = scanner.next == UInt8(ascii: ",") ? standardOffset + 3_600 : scanner.signedTime().map(-)
        guard let offset, let start = scanner.change(), let end = scanner.change(), scanner.isAtEnd else {
            return nil
        }
        daylight = Daylight(offset: offset, start: start, end: end)
    }

    private struct Scanner {
        let bytes: [UInt8]
        var position = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var next: UInt8? { position < bytes.count ? bytes[position] : nil }
        var isAtEnd: Bool { position == bytes.count }

        mutating func take(_ byte: Character) -> Bool {
            guard let ascii = byte.asciiValue, next == ascii else { return false }
            position += 1
            return true
        }

        /// Reads a zone's abbreviation: letters, or anything within angle brackets.
        mutating func name() -> Bool {
            if take("<") {
                guard let end = bytes[position...].firstIndex(of: UInt8(ascii: ">")) else { return false }
                position = end + 1
                return true
            }
            let start = position
            while let byte = next, (65...90).contains(byte & 0xdf) { position += 1 }
            return position - start >= 3
        }

        mutating func number() -> Int? {
            let start = position
            while let byte = next, (48...57).contains(byte), position - start < 4 { position += 1 }
            return Int(String(decoding: bytes[start..<position], as: UTF8.self))
        }

        /// Reads `[+-]hh[:mm[:ss]]` in seconds.
        mutating func signedTime() -> Int? {
            let sign = take("-") ? -1 : 1
            if sign == 1 { _ = take("+") }
            guard let hours = number() else { return nil }
            var seconds = hours * 3_600
            for unit in [60, 1] where take(":") {
                guard let part = number() else { return nil }
                seconds += part * unit
            }
            return sign * seconds
        }

        mutating func change() -> Change? {
            guard take(","), let day = day() else { return nil }
            guard take("/") else { return Change(day: day, seconds: 7_200) }
            return signedTime().map { Change(day: day, seconds: $0) }
        }

        private mutating func day() -> Change.Day? {
            if take("J") { return number().map { .julian($0) } }
            guard take("M") else { return number().map { .zeroBased($0) } }
            guard let month = number(), (1...12).contains(month), take("."), let week = number(),
                (1...5).contains(week), take("."), let weekday = number(), (0...6).contains(weekday)
            else { return nil }
            return .weekdayOfMonth(month: month, week: week, weekday: weekday)
        }
    }
}
