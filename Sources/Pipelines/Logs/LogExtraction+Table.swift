import LimpetEvents
package import LimpetFeatures
package import LimpetParallel
package import LimpetScoring

extension LogExtraction {
    /// Makes an extraction of a model's features, for its population.
    ///
    /// - Parameter otherLabel: the label to extract instead of the model's own.
    /// - Throws: ``RequestError`` when the model is of a table.
    package init(
        _ verified: ModelFile.Verified, source: LogSource, otherLabel: Label?, snapshots: SnapshotSettings,
        asKnown: Bool, threads: Int
    ) throws(RequestError) {
        guard case .log(let set, let population, let label) = verified.scorer.model.source else {
            throw RequestError("the model is of a flat table, which has no features to extract")
        }
        self.init(
            source, label: otherLabel ?? label, population: population, snapshots: snapshots,
            features: .set(set), asKnown: asKnown, threads: threads)
        (requiresLabel, requiresPopulation) = (otherLabel != nil, false)
    }

    /// Writes the features as a table, one user at one snapshot time a row.
    ///
    /// - Parameter clock: is told the stages.
    /// - Returns: the number of rows and of features.
    package func write(
        to path: String, clock: StageClock = StageClock()
    ) async throws -> (rows: Int, features: Int) {
        clock.begin(.read)
        if let set = features.given { return try await write(set, to: path, clock) }
        // A proposal looks at the whole log.
        let extracted = try await run(clock: clock)
        clock.begin(.write)
        let features = extracted.plan.featureSet.features
        let writer = try FeatureTableWriter(path: path, features: features)
        try writer.write(extracted.table, of: extracted.log, threads: threads)
        try writer.finish()
        return (writer.count, features.count)
    }

    /// Extracts in partitions of users where the log allows it, so that memory does not grow with the log.
    private func write(
        _ set: FeatureSet, to path: String, _ clock: StageClock
    ) async throws -> (rows: Int, features: Int) {
        let plan = try FeaturePlan(set, population: population, label: label, zone: set.zoneRules())
        let columns = set.columns
        let pass = try LogPass(source, amounts: columns.numbers, texts: columns.texts)
        let snapshotTimes = try snapshotTimes(span: pass.span, end: pass.end)
        let writer = try FeatureTableWriter(path: path, features: set.features)
        let stage = source.observer.begin("extracting")
        defer { stage.finish() }
        let most = SnapshotTable.mostUsers(
            partValues, features: set.features.count, times: snapshotTimes.count)
        try await pass.forEachPart(mostUsers: most) { part in
            clock.begin(.extract)
            if part.isFirst { try check(part.log, part.known, set) }
            let table = try await SnapshotTable.extract(
                from: part.log, plan: plan, at: snapshotTimes, dataUntil: pass.end, users: part.users,
                asKnown: asKnown, threads: threads, observer: SilentObserver())
            clock.begin(.write)
            try writer.write(table, of: part.log, threads: threads)
            stage.update(part.share)
            clock.begin(.read)
        }
        clock.begin(.write)
        try writer.finish()
        return (writer.count, set.features.count)
    }
}
