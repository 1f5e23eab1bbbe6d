import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetParallel
import LimpetTraining

/// The extraction of a large log's labelled snapshots to bins of one byte, part by part: the numbers of all
/// snapshots are never in memory together, nor is a columnar log.
///
/// The log is passed over up to three times: to find its contents, where a feature set is proposed or offers
/// are looked for; for a sample of users, from which bins are chosen; and for the snapshots of all.
struct ByteExtraction {
    let extraction: LogExtraction
    let label: Label
    let treatment: OfferTreatment?
    let settings: ByteSettings
    let clock: StageClock

    /// The number of consecutive users of a run of the sample, and the number of snapshots that runs are to
    /// have together, of users who are in the population at all times.
    private static let (runUsers, sampleRows) = (128, 200_000)

    /// The rows with the facts about them.
    struct Rows {
        var data: TrainingData
        var userIDs: [String]
        var facts: TrainingLog
        var features: FeatureSet
        var treatment: TreatmentSummary?
    }

    /// The rows of a log, or the word that they are few.
    enum Outcome {
        /// The snapshots as bins.
        case bins(Rows)
        /// The snapshots are few enough to be kept as numbers.
        ///
        /// - features: the features of the log, where they were found out.
        case few(features: FeatureSet? = nil)
    }

    /// The results of a first pass.
    private struct Contents {
        var log: LogContents
        var userIDs: [String] = []
        var firstOffer: Timestamp?
    }

    /// Extracts the rows of a log, unless they are few enough to be kept as numbers.
    func rows(of pass: LogPass) async throws -> Outcome {
        guard pass.rows >= settings.leastEvents, !(extraction.asKnown && pass.whole != nil) else {
            return .few()
        }
        let snapshotTimes = try extraction.snapshotTimes(span: pass.span, end: pass.end)
        let contents = try await contents(pass, before: snapshotTimes.max() ?? pass.end)
        let set =
            extraction.features.given
            ?? extraction.features.proposal(extraction.population).propose(
                from: contents.log, timeZone: extraction.source.zone.name)
        let plan = try FeaturePlan(
            set, population: extraction.population, label: label, zone: set.zoneRules())
        let pass = try pass.reading(set)
        let work = Work(pass: pass, plan: plan, snapshotTimes: snapshotTimes)
        guard let bins = try await bins(of: work) else { return .few(features: set) }
        FreedMemory.giveBack()
        defer { FreedMemory.giveBack() }
        return .bins(try await rows(work, bins, contents))
    }

    /// The bins of numbers, and the zones of time that they were chosen by.
    private struct Bins {
        var edges: [[Double]?]
        var zones: RowZones
    }

    /// Chooses bins by a sample of users; nil where rows are few enough to be kept as numbers.
    private func bins(of work: Work) async throws -> Bins? {
        let inputs = work.plan.featureSet.features.count
        // No sample is needed where few enough values follow even from all users at all times.
        let most = Double(work.pass.users) * Double(Set(work.snapshotTimes).count) * Double(inputs)
        guard most >= Double(settings.leastValues) else { return nil }
        let sketch = try await sketch(work)
        let rows = Double(sketch.rows) * Double(work.pass.users) / Double(max(1, sketch.users))
        guard rows * Double(inputs) >= Double(settings.leastValues) else { return nil }
        try refuseTooMany(rows: rows * settings.keptZeros, inputs: inputs)
        clock.begin(.bin)
        return Bins(
            edges: sketch.edges(maximumBins: settings.maximumBins, threads: extraction.threads),
            zones: sketch.zones)
    }

    /// A pass with what is extracted in it.
    private struct Work {
        let pass: LogPass
        let plan: FeaturePlan
        let snapshotTimes: [Timestamp]
    }

    private func refuseTooMany(rows: Double, inputs: Int) throws(RequestError) {
        guard let memory = settings.memory else { return }
        let needed = settings.bytes(rows: rows, inputs: Double(inputs))
        guard needed > Double(memory) else { return }
        throw RequestError(
            "about \(Format.count(Int(rows))) snapshots of \(inputs) inputs need some "
                + "\(CostText.bytes(needed)), more than --memory allows: take fewer snapshots with --every, "
                + "or fewer features with --features")
    }

    // MARK: - Passes

    private func contents(_ pass: LogPass, before end: Timestamp) async throws -> Contents {
        var contents = Contents(log: LogContents(before: end))
        let proposes = extraction.features.given == nil
        guard proposes || treatment != nil else { return contents }
        let stage = extraction.source.observer.begin("looking through")
        defer { stage.finish() }
        let offers = EventPattern(names: treatment?.offers ?? [])
        clock.begin(.read)
        if let log = pass.whole {
            add(log, offers: offers, proposes: proposes, to: &contents)
            return contents
        }
        try await pass.forEach { log, _, done in
            add(log, offers: offers, proposes: proposes, to: &contents)
            stage.update(Double(done) / Double(max(1, pass.rows)))
            clock.begin(.read)
        }
        return contents
    }

    private func add(_ log: EventLog, offers: EventPattern, proposes: Bool, to contents: inout Contents) {
        clock.begin(.extract)
        contents.userIDs += log.users
        if let first = OfferTally.firstOffer(in: log, of: offers) {
            contents.firstOffer = min(contents.firstOffer ?? first, first)
        }
        if proposes { contents.log.add(log, threads: extraction.threads) }
    }

