/// A simulator of event logs of artificial users, with the true probability of the label for each.
///
///     let simulation = try Simulation(SimulationSettings())
///     let summary = try await simulation.run(threads: 4, events: { log += $0 }, truth: { rows += $0 })
///     print(summary.events, summary.truthRows)
///
/// The same settings give the same bytes, on any number of threads.
public struct Simulation: Sendable {
    /// The settings, all within their ranges.
    public let settings: SimulationSettings
    let law: Law

    /// Makes a simulation after checking its settings.
    ///
    /// - Throws: ``SimulationSettingsError`` with the first setting outside its range.
    public init(_ settings: SimulationSettings) throws(SimulationSettingsError) {
        try settings.check()
        self.settings = settings
        law = Law(settings)
    }

    /// The counts of a finished run.
    public struct Summary: Hashable, Sendable {
        /// The number of rows of the log, without its header.
        public var events = 0
        /// The number of users who cancelled within the log.
        public var cancellations = 0
        /// The number of rows of truth, over all snapshots.
        public var truthRows = 0
    }

    /// Simulates day by day, and passes on log and truth as they are produced.
    ///
    /// - Parameters:
    ///   - threads: the number of tasks that work in parallel, at least 1; the result does not depend on it.
    ///   - progress: called with the share of the work that is done, ascending from 0 to 1.
    ///   - events: receives the next bytes of the log, CSV in UTF-8: first the header, then whole rows
    ///     ordered by time, and by user at equal times.
    ///   - truth: receives the rows of one snapshot, ordered by user; snapshots are ordered by time.
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
