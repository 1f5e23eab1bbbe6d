/// Civil days, counted from 1970-01-01.
package enum CivilDay {
    /// The day of a snapshot time at a stated offset from UTC.
    package static func number(time: Int64, offsetMinutes: Int) -> Int32 {
        Int32(truncatingIfNeeded: number(local: time + Int64(offsetMinutes) * 60_000))
    }

    /// The day of a time on a clock.
    @inline(__always)
    static func number(local: Int64) -> Int64 {
        let quotient = local / 86_400_000
        return quotient &- (local < quotient &* 86_400_000 ? 1 : 0)
    }
}
