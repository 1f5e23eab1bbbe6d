/// A way of writing dates, each with a time of day or without.
public enum DateNotation: String, CaseIterable, Sendable {
    /// `2025-01-31`, `2025-01`, and all else that ``TimeParser`` reads by itself.
    case yearFirst
    /// `31/01/2025`, `31.1.25`, `31 Jan 2025` or `Jan-2025`
    case dayFirst
    /// `01/31/2025`, `Jan 31, 2025` or `Jan-2025`
    case monthFirst

    /// Returns the time that a text stands for, in UTC where it names no zone; nil when it is not written so.
    public func time(_ text: String) -> Timestamp? {
        switch self {
        case .yearFirst: Self.iso.parse(text)?.timestamp ?? Self.monthTime(text, isYearFirst: true)
        case .dayFirst, .monthFirst: civilTime(text) ?? Self.monthTime(text, isYearFirst: false)
        }
    }

    /// The years of months without a day; beyond them such texts are ranges of numbers.
    private static let monthYears = 1_900...2_100

    /// Returns the beginning of a month such as `2025-01` or `Jan-2025`.
    private static func monthTime(_ text: String, isYearFirst: Bool) -> Timestamp? {
        let parts = text.split(omittingEmptySubsequences: false) { "/.- ".contains($0) }
        guard parts.count == 2, let month = month(parts[isYearFirst ? 1 : 0]),
            let year = number(parts[isYearFirst ? 0 : 1], digits: 4...4), monthYears.contains(year),
            let date = CivilDate(year: year, month: month, day: 1)
        else { return nil }
        return Timestamp(milliseconds: date.dayNumber * 86_400_000)
    }

    private static let iso = TimeParser()
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// A date in this notation.
    public var example: String {
        switch self {
        case .yearFirst: "2025-01-31"
        case .dayFirst: "31/01/2025"
        case .monthFirst: "01/31/2025"
        }
    }

    private func civilTime(_ text: String) -> Timestamp? {
        let isSeparator: (Character) -> Bool = { "/.- ,".contains($0) }
        let parts = text.split(maxSplits: 3, whereSeparator: isSeparator)
        guard parts.count >= 3, parts[0].startIndex == text.startIndex, Self.isJoined(text, parts),
            let year = Self.year(parts[2])
        else { return nil }
        let (dayPart, monthPart) = self == .dayFirst ? (parts[0], parts[1]) : (parts[1], parts[0])
        guard let day = Self.number(dayPart, digits: 1...2), let month = Self.month(monthPart),
            let date = CivilDate(year: year, month: month, day: day),
            let clock = parts.count > 3 ? Self.clock(parts[3]) : 0
        else { return nil }
        return Timestamp(milliseconds: date.dayNumber * 86_400_000 + clock)
    }

    /// Returns true where the same character stands between day, month and year, or a month's name does.
    /// Points stand in dates with the day first alone, which the order of the parts has to say.
    private static func isJoined(_ text: String, _ parts: [Substring]) -> Bool {
        let first = text[parts[0].endIndex]
        let second = text[parts[1].endIndex]
        if parts[0].first?.isLetter == true || parts[1].first?.isLetter == true {
            // Between words stand one or two characters, as in `Jan 31, 2025`.
            return text[parts[1].endIndex..<parts[2].startIndex].count <= 2
        }
        return first == second && "/.-".contains(first)
            && text.distance(from: parts[0].startIndex, to: parts[2].startIndex)
                == parts[0].count + parts[1].count + 2
    }

    private static func number(_ text: Substring, digits: ClosedRange<Int>) -> Int? {
        digits.contains(text.utf8.count) && text.utf8.allSatisfy { $0 &- 48 < 10 } ? Int(text) : nil
    }

    private static func month(_ text: Substring) -> Int? {
        if let number = number(text, digits: 1...2) { return number }
        guard text.count >= 3, text.count <= 9, text.allSatisfy(\.isLetter) else { return nil }
        return months.firstIndex(of: String(text.prefix(3)).lowercased()).map { $0 + 1 }
    }

    /// Returns a year of four digits, or that of two, which lies from 1969 to 2068 as POSIX has it.
    private static func year(_ text: Substring) -> Int? {
        if let year = number(text, digits: 4...4) { return year }
        return number(text, digits: 2...2).map { $0 + ($0 < 69 ? 2_000 : 1_900) }
    }

    /// Returns the milliseconds since midnight of `10:30`, `10:30:15`, `10:30:15.5` or `10:30 PM`.
    private static func clock(_ text: Substring) -> Int64? {
        let words = text.split(separator: " ")
        guard let first = words.first, words.count <= 2 else { return nil }
        var parts = first.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, var hour = number(parts[0], digits: 1...2),
            let minute = number(parts[1], digits: 2...2), hour < 24, minute < 60
        else { return nil }
        if words.count == 2 {
            let half = words[1].lowercased()
            guard half == "am" || half == "pm", (1...12).contains(hour) else { return nil }
            hour = hour % 12 + (half == "pm" ? 12 : 0)
        }
        var fraction: Int64 = 0
        if parts.count == 3, let point = parts[2].firstIndex(of: ".") {
            guard let part = Double("0" + parts[2][point...]), part < 1 else { return nil }
            fraction = Int64((part * 1_000).rounded(.down))
            parts[2] = parts[2][..<point]
        }
        let second = parts.count == 3 ? number(parts[2], digits: 2...2) : 0
        guard let second, second < 60 else { return nil }
        return Int64((hour * 60 + minute) * 60 + second) * 1_000 + fraction
    }
}