    /// Extracts the snapshots of users in runs that are evenly spread over all.
    private func sketch(_ work: Work) async throws -> BinSketch {
        let stage = extraction.source.observer.begin("sampling users")
        defer { stage.finish() }
        let runs = Self.sampleRows / (Self.runUsers * max(1, work.snapshotTimes.count))
        let stride = max(Self.runUsers, work.pass.users / min(256, max(64, runs)))
        var sketch = BinSketch(work.plan.featureSet.features, horizon: label.horizon)
        var isFirst = true
        clock.begin(.read)
        try await work.pass.forEachPart { log, users, firstUser, known, share in
            if isFirst { try check(log, known, work.plan.featureSet) }
            isFirst = false
            clock.begin(.extract)
            var run = (firstUser + users.lowerBound) / stride * stride
            while run < firstUser + users.upperBound {
                let some = (run - firstUser..<run - firstUser + Self.runUsers).clamped(to: users)
                run += stride
                guard !some.isEmpty else { continue }
                let table = try await SnapshotTable.extract(
                    from: log, plan: work.plan, at: work.snapshotTimes, dataUntil: work.pass.end,
                    users: some, threads: extraction.threads)
                sketch.add(table, users: some.count)
            }
            stage.update(share)
            clock.begin(.read)
        }
        return sketch
    }

    private func check(_ log: EventLog, _ known: KnownEvents, _ set: FeatureSet) throws {
        try extraction.check(log, known, set)
        if let treatment, !treatment.isAssumed { known.warn(treatment.offers, flag: "--offer-events") }
    }

    private func rows(_ work: Work, _ bins: Bins, _ contents: Contents) async throws -> Rows {
        let features = work.plan.featureSet.features
        var rows: ByteRows?
        var offers = try treatment.map { treatment in
            OfferTally(
                offers: EventPattern(names: treatment.offers),
                holdout: try treatment.holdout(of: contents.userIDs, extraction.source.observer),
                horizon: label.horizon, first: contents.firstOffer)
        }
        let leavesOut = treatment?.windows == .exclude
        var userIDs = contents.userIDs
        let namesUsers = userIDs.isEmpty
        var spent: SnapshotTable?
        let stage = extraction.source.observer.begin("extracting")
        defer { stage.finish() }
        clock.begin(.read)
        try await work.pass.forEachPart { log, users, firstUser, _, share in
            clock.begin(.extract)
            let table = try await table(work, of: log, users: users, reusing: spent.take())
            clock.begin(.bin)
            let windows = offers?.add(table, of: log)
            var some =
                rows.take()
                ?? ByteRows(
                    features, edges: bins.edges, names: features.map { log.names(for: $0) }, label: label,
                    zones: bins.zones, folds: settings.folds, keptZeros: settings.keptZeros,
                    seed: settings.seed)
            some.append(
                table, firstUser: Int32(firstUser), isLeftOut: leavesOut ? windows?.isTreated : nil,
                marks: leavesOut ? windows?.isSpared : nil, threads: extraction.threads)
            rows = consume some
            if namesUsers, users.lowerBound == 0 { userIDs += log.users }
            spent = consume table
            stage.update(share)
            clock.begin(.read)
        }
        clock.begin(.prepare)
        guard let all = rows.take() else { throw TrainingError.noRows }
        return finish(consume all, offers, work, userIDs)
    }

    private func table(
        _ work: Work, of log: EventLog, users: Range<Int>, reusing spent: consuming SnapshotTable?
    ) async throws -> SnapshotTable {
        guard extraction.asKnown else {
            return try await SnapshotTable.extract(
                from: log, plan: work.plan, at: work.snapshotTimes, dataUntil: work.pass.end, users: users,
                reusing: spent, threads: extraction.threads)
        }
        return try await SnapshotTable.extractKnown(
            from: log, plan: work.plan, at: work.snapshotTimes, dataUntil: work.pass.end,
            threads: extraction.threads)
    }

    private func finish(
        _ rows: consuming ByteRows, _ offers: OfferTally?, _ work: Work, _ userIDs: [String]
    ) -> Rows {
        let inputs = work.plan.featureSet.features.count
        var (data, marks) = rows.finish(
            minimumLevelUsers: settings.minimumLevelUsers, threads: extraction.threads)
        var summary: TreatmentSummary?
        if let offers, let treatment, !treatment.isAssumed || offers.treatedShare > 0 {
            let suffice = offers.sparedRowsSuffice(inputs: inputs)
            summary = TreatmentSummary(
                treatedShare: offers.treatedShare, sparedRows: offers.sparedRows, sparedRowsSuffice: suffice,
                way: treatment.windows,
                offers: treatment.offers, rows: offers.rows)
            if treatment.windows == .exclude, suffice {
                data = data.selecting(marks.indices.filter { marks[$0] })
            }
        }
        return Rows(
            data: data, userIDs: userIDs,
            facts: TrainingLog(
                dataUntil: work.pass.end, events: work.pass.rows, zone: work.plan.zone),
            features: work.plan.featureSet, treatment: summary)
    }
}
