/// A way of writing numbers or dates in a table's column, where these are no plain decimals.
///
///     let column = Notation.number(NumberNotation(mark: .comma, thousands: .opposite))
///     column.value("1.234,5")  // 1234.5
public enum Notation: Hashable, Sendable {
    /// Numbers with a decimal comma, with separators of thousands, or with a sign.
    case number(NumberNotation)
    /// Dates or times, which count as the days from them to a reference.
    case date(DateNotation, before: Timestamp)

    /// The year 2200, from which on dates stand for none, such as the end of an open contract on
    /// `9999-12-31`.
    static let farDates = Timestamp(milliseconds: 7_258_118_400_000)

    /// Returns the number that a text stands for, NaN for a date that stands for none; nil when it is not
    /// written so.
    public func value(_ text: String) -> Double? {
        switch self {
        case .number(let notation): notation.value(text)
        case .date(let notation, let reference):
            notation.time(text).map {
                $0 >= Self.farDates ? .nan : Double(reference.milliseconds - $0.milliseconds) / Self.day
            }
        }
    }

    /// True for dates and times.
    public var isDate: Bool {
        if case .date = self { true } else { false }
    }

    /// The milliseconds of a day of 24 hours.
    private static let day = 86_400_000.0

    /// Returns the days before another reference, of a value that counts those before this one; the result
    /// has the same bits as one that was read so.
    public func moving(_ value: Double, before reference: Timestamp) -> Double {
        guard case .date(_, let old) = self, !value.isNaN else { return value }
        let time = old.milliseconds - Int64((value * Self.day).rounded())
        return Double(reference.milliseconds - time) / Self.day
    }

    /// The words for what a value looks like, e.g. `a date such as 31/01/2025`.
    public var expectation: String {
        switch self {
        case .number(let notation): "a number such as \(notation.example)"
        case .date(let notation, _): "a date such as \(notation.example)"
        }
    }
}
