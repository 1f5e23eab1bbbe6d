/// One element of a `strftime` pattern: a literal byte or a field.
enum PatternElement: Sendable {
    case literal(UInt8)
    case field(UInt8)

    static func parse(_ text: String) -> [PatternElement] {
        var elements: [PatternElement] = []
        var isField = false
        for byte in text.utf8 {
            if isField {
                switch byte {
                case UInt8(ascii: "%"): elements.append(.literal(byte))
                case UInt8(ascii: "T"): elements += parse("%H:%M:%S")
                case UInt8(ascii: "F"): elements += parse("%Y-%m-%d")
                default: elements.append(.field(byte))
                }
                isField = false
            } else if byte == UInt8(ascii: "%") {
                isField = true
            } else {
                elements.append(.literal(byte))
            }
        }
        return elements
    }

    static func resolution(of pattern: [PatternElement]) -> TimeResolution {
        let fields = pattern.compactMap { if case .field(let field) = $0 { field } else { nil } }
        let finest: [(field: Character, resolution: TimeResolution)] = [
            ("f", .millisecond), ("S", .second), ("s", .second),
            ("M", .minute), ("H", .minute), ("I", .minute),
        ]
        let found = finest.first { pair in pair.field.asciiValue.map(fields.contains) ?? false }
        return found?.resolution ?? .day
    }

    func read(_ scanner: inout DigitScanner, into time: inout LocalTime) -> Bool {
        switch self {
        case .literal(let byte):
            return scanner.take(byte)
        case .field(let field):
            return Self.readDate(field, &scanner, into: &time) || Self.readClock(field, &scanner, into: &time)
        }
    }

    private static func readDate(
        _ field: UInt8, _ scanner: inout DigitScanner, into time: inout LocalTime
    ) -> Bool {
        switch Character(UnicodeScalar(field)) {
        case "Y": return assign(scanner.number(digits: 4), to: &time.year)
        case "y":
            guard let short = scanner.number(digits: 2) else { return false }
            time.year = short < 69 ? 2_000 + short : 1_900 + short
            return true
        case "m": return assign(scanner.number(upTo: 2), to: &time.month)
        case "b", "B": return assign(scanner.monthName(), to: &time.month)
        case "d": return assign(scanner.number(upTo: 2), to: &time.day)
        case "e":
            _ = scanner.take(UInt8(ascii: " "))
            return assign(scanner.number(upTo: 2), to: &time.day)
        case "j":
            time.dayOfYear = scanner.number(digits: 3)
            return time.dayOfYear != nil
        default: return false
        }
    }

    private static func readClock(
        _ field: UInt8, _ scanner: inout DigitScanner, into time: inout LocalTime
    ) -> Bool {
        switch Character(UnicodeScalar(field)) {
        case "H", "I": return assign(scanner.number(upTo: 2), to: &time.hour)
        case "M": return assign(scanner.number(digits: 2), to: &time.minute)
        case "S": return assign(scanner.number(digits: 2), to: &time.second)
        case "f": return readFraction(&scanner, into: &time)
        case "p": return readHalfOfDay(&scanner, into: &time)
        case "z": return scanner.zone(into: &time)
        case "s":
            time.unixSeconds = scanner.signedInteger()
            (time.zoneOffsetMinutes, time.isZulu) = (0, true)
            return time.unixSeconds != nil
        default: return false
        }
    }

    private static func assign(_ value: Int?, to field: inout Int) -> Bool {
        guard let value else { return false }
        field = value
        return true
    }

    /// Reads the digits of a fraction; the point before them is a literal of the pattern.
    private static func readFraction(_ scanner: inout DigitScanner, into time: inout LocalTime) -> Bool {
        var (value, scale, count) = (0, 100, 0)
        while let digit = scanner.number(upTo: 1) {
            value += digit * scale
            scale /= 10
            count += 1
        }
        time.millisecond = value
        return count > 0
    }

    private static func readHalfOfDay(_ scanner: inout DigitScanner, into time: inout LocalTime) -> Bool {
        let isAfternoon = scanner.take(UInt8(ascii: "P")) || scanner.take(UInt8(ascii: "p"))
        let isMorning = !isAfternoon && (scanner.take(UInt8(ascii: "A")) || scanner.take(UInt8(ascii: "a")))
        time.isAfternoon = isAfternoon
        return (isAfternoon || isMorning)
            && (scanner.take(UInt8(ascii: "M")) || scanner.take(UInt8(ascii: "m")))
    }
}
