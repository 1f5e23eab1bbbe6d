import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetParallel
import LimpetTraining

/// The extraction of a large log's labelled snapshots part by part, to bins of one byte or, where they are
/// few, to numbers: the numbers of many snapshots are never in memory together, nor is a columnar log.
///
/// The log is passed over up to three times: to find its contents, where a feature set is proposed or offers
/// are looked for; for a sample of users, from which bins are chosen; and for the snapshots of all.
struct ByteExtraction {
    let extraction: LogExtraction
    let label: Label
    let treatment: OfferTreatment?
    let settings: ByteSettings
    let clock: StageClock

    /// The rows with the facts about them.
    struct Rows {
        var data: TrainingData
        var userIDs: [String]
        var facts: TrainingLog
        var features: FeatureSet
        var treatment: TreatmentSummary?
        /// The share of the users whose rows with label 0 were kept.
        var keptZeros = 1.0
    }

    /// A pass over the log with what is extracted in it.
    struct Work {
        let pass: LogPass
        let plan: FeaturePlan
        /// The snapshot times, each once.
        let snapshotTimes: [Timestamp]
        /// A tally of no offers; nil where none are looked for.
        let offers: OfferTally?
        /// The ids of all users, where an earlier pass has found them.
        let userIDs: [String]

        var features: [Feature] { plan.featureSet.features }
    }

    /// Extracts the rows of a log.
    func rows(of opened: LogPass) async throws -> Rows {
        let times = try extraction.snapshotTimes(span: opened.span, end: opened.end)
        let contents = try await contents(opened, before: times.max() ?? opened.end)
        let set =
            extraction.features.given
            ?? extraction.features.proposal(extraction.population).propose(
                from: contents.log, timeZone: extraction.source.zone.name)
        let work = try work(try opened.reading(set), set, contents)
        defer { FreedMemory.giveBack() }
        guard mayBeMany(work) else { return try await numbers(work, isChecked: false) }
        guard let bins = try await bins(of: work) else { return try await numbers(work, isChecked: true) }
        FreedMemory.giveBack()
        return try await bytes(work, bins)
    }

    /// The choices by a sample of users: the bins of numbers, and the zones of time that they were chosen by.
    struct Bins {
        var edges: [[Double]?]
        var zones: RowZones
        /// True when the rows without an offer by design are the rows.
        var keepsSparedRows: Bool
    }

    /// Chooses bins by a sample of users; nil where rows are few enough to be kept as numbers.
    private func bins(of work: Work) async throws -> Bins? {
        let (all, keepsSparedRows) = try await sketch(work)
        let inputs = work.features.count
        let users = Double(work.pass.users) / Double(max(1, all.users))
        guard Double(all.rows) * users * Double(inputs) >= Double(settings.leastValues) else { return nil }
        // The rows that will stay decide what is early.
        let sketch = keepsSparedRows ? all.marked : all
        let zones = sketch.zones
        let zeros = Double(sketch.rows - sketch.positives)
        try refuseTooMany(
            rows: (Double(sketch.positives) + settings.keptZeros * zeros) * users, inputs: inputs,
            isForward: zones.border != nil)
        return Bins(
            edges: sketch.edges(maximumBins: settings.maximumBins, threads: extraction.threads), zones: zones,
            keepsSparedRows: keepsSparedRows)
    }

    /// Returns false where few values follow even from all users at all times, so that no sample is needed.
    private func mayBeMany(_ work: Work) -> Bool {
        let rows = Double(work.pass.users) * Double(work.snapshotTimes.count)
        return rows * Double(work.features.count) >= Double(settings.leastValues)
    }

    private func refuseTooMany(rows: Double, inputs: Int, isForward: Bool) throws(RequestError) {
        guard let memory = settings.memory else { return }
        let needed = settings.bytes(rows: rows, inputs: inputs, isForward: isForward)
        guard needed > Double(memory) else { return }
        throw RequestError(
            "about \(Format.count(Int(rows))) snapshots of \(inputs) inputs need some "
                + "\(CostText.bytes(needed)), more than --memory allows: take fewer snapshots with --every, "
                + "or fewer features with --features")
    }

