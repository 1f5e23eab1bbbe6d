/// The format in which an input writes times.
public enum TimeFormat: Hashable, Sendable {
    /// ISO 8601 dates and date-times, `yyyyMMdd`, and Unix times told apart by their number of digits.
    case automatic
    /// Unix time with 1, 1,000, 1,000,000 or 1,000,000,000 units in a second.
    case unix(unitsPerSecond: Int64)
    /// A pattern of `strftime`: `%Y %m %d %H %M %S %f %y %b %j %e %I %p %z %s %T %F %%` and plain text.
    case pattern(String)

    /// Parses a setting: `auto`, `s`, `ms`, `us`, `ns`, or a pattern with at least one `%`; nil for anything
    /// else.
    public init?(setting: String) {
        switch setting {
        case "auto": self = .automatic
        case "s": self = .unix(unitsPerSecond: 1)
        case "ms": self = .unix(unitsPerSecond: 1_000)
        case "us": self = .unix(unitsPerSecond: 1_000_000)
        case "ns": self = .unix(unitsPerSecond: 1_000_000_000)
        default:
            guard setting.contains("%") else { return nil }
            self = .pattern(setting)
        }
    }

    /// The setting from which this format is parsed.
    public var setting: String {
        switch self {
        case .automatic: "auto"
        case .unix(1): "s"
        case .unix(1_000): "ms"
        case .unix(1_000_000): "us"
        case .unix: "ns"
        case .pattern(let pattern): pattern
        }
    }
}

/// A parsed time: its timestamp, its offset and the precision in which it was written.
public struct ParsedTime: Hashable, Sendable {
    /// The time.
    public var timestamp: Timestamp
    /// Minutes east of UTC; nil when the text gave no offset, or `Z`, which gives no place.
    public var zoneOffsetMinutes: Int?
    /// The smallest unit that the text could express.
    public var resolution: TimeResolution
}

/// The precision in which times are written.
public enum TimeResolution: Int, Comparable, Sendable, CaseIterable {
    /// Milliseconds.
    case millisecond
    /// Seconds.
    case second
    /// Minutes.
    case minute
    /// Days.
    case day

    /// The length of one unit. A day has 24 hours here; ``roundUp(_:in:)`` uses civil days.
    public var span: TimeSpan {
        switch self {
        case .millisecond: TimeSpan(milliseconds: 1)
        case .second: .second
        case .minute: .minute
        case .day: .day
        }
    }

    /// Returns true if the first resolution is finer.
    public static func < (left: TimeResolution, right: TimeResolution) -> Bool {
        left.rawValue < right.rawValue
    }

    /// Returns the exclusive end of the unit that contains `time`: for days, the next midnight in `zone`.
    public func roundUp(_ time: Timestamp, in zone: TimeZoneRules) -> Timestamp {
        if self == .day {
            return zone.timestamp(ofLocal: (zone.dayNumber(at: time) + 1) * TimeSpan.day.milliseconds)
        }
        let unit = span.milliseconds
        return Timestamp(milliseconds: (time.milliseconds.flooredQuotient(by: unit) + 1) * unit)
    }
}
