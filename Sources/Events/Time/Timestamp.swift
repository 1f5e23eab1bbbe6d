/// A moment: milliseconds since 1970-01-01T00:00:00Z, as a signed 64-bit integer.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public var milliseconds: Int64

    /// Makes the moment `milliseconds` after 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Whether the first moment is earlier.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment `span` later.
    public static func + (time: Timestamp, span: TimeSpan) -> Timestamp {
        Timestamp(milliseconds: time.milliseconds + span.milliseconds)
    }

    /// The moment `span` earlier.
    public static func - (time: Timestamp, span: TimeSpan) -> Timestamp {
        Timestamp(milliseconds: time.milliseconds - span.milliseconds)
    }
}

extension Timestamp: CustomStringConvertible {
    /// The moment in UTC as RFC 3339 writes it, e.g. `2011-09-01T00:00:00Z`; milliseconds only if there are any.
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

/// `value` in decimal, with zeros in front up to `width` digits.
func padded(_ value: Int64, to width: Int) -> String {
    let digits = String(value.magnitude)
    let zeros = String(repeating: "0", count: max(0, width - digits.count))
    return (value < 0 ? "-" : "") + zeros + digits
}

extension Int64 {
    /// The quotient rounded towards minus infinity, so that moments before 1970 fall into the right day.
    @inlinable
    package func flooredQuotient(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return (self % divisor != 0) && ((self < 0) != (divisor < 0)) ? quotient - 1 : quotient
    }
}
