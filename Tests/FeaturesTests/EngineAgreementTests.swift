import LimpetEvents
import LimpetFeatures
import LimpetTestSupport
import Testing

/// Batch, live and the reference say the same, bit for bit, whatever the history.
///
/// The first 2,000 histories are the same in each run and are checked with all features. Those beyond, up to
/// the count in `LIMPET_HISTORIES`, are new in each run: their first seed is printed, `LIMPET_SEED` repeats
/// it, and each is checked with an eighth of the features, or with all where `LIMPET_ALL_FEATURES` is set.
@Suite struct EngineAgreementTests {
    /// The histories of one table, and the features with which they are checked.
    private struct Block {
        var seeds: Range<UInt64>
        var set: FeatureSet
    }

    private static let fixedCount: UInt64 = 2_000
    private static let parts = 4

    /// All blocks: the fixed histories, then the new ones.
    private static let blocks: [Block] = {
        let count = UInt64(RandomHistories.count)
        let fixed = min(count, fixedCount)
        let all = RandomHistories.featureSet
        var blocks = split(0..<fixed).map { Block(seeds: $0, set: all) }
        guard count > fixed else { return blocks }
        let first = RandomHistories.newSeed
        print("\(count - fixed) new histories from seed \(first); LIMPET_SEED=\(first) repeats them")
        let eighths = RandomHistories.looksAtAllFeatures ? [all] : all.eighths
        for (number, seeds) in split(first..<(first + count - fixed)).enumerated() {
            // The parts take the blocks in turn, so that each part meets each eighth.
            blocks.append(Block(seeds: seeds, set: eighths[number / parts % eighths.count]))
        }
        return blocks
    }()

    private static func split(_ seeds: Range<UInt64>) -> [Range<UInt64>] {
        stride(from: seeds.lowerBound, to: seeds.upperBound, by: 250).map {
            $0..<min($0 + 250, seeds.upperBound)
        }
    }

    @Test(
        "tables, batch, live and reference features of random histories agree to the bit",
        arguments: 0..<parts)
    func engines(part: Int) async throws {
        var engine: Engine?
        for number in stride(from: part, to: Self.blocks.count, by: Self.parts) {
            let block = Self.blocks[number]
            if engine?.plan.featureSet != block.set { engine = try Engine(block.set) }
            let current = try #require(engine)
            let histories = block.seeds.map { RandomHistories.events(seed: $0, user: "user \($0)") }
            let rows = try await Rows(histories, current.plan)
            var found = 0
            for (seed, events) in zip(block.seeds, histories) where !events.isEmpty {
                found += try current.check(events, seed: seed, rows)
            }
            #expect(found == rows.table.count && found > block.seeds.count / 4)
        }
    }
}

/// The rows of a table of all users at all snapshot times.
private struct Rows {
    let table: SnapshotTable
    private var places: [String: [Timestamp: Int]] = [:]

    init(_ histories: [[Event]], _ plan: FeaturePlan) async throws {
        // All users' events, dealt out in turn as they would arrive.
        let longest = histories.map(\.count).max() ?? 0
        let events = (0..<longest).flatMap { place in
            histories.compactMap { place < $0.count ? $0[place] : nil }
        }
        table = try await SnapshotTable.extract(
            from: TestLog.log(events, for: plan.featureSet), plan: plan, at: RandomHistories.snapshotTimes,
            dataUntil: RandomHistories.snapshotTimes[0])
        for row in 0..<table.count {
            places[table.userIDs[Int(table.users[row])], default: [:]][table.times[row]] = row
        }
    }

    func vector(_ user: String, at snapshotTime: Timestamp) -> FeatureVector? {
        places[user]?[snapshotTime].map { table.vector(row: $0) }
    }
}

/// A feature set in every mode; one worker's own, with the memory that it works in.
private struct Engine {
    let plan: FeaturePlan
    private let reader: LiveReader

