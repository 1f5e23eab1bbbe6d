import LimpetEvents
import LimpetFeatures
import LimpetTestSupport
import Testing

/// Batch, live and the naive twin say the same, bit for bit, whatever the history.
@Suite struct EngineAgreementTests {
    private let plan: FeaturePlan

    init() throws {
        plan = try FeaturePlan(
            RandomHistories.featureSet,
            population: Population(hasNotDone: EventPattern(names: ["return"]), activeWithin: .days(7)),
            zone: TestZones.amsterdam())
    }

    /// In parts, which all processors work on.
    @Test("tables, batch, live and naive features of random histories agree to the bit", arguments: 0..<4)
    func engines(part: Int) async throws {
        for first in stride(from: 250 * part, to: RandomHistories.count, by: 1_000) {
            let seeds = first..<min(first + 250, RandomHistories.count)
            let histories = seeds.map { RandomHistories.events(seed: UInt64($0), user: "user \($0)") }
            let rows = try await Rows(histories, plan)
            var found = 0
            for (seed, events) in zip(seeds, histories) where !events.isEmpty {
                found += try check(events, seed: seed, rows)
            }
            #expect(found == rows.table.count && found > seeds.count / 4)
        }
    }

    /// The rows of a table of all users at all moments.
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
                from: TestLog.log(events, for: plan.featureSet), plan: plan, at: RandomHistories.moments,
                dataUntil: RandomHistories.moments[0])
            for row in 0..<table.count {
                places[table.userIDs[Int(table.users[row])], default: [:]][table.times[row]] = row
            }
        }

        func vector(_ user: String, at moment: Timestamp) -> FeatureVector? {
            places[user]?[moment].map { table.vector(row: $0) }
        }
    }

    /// Compares all modes for one user's events; how many rows the user has in the table.
    private func check(_ events: [Event], seed: Int, _ rows: Rows) throws -> Int {
        let state = try loaded(events)
        let reader = LiveReader(LiveFeatures(plan))
        var live = LiveHistory(plan: plan)
        var kept = LiveState(reader.features)
        for event in events {
            live.append(event)
            kept.append(event)
        }
        let naive = ReferenceFeatures(events: events, featureSet: plan.featureSet, zone: plan.zone)
        let future = RandomHistories.moments[seed % RandomHistories.moments.count]
        var found = 0
        for moment in RandomHistories.moments {
            let expected = naive.vector(at: moment)
            try compare(state.features(at: moment), expected, "batch, seed \(seed), \(moment)")
            try compare(live.features(at: moment), expected, "live, seed \(seed), \(moment)")
            try compare(
                reader.features(of: kept, at: moment), expected, "live state, seed \(seed), \(moment)")
            let isIn = naive.isIn(plan.population, at: moment)
            try #require(state.isInPopulation(at: moment) == isIn, "seed \(seed), \(moment)")
            try #require(live.isInPopulation(at: moment) == isIn, "seed \(seed), \(moment)")
            let row = rows.vector("user \(seed)", at: moment)
            try #require((row != nil) == isIn, "table, seed \(seed), \(moment)")
            if let row {
                try compare(row, expected, "table, seed \(seed), \(moment)")
                found += 1
            }
            guard moment == future else { continue }
            // Another future changes nothing before it.
            let past = events.filter { $0.time < moment }
            let other = RandomHistories.events(seed: UInt64(seed) + 1 << 40, user: "user \(seed)")
            let changed = past + other.filter { $0.time >= moment }
            guard !changed.isEmpty else { continue }
            let context = "another future, seed \(seed), \(moment)"
            let before = try loaded(changed)
            try compare(before.features(at: moment), expected, context)
            try #require(before.isInPopulation(at: moment) == isIn, "\(context)")
        }
        try #require(live.events == naive.events, "seed \(seed)")
        return found
    }

    private func loaded(_ events: [Event]) throws -> UserState {
        var state = UserState(plan: plan)
        var sample = EventSample(plan: plan)
        let log = try TestLog.log(events, for: plan.featureSet)
        try LogReader(log, plan: plan).load(user: 0, into: &state, sample: &sample)
        return state
    }

    private func compare(_ vector: FeatureVector, _ expected: FeatureVector, _ context: String) throws {
        guard !vector.isIdentical(to: expected) else { return }
        for (index, feature) in plan.featureSet.features.enumerated() {
            let (found, naive) = (vector.numbers[index], expected.numbers[index])
            let areSame = found.bitPattern == naive.bitPattern || (found.isNaN && naive.isNaN)
            let areSameKeys = vector.categories[index] == expected.categories[index]
            try #require(
                areSame && areSameKeys,
                "\(context): \(feature.name) is \(found), the naive twin says \(naive)")
        }
    }
}
