import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetTestSupport
import Testing

/// Windows that move through a history in small steps give the values of windows computed one by one.
@Suite struct FeatureScanTests {
    @Test("a table gives at every edge of a window what is read there alone")
    func edges() async throws {
        let set = RandomHistories.featureSet
        let plan = try FeaturePlan(set, zone: TestZones.amsterdam())
        let spans = [0, 3_600_000, 86_400_000, 7 * 86_400_000, 20 * 86_400_000] as [Int64]
        var compared = 0
        for seed in 0..<UInt64(max(50, RandomHistories.count / 20)) {
            let events = RandomHistories.events(seed: seed, user: "u")
            let edges = events.flatMap { event in
                spans.flatMap { [event.time.milliseconds + $0, event.time.milliseconds + $0 + 1] }
            }
            let snapshotTimes = Set(edges).sorted().map { Timestamp(milliseconds: $0) }
            compared += try await compare(events, plan, at: snapshotTimes, "seed \(seed)")
        }
        #expect(compared > 2_000)
    }

    @Test("and so it does in a long history, whose amounts are small, large or too large for quick sums")
    func long() async throws {
        let plan = try FeaturePlan(RandomHistories.engineSet, zone: TestZones.amsterdam())
        let values = [
            ["1", "2.5", "-3", "0.01"], ["90071992547409.91", "-90071992547409.91", "7", "7"],
        ]
        for (seed, values) in values.enumerated() {
            for travels in [false, true] {
                var random = TestRandom(seed: UInt64(seed))
                let events = (0..<3_000).map { index in
                    let gap = Int64.random(in: 0..<2_000_000, using: &random)
                    return Event(
                        user: "u", name: RandomHistories.names[Int.random(in: 0..<7, using: &random)],
                        time: Timestamp(milliseconds: 1_743_000_000_000 + Int64(index) * 1_000_000 + gap),
                        zoneOffsetMinutes: travels && index % 50 == 0 ? -600 : nil,
                        properties: [
                            "value": values[Int.random(in: 0..<4, using: &random)],
                            "device": ["tv", "mobile", "desk"][Int.random(in: 0..<3, using: &random)],
                        ])
                }.sorted { $0.time < $1.time }
                let snapshotTimes = (0..<300).map {
                    Timestamp(milliseconds: 1_742_990_000_000 + Int64($0) * 10_800_000)
                }
                let compared = try await compare(events, plan, at: snapshotTimes, "\(values), \(travels)")
                #expect(compared > 250)
            }
        }
    }

    /// Compares the rows of a table with the features read one snapshot time at a time; returns the row
    /// count.
    private func compare(
        _ events: [Event], _ plan: FeaturePlan, at snapshotTimes: [Timestamp], _ context: String
    ) async throws -> Int {
        guard !events.isEmpty else { return 0 }
        let log = try TestLog.log(events, for: plan.featureSet)
        let table = try await SnapshotTable.extract(
            from: log, plan: plan, at: snapshotTimes, dataUntil: snapshotTimes[0])
        var state = UserState(plan: plan)
        var projection = EventProjection(plan: plan)
        try LogReader(log, plan: plan).load(user: 0, into: &state, projection: &projection)
        for row in 0..<table.count {
            let (found, expected) = (table.vector(row: row), state.features(at: table.times[row]))
            guard !found.isIdentical(to: expected) else { continue }
            for (index, feature) in plan.featureSet.features.enumerated() {
                let (number, other) = (found.numbers[index], expected.numbers[index])
                try #require(
                    number.bitPattern == other.bitPattern || number.isNaN && other.isNaN,
                    "\(context), \(table.times[row]): \(feature.name) is \(number), read alone \(other)")
            }
            Issue.record("\(context), \(table.times[row]): a category differs")
        }
        return table.count
    }
}
