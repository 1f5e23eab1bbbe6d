/// A point in time: milliseconds since 1970-01-01T00:00:00Z, as a signed 64-bit integer.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public var milliseconds: Int64

    /// Makes the time `milliseconds` after 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Returns true if the first time is earlier.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// Returns the time `span` later.
    public static func + (time: Timestamp, span: TimeSpan) -> Timestamp {
        Timestamp(milliseconds: time.milliseconds + span.milliseconds)
    }

    /// Returns the time `span` earlier.
    public static func - (time: Timestamp, span: TimeSpan) -> Timestamp {
        Timestamp(milliseconds: time.milliseconds - span.milliseconds)
    }
}

extension Timestamp: CustomStringConvertible {
    /// The time in UTC in RFC 3339, e.g. `2011-09-01T00:00:00Z`; milliseconds only when they are not 0.
    public var description: String {
        let day = milliseconds.flooredQuotient(by: TimeSpan.day.milliseconds)
        let rest = milliseconds - day * TimeSpan.day.milliseconds
        let clock =
            [rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60]
            .map { padded($0, to: 2) }.joined(separator: ":")
        let fraction = rest % 1_000 == 0 ? "" : "." + padded(rest % 1_000, to: 3)
        return "\(CivilDate(dayNumber: day))T\(clock)\(fraction)Z"
    }
}

/// Returns `value` in decimal, with leading zeros up to `width` digits.
func padded(_ value: Int64, to width: Int) -> String {
    let digits = String(value.magnitude)
    let zeros = String(repeating: "0", count: max(0, width - digits.count))
    return (value < 0 ? "-" : "") + zeros + digits
}

extension Int64 {
    /// Returns the quotient rounded towards minus infinity, so that times before 1970 fall into the right
    /// day.
    @inlinable
    package func flooredQuotient(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return (self % divisor != 0) && ((self < 0) != (divisor < 0)) ? quotient - 1 : quotient
    }
}
