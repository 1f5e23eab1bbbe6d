import Synchronization

/// The time that a training spends on binning.
final class TrainingTimes: Sendable {
    private let binning = Mutex(Duration.zero)

    /// The total time of binning so far.
    var binned: Duration { binning.withLock { $0 } }

    /// Runs the given binning and adds its time.
    func binning<Result>(_ work: () -> Result) -> Result {
        let start = ContinuousClock.now
        let result = work()
        let duration = start.duration(to: .now)
        binning.withLock { $0 += duration }
        return result
    }
}
