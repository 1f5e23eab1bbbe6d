package import LimpetEvents
package import LimpetFeatures

extension SnapshotTable {
    /// Extracts snapshots, and reports progress by users.
    ///
    /// - Parameter asKnown: whether each snapshot sees only what had arrived by its time.
    /// - Throws: `MissingColumnError` when the log lacks a property.
    package static func extract(
        from log: EventLog, plan: FeaturePlan, at snapshotTimes: [Timestamp], dataUntil: Timestamp,
        asKnown: Bool = false, threads: Int, observer: any PipelineObserver
    ) async throws -> SnapshotTable {
        let stage = observer.begin("extracting")
        defer { stage.finish() }
        let done = Counter()
        let total = Double(max(1, log.users.count))
        let progress: @Sendable (Int) -> Void = { stage.update(Double(done.add($0)) / total) }
        return asKnown
            ? try await SnapshotTable.extractKnown(
                from: log, plan: plan, at: snapshotTimes, dataUntil: dataUntil, threads: threads,
                progress: progress)
            : try await SnapshotTable.extract(
                from: log, plan: plan, at: snapshotTimes, dataUntil: dataUntil, threads: threads,
                progress: progress)
    }
}
