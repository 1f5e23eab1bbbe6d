import LimpetEvents
import LimpetFeatures
import LimpetParallel
import LimpetTraining

/// The last pass over a log, which makes the rows of all users.
extension ByteExtraction {
    /// The number of parts after which freed memory is given back: blocks of rows, which stay, lie between
    /// the arrays of a part, which go.
    private static let partsBetweenReturns = 8

    /// Makes rows of bins, which a sample has chosen.
    func bytes(_ work: Work, _ bins: Bins) async throws -> Rows {
        let features = work.features
        var rows: ByteRows?
        var parts = 0
        let found = try await forEachTable(work, isChecked: true) { part, table, windows in
            parts += 1
            if parts.isMultiple(of: Self.partsBetweenReturns) { FreedMemory.giveBack() }
            var some =
                rows.take()
                ?? ByteRows(
                    features, edges: bins.edges, names: names(features, part.log), label: label,
                    zones: bins.zones, folds: settings.folds, keptZeros: settings.keptZeros,
                    seed: settings.seed)
            some.append(
                table, firstUser: Int32(part.firstUser), isLeftOut: windows.flatMap { leftOut($0, bins) },
                threads: extraction.threads)
            rows = consume some
        }
        guard let all = rows.take() else { throw TrainingError.noRows }
        let data = (consume all).finish(
            minimumLevelUsers: settings.minimumLevelUsers, threads: extraction.threads)
        var summary: TreatmentSummary?
        if let treatment, let offers = found.offers {
            summary = TreatmentSummary(
                treatedShare: offers.treatedShare, sparedRows: offers.sparedRows,
                sparedRowsSuffice: bins.keepsSparedRows, of: treatment, rows: offers.rows)
        }
        return self.rows(data, work, found.userIDs, summary, keptZeros: settings.keptZeros)
    }

    /// Returns true for the rows to leave out; nil where none are.
    private func leftOut(_ windows: Windows, _ bins: Bins) -> [Bool]? {
        guard treatment?.windows == .exclude else { return nil }
        return bins.keepsSparedRows ? windows.isSpared.map { !$0 } : windows.isTreated
    }

    /// Makes rows of numbers.
    ///
    /// - Parameter isChecked: true where names of events were checked by a sample.
    func numbers(_ work: Work, isChecked: Bool) async throws -> Rows {
        var rows: NumberRows?
        var (isTreated, isSpared): ([Bool], [Bool]) = ([], [])
        let found = try await forEachTable(work, isChecked: isChecked) { part, table, windows in
            var some =
                rows.take() ?? NumberRows(work.features, names: names(work.features, part.log), label: label)
            some.append(table, firstUser: Int32(part.firstUser))
            rows = consume some
            guard let windows else { return }
            let labelled = table.labelledRows
            isTreated += labelled.map { windows.isTreated[$0] }
            isSpared += labelled.map { windows.isSpared[$0] }
        }
        guard let all = rows.take() else { throw TrainingError.noRows }
        var data = (consume all).finish()
        var summary: TreatmentSummary?
        if let treatment, let offers = found.offers {
            let suffice = offers.sparedRowsSuffice(inputs: work.features.count)
            (data, summary) = treatment.applied(
                to: data,
                OfferWindows(isTreated: isTreated, isSpared: isSpared, sparedRowsSuffice: suffice))
        }
        return self.rows(data, work, found.userIDs, summary, keptZeros: 1)
    }

    /// Returns the levels that each category can have; none for numbers.
    private func names(_ features: [Feature], _ log: EventLog) -> [[String]] {
        features.map { $0.kind.isCategorical ? log.names(for: $0) : [] }
    }

    private func rows(
        _ data: TrainingData, _ work: Work, _ userIDs: [String], _ treatment: TreatmentSummary?,
        keptZeros: Double
    ) -> Rows {
        Rows(
            data: data, userIDs: userIDs,
            facts: TrainingLog(
                dataUntil: work.pass.end, events: work.pass.rows, zone: work.plan.zone),
            features: work.plan.featureSet, treatment: treatment, keptZeros: keptZeros)
    }

    /// The rows of a table whose window holds an offer, and those without one by design.
    private typealias Windows = (isTreated: [Bool], isSpared: [Bool])

    /// Calls `body` with the snapshots of each part, and with their windows where offers are looked for.
    ///
    /// - Returns: the offers and the ids of all users.
    private func forEachTable(
        _ work: Work, isChecked: Bool, _ body: (LogPart, SnapshotTable, Windows?) throws -> Void
    ) async throws -> (offers: OfferTally?, userIDs: [String]) {
        var (offers, userIDs, spent) = (work.offers, work.userIDs, SnapshotTable?.none)
        let namesUsers = userIDs.isEmpty
        let most = SnapshotTable.mostUsers(
            settings.partValues, features: work.features.count, times: work.snapshotTimes.count)
        let stage = extraction.source.observer.begin("extracting")
        defer { stage.finish() }
        clock.begin(.read)
        try await work.pass.forEachPart(mostUsers: most) { part in
            if !isChecked, part.isFirst { try check(part, work.plan.featureSet) }
            clock.begin(.extract)
            let table = try await table(work, part, reusing: spent.take())
            clock.begin(.bin)
            let windows = offers?.add(table, of: part.log, users: part.users)
            try body(part, table, windows)
            if namesUsers, part.isFirstOfLog { userIDs += part.log.users }
            spent = consume table
            stage.update(part.share)
            clock.begin(.read)
        }
        clock.begin(.prepare)
        return (offers, userIDs)
    }

    private func table(
        _ work: Work, _ part: LogPart, reusing spent: consuming SnapshotTable?
    ) async throws -> SnapshotTable {
        guard extraction.asKnown else {
            return try await SnapshotTable.extract(
                from: part.log, plan: work.plan, at: work.snapshotTimes, dataUntil: work.pass.end,
                users: part.users, reusing: spent, threads: extraction.threads)
        }
        return try await SnapshotTable.extractKnown(
            from: part.log, plan: work.plan, at: work.snapshotTimes, dataUntil: work.pass.end,
            users: part.users, threads: extraction.threads)
    }
}
