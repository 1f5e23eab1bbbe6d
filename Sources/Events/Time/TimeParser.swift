/// A parser of times in one format, with one zone for local times.
public struct TimeParser: Sendable {
    /// The format of the texts.
    public let format: TimeFormat
    /// The zone of times that name none.
    public let zone: TimeZoneRules
    private let isUTC: Bool
    private let pattern: [PatternElement]

    /// Makes a parser.
    public init(format: TimeFormat = .automatic, zone: TimeZoneRules = .utc) {
        self.format = format
        self.zone = zone
        isUTC = zone == .utc
        if case .pattern(let text) = format {
            pattern = PatternElement.parse(text)
        } else {
            pattern = []
        }
    }

    /// Parses a time; nil when the text does not match the format.
    public func parse(_ text: String) -> ParsedTime? {
        var text = text
        return text.withUTF8 { parse(bytes: $0.span) }
    }

    /// Parses a time given as ASCII bytes; nil when they do not match the format.
    public func parse(bytes: Span<UInt8>) -> ParsedTime? {
        var scanner = DigitScanner(bytes)
        switch format {
        case .unix(let unitsPerSecond):
            return unixTime(&scanner, unitsPerSecond: unitsPerSecond)
        case .pattern:
            return patternTime(&scanner)
        case .automatic:
            return automaticTime(bytes)
        }
    }

    /// The expected input as it is named in error messages, e.g. `a time like 2025-01-31T09:30:00Z`.
    public var expectation: String {
        switch format {
        case .automatic:
            "a time like 2025-01-31, 2025-01-31T09:30:00Z, 20250131 or Unix seconds or milliseconds"
        case .unix(let unitsPerSecond): "Unix time with \(unitsPerSecond) units a second"
        case .pattern(let text): "a time like \(text)"
        }
    }

    private func automaticTime(_ bytes: Span<UInt8>) -> ParsedTime? {
        var digits = DigitScanner(bytes)
        if bytes.count >= 8, digits.skipDigits() == bytes.count {
            var scanner = DigitScanner(bytes)
            switch bytes.count {
            case 8: return compactDate(&scanner)
            case 9, 10: return unixTime(&scanner, unitsPerSecond: 1)
            case 12, 13: return unixTime(&scanner, unitsPerSecond: 1_000)
            case 16: return unixTime(&scanner, unitsPerSecond: 1_000_000)
            case 19: return unixTime(&scanner, unitsPerSecond: 1_000_000_000)
            default: return nil
            }
        }
        var scanner = DigitScanner(bytes)
        return isoTime(&scanner) ?? compactTime(bytes) ?? fractionalUnixTime(bytes)
    }

    /// Parses `20250131T093000Z`.
    private func compactTime(_ bytes: Span<UInt8>) -> ParsedTime? {
        var scanner = DigitScanner(bytes)
        guard var time = compactDay(&scanner), scanner.takeDayEnd(), let hour = scanner.number(digits: 2),
            let minute = scanner.number(digits: 2)
        else { return nil }
        (time.hour, time.minute) = (hour, minute)
        var resolution = TimeResolution.minute
        if let second = scanner.number(digits: 2) {
            time.second = second
            resolution = .second
        }
        return finish(&scanner, time, resolution)
    }

    /// Parses Unix seconds with a fraction, as `1735725600.25`, and milliseconds with one.
    private func fractionalUnixTime(_ bytes: Span<UInt8>) -> ParsedTime? {
        var digits = DigitScanner(bytes)
        let count = digits.skipDigits()
        guard digits.next == UInt8(ascii: ".") else { return nil }
        var scanner = DigitScanner(bytes)
        switch count {
        case 9, 10: return unixTime(&scanner, unitsPerSecond: 1)
        case 12, 13: return unixTime(&scanner, unitsPerSecond: 1_000)
        default: return nil
        }
    }

    private func compactDate(_ scanner: inout DigitScanner) -> ParsedTime? {
        compactDay(&scanner).flatMap { assemble($0, resolution: .day) }
    }

    private func compactDay(_ scanner: inout DigitScanner) -> LocalTime? {
        guard let year = scanner.number(digits: 4), let month = scanner.number(digits: 2),
            let day = scanner.number(digits: 2)
        else { return nil }
        return LocalTime(year: year, month: month, day: day)
    }

