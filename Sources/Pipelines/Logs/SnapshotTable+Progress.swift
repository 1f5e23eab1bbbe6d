package import LimpetEvents
package import LimpetFeatures

extension SnapshotTable {
    /// The number of values of snapshots that are extracted together: 128 MB of numbers.
    static let partValues = 1 << 24

    /// Returns the number of users whose snapshots have at most a number of values, or one.
    static func mostUsers(_ values: Int = partValues, features: Int, times: Int) -> Int {
        max(1, values / max(1, features * times))
    }

    /// Extracts snapshots, and reports progress by users.
    ///
    /// - Parameters:
    ///   - some: the users to extract, as indices into the log's users; nil for all.
    ///   - asKnown: whether each snapshot sees only what had arrived by its time.
    /// - Throws: `MissingColumnError` when the log lacks a property.
    package static func extract(
        from log: EventLog, plan: FeaturePlan, at snapshotTimes: [Timestamp], dataUntil: Timestamp,
        users some: Range<Int>? = nil, asKnown: Bool = false, threads: Int, observer: any PipelineObserver
    ) async throws -> SnapshotTable {
        let stage = observer.begin("extracting")
        defer { stage.finish() }
        let done = Counter()
        let total = Double(max(1, (some ?? log.users.indices).count))
        let progress: @Sendable (Int) -> Void = { stage.update(Double(done.add($0)) / total) }
        return asKnown
            ? try await SnapshotTable.extractKnown(
                from: log, plan: plan, at: snapshotTimes, dataUntil: dataUntil, users: some,
                threads: threads, progress: progress)
            : try await SnapshotTable.extract(
                from: log, plan: plan, at: snapshotTimes, dataUntil: dataUntil, users: some,
                threads: threads, progress: progress)
    }
}
