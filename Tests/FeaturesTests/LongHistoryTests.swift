import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetTestSupport
import Testing

/// The lines of the conformance table that are about how many events a user has.
@Suite struct LongHistoryTests {
    /// A million events; fewer where `LIMPET_HISTORIES` is below its default.
    private static let manyEvents = min(1_000_000, 500 * RandomHistories.count)

    /// A user's events over half a year, nearly all in the order of their times.
    private static func events(_ count: Int, travels: Bool = true, small: Bool = false) -> [Event] {
        var random = TestRandom(seed: 42)
        let end = RandomHistories.snapshotTimes[3].milliseconds
        let length: Int64 = 180 * 86_400_000
        return (0..<count).map { index in
            let late = index % 100 == 7 ? Int64.random(in: 0...3_600_000, using: &random) : 0
            let time = end - length + length * Int64(index) / Int64(count) - late
            let wide = small ? "41.99" : "90071992547409.91"
            let values = ["0", "12.5", "-3", "0.01", wide, "-" + wide]
            return Event(
                user: "u", name: RandomHistories.names[Int.random(in: 0..<7, using: &random)],
                time: Timestamp(milliseconds: time),
                zoneOffsetMinutes: travels && index % 1_000 < 3 ? -300 : nil,
                properties: [
                    "value": values[Int.random(in: 0..<6, using: &random)],
                    "device": ["mobile", "tv", "watch", "desk"][Int.random(in: 0..<4, using: &random)],
                ])
        }
    }

    @Test(
        "batch, live and reference agree in all kinds for a user of one event and of many",
        arguments: [1, 20_000])
    func allKinds(count: Int) async throws {
        try await check(
            RandomHistories.engineSet, Self.events(count), at: Array(RandomHistories.snapshotTimes[2...3]))
    }

    @Test("and for a user of a million events, in kinds whose sums and counts grow with them")
    func million() async throws {
        var set = RandomHistories.engineSet
        let buys = EventPattern(names: ["buy"])
        set.features = [.count, .activeDays, .streak, .recency, .longestGap].map {
            Feature(kind: $0, events: buys)
        }
        set.features += [.sum, .mean, .standardDeviation, .distinct].map {
            Feature(kind: $0, events: buys, property: "value")
        }
        set.features += [
            Feature(kind: .decayedCount, events: buys, halfLife: .days(7)),
            Feature(kind: .entropy, events: buys, window: .days(7), property: "device"),
        ]
        try await check(set, Self.events(Self.manyEvents), at: [RandomHistories.snapshotTimes[3]])
    }

    @Test(
        "a million events at a thousand snapshot times, in all kinds, are no more work than both together",
        arguments: [false, true])
    func manySnapshotTimes(small: Bool) async throws {
        // Sums of large amounts leave 64 bits, and then all kinds are answered from the events themselves.
        var set = RandomHistories.engineSet
        if small { set.features.removeAll { $0.property == "points" } }
        let plan = try FeaturePlan(set, zone: TestZones.amsterdam())
        let log = try TestLog.log(
            Self.events(small ? Self.manyEvents / 4 : Self.manyEvents, travels: false, small: small), for: set
        )
        let end = RandomHistories.snapshotTimes[3]
        let snapshotTimes = (0..<1_000).map { end - TimeSpan(milliseconds: Int64($0) * 15_000_000) }
        let table = try await SnapshotTable.extract(from: log, plan: plan, at: snapshotTimes, dataUntil: end)
        #expect(table.count == 1_000)
        var state = UserState(plan: plan)
        var projection = EventProjection(plan: plan)
        try LogReader(log, plan: plan).load(user: 0, into: &state, projection: &projection)
        for row in [0, 1, 500, 999] {
            #expect(table.vector(row: row).isIdentical(to: state.features(at: table.times[row])))
        }
    }

    private func check(_ set: FeatureSet, _ events: [Event], at snapshotTimes: [Timestamp]) async throws {
        let columns = set.columns
        var builder = EventLogBuilder(
            numberColumns: columns.numbers, textColumns: columns.texts.union(columns.numbers.keys))
        for event in events { try builder.append(event) }
        let plan = try FeaturePlan(set, zone: TestZones.amsterdam())
        let check = FeatureCheck(
            builder.finish(keepsArrivals: true), plan: plan, snapshotTimes: snapshotTimes)
        let found = try await check.agreement(users: [0])
        for comparison in [found.online, found.state, found.reference] {
            #expect(comparison.compared == snapshotTimes.count * (set.features.count + 1))
            #expect(comparison.differences == 0, "\(String(describing: comparison.first))")
        }
    }
}