    private func unixTime(_ scanner: inout DigitScanner, unitsPerSecond: Int64) -> ParsedTime? {
        let isNegative = scanner.next == UInt8(ascii: "-")
        guard let value = scanner.signedInteger(), scanner.isAtEnd || scanner.fraction() != nil,
            scanner.isAtEnd
        else { return nil }
        let fraction = scanner.fractionMilliseconds.map { isNegative ? -$0 : $0 }
        let milliseconds =
            unitsPerSecond == 1
            ? value.multipliedReportingOverflow(by: 1_000)
            : (partialValue: value.flooredQuotient(by: unitsPerSecond / 1_000), overflow: false)
        guard !milliseconds.overflow, Self.range.contains(milliseconds.partialValue) else { return nil }
        let isWhole = unitsPerSecond == 1 && fraction == nil
        return ParsedTime(
            timestamp: Timestamp(
                milliseconds: milliseconds.partialValue + (unitsPerSecond == 1 ? Int64(fraction ?? 0) : 0)),
            zoneOffsetMinutes: nil, resolution: isWhole ? .second : .millisecond)
    }

    private func isoTime(_ scanner: inout DigitScanner) -> ParsedTime? {
        guard let year = scanner.number(digits: 4) else { return nil }
        let separator: UInt8 = scanner.next == UInt8(ascii: "/") ? UInt8(ascii: "/") : UInt8(ascii: "-")
        guard scanner.take(separator), let month = scanner.number(digits: 2), scanner.take(separator),
            let day = scanner.number(digits: 2)
        else { return nil }
        var time = LocalTime(year: year, month: month, day: day)
        if scanner.isAtEnd { return assemble(time, resolution: .day) }
        guard scanner.takeDayEnd(),
            let hour = scanner.number(digits: 2), scanner.take(UInt8(ascii: ":")),
            let minute = scanner.number(digits: 2)
        else { return nil }
        (time.hour, time.minute) = (hour, minute)
        var resolution = TimeResolution.minute
        if scanner.take(UInt8(ascii: ":")) {
            guard let second = scanner.number(digits: 2) else { return nil }
            time.second = second
            resolution = .second
        }
        return finish(&scanner, time, resolution)
    }

    /// Reads what may follow the digits of a time: a fraction of seconds, and a zone.
    private func finish(
        _ scanner: inout DigitScanner, _ clock: LocalTime, _ digits: TimeResolution
    ) -> ParsedTime? {
        var (time, resolution) = (clock, digits)
        if resolution == .second, scanner.next == UInt8(ascii: ".") || scanner.next == UInt8(ascii: ",") {
            guard let fraction = scanner.fraction() else { return nil }
            time.millisecond = fraction
            resolution = .millisecond
        }
        guard scanner.isAtEnd || scanner.separateZone(into: &time), scanner.isAtEnd else { return nil }
        return assemble(time, resolution: resolution)
    }

    private func patternTime(_ scanner: inout DigitScanner) -> ParsedTime? {
        var time = LocalTime()
        for element in pattern {
            guard element.read(&scanner, into: &time) else { return nil }
        }
        guard scanner.isAtEnd else { return nil }
        return assemble(time, resolution: PatternElement.resolution(of: pattern))
    }

    /// The range of accepted times in milliseconds: no calendar shows times beyond it, and sums with spans
    /// could overflow.
    private static let range: ClosedRange<Int64> = -(1 << 51)...(1 << 51)

    private func assemble(_ time: LocalTime, resolution: TimeResolution) -> ParsedTime? {
        guard let local = time.millisecondsSince1970, Self.range.contains(local) else { return nil }
        if let minutes = time.zoneOffsetMinutes {
            return ParsedTime(
                timestamp: Timestamp(milliseconds: local - Int64(minutes) * 60_000),
                zoneOffsetMinutes: time.isZulu ? nil : minutes, resolution: resolution)
        }
        let moment = isUTC ? Timestamp(milliseconds: local) : zone.timestamp(ofLocal: local)
        return ParsedTime(timestamp: moment, zoneOffsetMinutes: nil, resolution: resolution)
    }
}
