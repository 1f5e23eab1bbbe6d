/// Conversions to civil days, counted from 1970-01-01.
package enum CivilDay {
    /// Returns the civil day of a time at a given offset from UTC.
    package static func number(time: Int64, offsetMinutes: Int) -> Int32 {
        Int32(truncatingIfNeeded: number(local: time + Int64(offsetMinutes) * 60_000))
    }

    /// Returns the civil day of a local time.
    @inline(__always)
    static func number(local: Int64) -> Int64 {
        let quotient = local / 86_400_000
        return quotient &- (local < quotient &* 86_400_000 ? 1 : 0)
    }
}
