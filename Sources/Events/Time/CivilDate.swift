/// A date of the proleptic Gregorian calendar, without a time zone.
///
/// The conversions follow H. Hinnant, "chrono-compatible low-level date algorithms": years begin in March, so
/// that the leap day is the last of its year, and eras of 400 years repeat exactly.
public struct CivilDate: Hashable, Sendable {
    /// The year; 1 BC is 0.
    public var year: Int
    /// The month, 1 to 12.
    public var month: Int
    /// The day of the month, from 1.
    public var day: Int

    /// Makes a date; nil when it does not exist or its year is not within ±100,000.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), (1...Self.length(ofMonth: month, year: year)).contains(day),
            (-100_000...100_000).contains(year)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// Makes the date that lies `dayNumber` days after 1970-01-01.
    public init(dayNumber: Int64) {
        let shifted = Int(dayNumber) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01.
    public var dayNumber: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let monthFromMarch = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }

    /// The day of the week, 0 for Sunday.
    public var weekday: Int {
        let shifted = (dayNumber + 4) % 7
        return Int(shifted >= 0 ? shifted : shifted + 7)
    }

    static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension CivilDate: CustomStringConvertible {
    /// The date in ISO 8601, e.g. `1997-10-01`.
    public var description: String {
        "\(padded(Int64(year), to: 4))-\(padded(Int64(month), to: 2))-\(padded(Int64(day), to: 2))"
    }
}
