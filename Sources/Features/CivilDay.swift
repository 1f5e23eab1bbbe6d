import LimpetEvents

/// The day of a moment at a stated offset from UTC.
package enum CivilDay {
    package static func number(time: Int64, offsetMinutes: Int) -> Int32 {
        let local = time + Int64(offsetMinutes) * 60_000
        return Int32(truncatingIfNeeded: local.flooredQuotient(by: TimeSpan.day.milliseconds))
    }
}
