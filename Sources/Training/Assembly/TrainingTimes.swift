import Synchronization

/// Where the time of a training goes.
final class TrainingTimes: Sendable {
    private let binning = Mutex(Duration.zero)

    /// All time spent on binning so far.
    var binned: Duration { binning.withLock { $0 } }

    /// Does some binning and counts its time.
    func binning<Result>(_ work: () -> Result) -> Result {
        let start = ContinuousClock.now
        let result = work()
        let duration = start.duration(to: .now)
        binning.withLock { $0 += duration }
        return result
    }
}
