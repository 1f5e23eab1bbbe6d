/// An event log of invented users, and the true probabilities behind it.
///
/// The same settings give the same bytes, on any number of threads.
public struct Simulation: Sendable {
    /// What is simulated; all within their ranges.
    public let settings: SimulationSettings
    let law: Law

    /// Checks the settings.
    ///
    /// - Throws: ``SimulationSettingsError`` naming the first setting outside its range.
    public init(_ settings: SimulationSettings) throws(SimulationSettingsError) {
        try settings.check()
        self.settings = settings
        law = Law(settings)
    }

    /// What a run has made.
    public struct Summary: Hashable, Sendable {
        /// Rows of the log, without its header.
        public var events = 0
        /// Users who have cancelled within the log.
        public var cancellations = 0
        /// Rows of truth, over all snapshots.
        public var truthRows = 0
    }

    /// Simulates day by day and hands over log and truth as they come to be.
    ///
    /// - Parameters:
    ///   - threads: how many tasks work at a time, at least 1; without influence on the result.
    ///   - progress: hears the share of the work that is done, ascending from 0 to 1.
    ///   - events: takes the next bytes of the log, CSV in UTF-8: first the header, then whole rows by time,
    ///     and by user at equal times.
    ///   - truth: takes the rows of one snapshot, by user; snapshots come by time.
    /// - Returns: the counts.
    /// - Throws: what `events` and `truth` throw; `CancellationError` when the task is cancelled.
    public func run(
        threads: Int,
        progress: (Double) -> Void = { _ in },
        events: ([UInt8]) throws -> Void,
        truth: ([TruthRow]) throws -> Void
    ) async throws -> Summary {
        var course = SimulationCourse(self, threads: threads)
        try await course.begin()
        try events(Array(SimulatedRow.header.utf8))
        try events(course.takeLog())
        for day in 0...settings.days {
            try await course.openSnapshot(day, progress: progress)
            for rows in course.closeSnapshots(day) { try truth(rows) }
            guard day < settings.days else { break }
            try await course.simulateDay(day, progress: progress)
            try events(course.takeLog())
        }
        progress(1)
        return course.summary
    }
}
