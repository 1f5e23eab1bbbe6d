/// A length of time in milliseconds. A day has 24 hours here; for civil days see ``TimeZoneRules``.
public struct TimeSpan: Hashable, Comparable, Sendable {
    /// The length in milliseconds.
    public var milliseconds: Int64

    /// Makes a span of a number of milliseconds.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// One second.
    public static let second = TimeSpan(milliseconds: 1_000)
    /// One minute.
    public static let minute = TimeSpan(milliseconds: 60_000)
    /// One hour.
    public static let hour = TimeSpan(milliseconds: 3_600_000)
    /// Twenty-four hours.
    public static let day = TimeSpan(milliseconds: 86_400_000)

    /// Returns a span of `count` days of 24 hours.
    public static func days(_ count: Int64) -> TimeSpan {
        TimeSpan(milliseconds: count * day.milliseconds)
    }

    /// The length in days of 24 hours.
    public var days: Double { Double(milliseconds) / Double(TimeSpan.day.milliseconds) }

    /// Returns true if the first span is shorter.
    public static func < (left: TimeSpan, right: TimeSpan) -> Bool {
        left.milliseconds < right.milliseconds
    }
}

extension TimeSpan: LosslessStringConvertible {
    private static let units: [(suffix: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000),
    ]

    /// The longest span that a text may give, so that no sum of a span and a time overflows.
    private static let longest = TimeSpan.days(1_000_000)

    /// Parses a whole number with a unit: `500ms`, `30s`, `15m`, `12h`, `28d` or `8w`; nil for anything else,
    /// and for more than 1,000,000 days.
    public init?(_ description: String) {
        let digits = description.prefix { $0.isASCII && $0.isNumber }
        let suffix = description.dropFirst(digits.count)
        guard let count = Int64(digits), let unit = Self.units.first(where: { $0.suffix == suffix }) else {
            return nil
        }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit.milliseconds)
        guard !overflow, product <= Self.longest.milliseconds else { return nil }
        self.init(milliseconds: product)
    }

    /// The span in the largest unit up to days of which it is a multiple, e.g. `28d` or `36h`.
    public var description: String {
        let fitting = Self.units.last { $0.suffix != "w" && milliseconds % $0.milliseconds == 0 }
        guard milliseconds != 0, let unit = fitting else { return "\(milliseconds)ms" }
        return "\(milliseconds / unit.milliseconds)\(unit.suffix)"
    }
}
