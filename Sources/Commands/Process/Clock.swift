import Glibc
import LimpetEvents

/// The wall clock. Only commands read it; all other modules are given the time.
enum Clock {
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// The seconds that each stage took, for reports.
struct Stopwatch {
    private var last = ContinuousClock.now
    private(set) var stages: [(name: String, seconds: Double)] = []

    /// Ends a stage; seconds of `parts` are listed as stages of their own.
    mutating func lap(_ name: String, beside parts: [(name: String, seconds: Double)] = []) {
        let now = ContinuousClock.now
        let duration = last.duration(to: now).components
        let seconds = Double(duration.seconds) + Double(duration.attoseconds) / 1e18
        stages += parts
        stages.append((name, parts.reduce(seconds) { $0 - $1.seconds }))
        last = now
    }
}
