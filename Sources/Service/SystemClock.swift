#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
public import LimpetEvents

/// The clocks of the system.
public enum SystemClock {
    /// Returns the current time, rounded down to the millisecond.
    @Sendable public static func now() -> Timestamp { Timestamp(milliseconds: milliseconds(CLOCK_REALTIME)) }

    /// Returns the milliseconds since the machine was started, those of its sleep among them.
    @Sendable public static func sinceBoot() -> Int64 {
        #if os(Linux)
            milliseconds(CLOCK_BOOTTIME)
        #else
            milliseconds(CLOCK_MONOTONIC)
        #endif
    }

    private static func milliseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
