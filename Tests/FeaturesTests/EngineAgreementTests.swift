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
    @Test("batch, live and naive features of random histories agree to the bit", arguments: 0..<4)
    func engines(part: Int) throws {
        var state = UserState(plan: plan)
        var sample = EventSample(plan: plan)
        let reader = LiveReader(LiveFeatures(plan))
        for seed in stride(from: part, to: RandomHistories.count, by: 4) {
            let events = RandomHistories.events(seed: UInt64(seed), user: "u")
            guard !events.isEmpty else { continue }
            let log = try TestLog.log(events, for: plan.featureSet)
            try LogReader(log, plan: plan).load(user: 0, into: &state, sample: &sample)
            var live = LiveHistory(plan: plan)
            var kept = LiveState(reader.features)
            for event in events {
                live.append(event)
                kept.append(event)
            }
            let naive = ReferenceFeatures(events: events, featureSet: plan.featureSet, zone: plan.zone)
            for moment in RandomHistories.moments {
                let expected = naive.vector(at: moment)
                try compare(state.features(at: moment), expected, "batch, seed \(seed), \(moment)")
                try compare(live.features(at: moment), expected, "live, seed \(seed), \(moment)")
                try compare(
                    reader.features(of: kept, at: moment), expected, "live state, seed \(seed), \(moment)")
                let isIn = naive.isIn(plan.population, at: moment)
                try #require(state.isInPopulation(at: moment) == isIn, "seed \(seed), \(moment)")
                try #require(live.isInPopulation(at: moment) == isIn, "seed \(seed), \(moment)")
            }
            try #require(live.events == naive.events, "seed \(seed)")
            // Another future changes nothing before it.
            let moment = RandomHistories.moments[seed % RandomHistories.moments.count]
            let past = events.filter { $0.time < moment }
            let future = RandomHistories.events(seed: UInt64(seed) + 1 << 40, user: "u").filter {
                $0.time >= moment
            }
            guard !(past + future).isEmpty else { continue }
            let changed = try TestLog.log(past + future, for: plan.featureSet)
            try LogReader(changed, plan: plan).load(user: 0, into: &state, sample: &sample)
            try compare(
                state.features(at: moment), naive.vector(at: moment),
                "another future, seed \(seed), \(moment)")
            try #require(state.isInPopulation(at: moment) == naive.isIn(plan.population, at: moment))
        }
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

    @Test("a table of many users holds what each user's own history gives")
    func table() async throws {
        for first in stride(from: 0, to: RandomHistories.count, by: 1_000) {
            try await checkTable(of: first..<min(first + 1_000, RandomHistories.count))
        }
    }

    private func checkTable(of seeds: Range<Int>) async throws {
        let histories = seeds.map { RandomHistories.events(seed: UInt64($0), user: "user \($0)") }
        let log = try TestLog.log(mixed(histories), for: plan.featureSet)
        let moments = RandomHistories.moments
        let table = try await SnapshotTable.extract(
            from: log, plan: plan, at: moments, dataUntil: moments[0], threads: 2)
        var row = 0
        for (index, user) in table.userIDs.enumerated() {
            let number = try #require(Int(user.dropFirst(5)))
            let naive = ReferenceFeatures(
                events: histories[number - seeds.lowerBound], featureSet: plan.featureSet, zone: plan.zone)
            for moment in moments where naive.isIn(plan.population, at: moment) {
                try #require(
                    row < table.count && table.users[row] == index && table.times[row] == moment, "\(user)")
                try compare(table.vector(row: row), naive.vector(at: moment), "table, \(user), \(moment)")
                row += 1
            }
        }
        #expect(row == table.count)
        #expect(row > seeds.count / 4)
    }

    /// All users' events, dealt out in turn as they would arrive.
    private func mixed(_ histories: [[Event]]) -> [Event] {
        let longest = histories.map(\.count).max() ?? 0
        return (0..<longest).flatMap { place in histories.compactMap { place < $0.count ? $0[place] : nil } }
    }
}