    init(_ featureSet: FeatureSet) throws {
        plan = try FeaturePlan(
            featureSet,
            population: Population(hasNotDone: EventPattern(names: ["return"]), activeWithin: .days(7)),
            zone: TestZones.amsterdam())
        reader = LiveReader(LiveFeatures(plan))
    }

    /// Compares all modes for one user's events; how many rows the user has in the table.
    func check(_ events: [Event], seed: UInt64, _ rows: Rows) throws -> Int {
        let state = try loaded(events)
        var live = LiveHistory(plan: plan)
        var kept = LiveState(reader.features)
        for event in events {
            live.append(event)
            kept.append(event)
        }
        let reference = ReferenceFeatures(events: events, featureSet: plan.featureSet, zone: plan.zone)
        let future = RandomHistories.snapshotTimes[Int(seed % UInt64(RandomHistories.snapshotTimes.count))]
        var found = 0
        for snapshotTime in RandomHistories.snapshotTimes {
            let expected = reference.vector(at: snapshotTime)
            try compare(state.features(at: snapshotTime), expected, "batch, seed \(seed), \(snapshotTime)")
            try compare(live.features(at: snapshotTime), expected, "live, seed \(seed), \(snapshotTime)")
            try compare(
                reader.features(of: kept, at: snapshotTime), expected,
                "live state, seed \(seed), \(snapshotTime)")
            let isIn = reference.isIn(plan.population, at: snapshotTime)
            try #require(state.isInPopulation(at: snapshotTime) == isIn, "seed \(seed), \(snapshotTime)")
            try #require(live.isInPopulation(at: snapshotTime) == isIn, "seed \(seed), \(snapshotTime)")
            let row = rows.vector("user \(seed)", at: snapshotTime)
            try #require((row != nil) == isIn, "table, seed \(seed), \(snapshotTime)")
            if let row {
                try compare(row, expected, "table, seed \(seed), \(snapshotTime)")
                found += 1
            }
            guard snapshotTime == future else { continue }
            // Another future changes nothing before it.
            let past = events.filter { $0.time < snapshotTime }
            let other = RandomHistories.events(seed: seed &+ 1 << 40, user: "user \(seed)")
            let changed = past + other.filter { $0.time >= snapshotTime }
            guard !changed.isEmpty else { continue }
            let context = "another future, seed \(seed), \(snapshotTime)"
            let before = try loaded(changed)
            try compare(before.features(at: snapshotTime), expected, context)
            try #require(before.isInPopulation(at: snapshotTime) == isIn, "\(context)")
        }
        try #require(live.events == reference.events, "seed \(seed)")
        return found
    }

    private func loaded(_ events: [Event]) throws -> UserState {
        var state = UserState(plan: plan)
        var projection = EventProjection(plan: plan)
        let log = try TestLog.log(events, for: plan.featureSet)
        try LogReader(log, plan: plan).load(user: 0, into: &state, projection: &projection)
        return state
    }

    private func compare(
        _ vector: FeatureVector, _ expected: FeatureVector, _ context: @autoclosure () -> String
    ) throws {
        guard !vector.isIdentical(to: expected) else { return }
        for (index, feature) in plan.featureSet.features.enumerated() {
            let (found, reference) = (vector.numbers[index], expected.numbers[index])
            let areSame = found.bitPattern == reference.bitPattern || (found.isNaN && reference.isNaN)
            let areSameKeys = vector.categories[index] == expected.categories[index]
            try #require(
                areSame && areSameKeys,
                "\(context()): \(feature.name) is \(found), the reference says \(reference)")
        }
    }
}

extension FeatureSet {
    /// The set in eight parts: every eighth feature from the first on, from the second on, and so forth.
    fileprivate var eighths: [FeatureSet] {
        (0..<8).map { part in
            var set = self
            set.features = features.indices.filter { $0 % 8 == part }.map { features[$0] }
            return set
        }
    }
}
