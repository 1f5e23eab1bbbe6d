/// How the times of an input are written.
public enum TimeFormat: Hashable, Sendable {
    /// ISO 8601 dates and date-times, `yyyyMMdd`, and Unix times told apart by their number of digits.
    case automatic
    /// Unix time with so many units in a second: 1, 1,000, 1,000,000 or 1,000,000,000.
    case unix(unitsPerSecond: Int64)
    /// A pattern of `strftime`: `%Y %m %d %H %M %S %f %y %b %j %e %I %p %z %s %T %F %%` and plain text.
    case pattern(String)

    /// Reads a setting: `auto`, `s`, `ms`, `us`, `ns`, or a pattern with at least one `%`. Nil otherwise.
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

    /// The setting that gives this format.
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

/// A time as it was read: the moment, the offset it named, and how finely it was written.
public struct ParsedTime: Hashable, Sendable {
    /// The moment.
    public var timestamp: Timestamp
    /// Minutes east of UTC, where the text gave an offset other than `Z`, which names no place.
    public var zoneOffsetMinutes: Int?
    /// The smallest unit that the text could express.
    public var resolution: TimeResolution
}

/// How finely times are written.
public enum TimeResolution: Int, Comparable, Sendable, CaseIterable {
    /// To the millisecond.
    case millisecond
    /// To the second.
    case second
    /// To the minute.
    case minute
    /// To the day.
    case day

    /// The length of one unit. A day's is 24 hours; ``roundUp(_:in:)`` knows civil days.
    public var span: TimeSpan {
        switch self {
        case .millisecond: TimeSpan(milliseconds: 1)
        case .second: .second
        case .minute: .minute
        case .day: .day
        }
    }

    /// Whether the first is finer.
    public static func < (left: TimeResolution, right: TimeResolution) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The end (exclusive) of the unit that contains `time`: for days, the next midnight in `zone`.
    public func roundUp(_ time: Timestamp, in zone: TimeZoneRules) -> Timestamp {
        if self == .day {
            return zone.moment(ofLocal: (zone.dayNumber(at: time) + 1) * TimeSpan.day.milliseconds)
        }
        let unit = span.milliseconds
        return Timestamp(milliseconds: (time.milliseconds.flooredQuotient(by: unit) + 1) * unit)
    }
}