    // MARK: - The first pass

    /// The results of a first pass.
    private struct Contents {
        var log: LogContents
        var userIDs: [String] = []
        var firstOffer: Timestamp?

        mutating func add(_ log: EventLog, offers: EventPattern) {
            userIDs += log.users
            if let first = OfferTally.firstOffer(in: log, of: offers) {
                firstOffer = min(firstOffer ?? first, first)
            }
        }
    }

    private var offers: EventPattern { EventPattern(names: treatment?.offers ?? []) }

    private func contents(_ pass: LogPass, before end: Timestamp) async throws -> Contents {
        var contents = Contents(log: LogContents(before: end))
        let proposes = extraction.features.given == nil
        // Users and offers of a log that is read whole are looked for once its amounts are read.
        let findsOffers = treatment != nil && pass.whole == nil
        guard proposes || findsOffers else { return contents }
        let stage = extraction.source.observer.begin("looking through")
        defer { stage.finish() }
        clock.begin(.read)
        try await pass.forEach { log, _, done in
            clock.begin(.extract)
            if findsOffers { contents.add(log, offers: offers) }
            if proposes { contents.log.add(log, threads: extraction.threads) }
            stage.update(Double(done) / Double(max(1, pass.rows)))
            clock.begin(.read)
        }
        return contents
    }

    private func work(_ pass: LogPass, _ set: FeatureSet, _ found: Contents) throws -> Work {
        var contents = found
        if let log = pass.whole { contents.add(log, offers: offers) }
        return Work(
            pass: pass,
            plan: try FeaturePlan(
                set, population: extraction.population, label: label, zone: set.zoneRules()),
            snapshotTimes: Set(try extraction.snapshotTimes(span: pass.span, end: pass.end)).sorted(),
            offers: try treatment.map { treatment in
                OfferTally(
                    offers: offers,
                    holdout: try treatment.holdout(of: contents.userIDs, extraction.source.observer),
                    horizon: label.horizon, first: contents.firstOffer)
            }, userIDs: contents.userIDs)
    }

    // MARK: - The sample

    /// Extracts the snapshots of some users, without those that are left out for their offers; tells also
    /// whether those without an offer by design, which are marked, suffice.
    private func sketch(_ work: Work) async throws -> (BinSketch, keepsSparedRows: Bool) {
        let stage = extraction.source.observer.begin("sampling users")
        defer { stage.finish() }
        let inputs = work.features.count
        let sample = UserSample(users: work.pass.users, times: work.snapshotTimes.count, inputs: inputs)
        var sketch = BinSketch(work.features, horizon: label.horizon)
        var offers = treatment?.windows == .exclude ? work.offers : nil
        clock.begin(.read)
        try await work.pass.forEachPart { part in
            if part.isFirst { try check(part, work.plan.featureSet) }
            clock.begin(.extract)
            for some in sample.runs(of: part.users, from: part.firstUser) {
                let table = try await SnapshotTable.extract(
                    from: part.log, plan: work.plan, at: work.snapshotTimes, dataUntil: work.pass.end,
                    users: some, threads: extraction.threads)
                let windows = offers?.add(table, of: part.log, users: some)
                sketch.add(
                    table, users: some.count, isLeftOut: windows?.isTreated, marks: windows?.isSpared)
            }
            stage.update(part.share)
            clock.begin(.read)
        }
        clock.begin(.bin)
        let share = Double(sketch.users) / Double(max(1, work.pass.users))
        return (sketch, offers?.sparedRowsSuffice(inputs: inputs, ofUsers: share) ?? false)
    }

    func check(_ part: LogPart, _ set: FeatureSet) throws {
        try extraction.check(part.log, part.known, set)
        if let treatment, !treatment.isAssumed { part.known.warn(treatment.offers, flag: "--offer-events") }
    }
}
