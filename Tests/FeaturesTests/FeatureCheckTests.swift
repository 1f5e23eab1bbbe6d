import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetTestSupport
import Testing

/// The proof finds nothing in what is right, and finds the faults that are planted.
@Suite struct FeatureCheckTests {
    private static let users = 120

    private func check(_ set: FeatureSet = RandomHistories.featureSet) throws -> FeatureCheck {
        let histories = (0..<Self.users).map { RandomHistories.events(seed: UInt64($0), user: "user \($0)") }
        let columns = set.columns
        var builder = EventLogBuilder(
            numberColumns: columns.numbers, textColumns: columns.texts.union(columns.numbers.keys))
        let longest = histories.map(\.count).max() ?? 0
        for place in 0..<longest {
            for history in histories where place < history.count { try builder.append(history[place]) }
        }
        let plan = try FeaturePlan(
            set, population: Population(hasNotDone: EventPattern(names: ["return"])),
            zone: TestZones.amsterdam())
        return FeatureCheck(
            builder.finish(keepsArrivals: true), plan: plan, snapshotTimes: RandomHistories.snapshotTimes)
    }

    @Test("all kinds agree in every mode, and all is compared")
    func agreement() async throws {
        let check = try check()
        let found = try await check.agreement(users: Array(check.log.users.indices), threads: 2)
        let expected =
            check.log.users.count * check.snapshotTimes.count * (check.plan.featureSet.features.count + 1)
        let rows = check.log.users.count * check.snapshotTimes.count
        #expect(found.table.compared > 2 * rows && found.table.compared < expected)
        #expect(found.table.differences == 0, "\(String(describing: found.table.first))")
        for comparison in [found.online, found.state, found.reference] {
            #expect(comparison.compared == expected)
            #expect(
                comparison.differences == 0 && comparison.first == nil,
                "\(String(describing: comparison.first))")
        }
    }

    @Test("a window that is off by a millisecond is found and named")
    func plantedEdge() async throws {
        var check = try check()
        var set = check.plan.featureSet
        let place = try #require(set.features.firstIndex { $0.kind == .count && $0.window == .days(1) })
        let name = set.features[place].name
        set.features[place].window = TimeSpan(milliseconds: 86_400_001)
        check.extraction.plan = try FeaturePlan(
            set, population: check.plan.population, zone: check.plan.zone)
        let found = try await check.agreement(users: Array(check.log.users.indices))
        #expect(found.online.differences > 0 && found.reference.differences == found.online.differences)
        #expect(found.reference.first?.feature == name && found.table.first?.feature == name)
        #expect(found.reference.first?.found != found.reference.first?.expected)
    }

    @Test("features that see a millisecond of the future are found, by the reference and by another future")
    func plantedLeak() async throws {
        var check = try check()
        check.extraction.delay = TimeSpan(milliseconds: 1)
        let found = try await check.agreement(users: Array(check.log.users.indices))
        #expect(found.reference.differences > 0 && found.table.differences > 0)
        let snapshotTime = check.snapshotTimes[3]
        let changed = try check.log.changingFuture(from: snapshotTime, seed: 7)
        #expect(try await check.leak(at: snapshotTime, changed: changed).differences > 0)
    }

    @Test("another future changes nothing before it", arguments: 0..<5)
    func future(place: Int) async throws {
        let check = try check()
        let snapshotTime = check.snapshotTimes[place]
        let changed = try check.log.changingFuture(from: snapshotTime, seed: UInt64(place))
        let found = try await check.leak(at: snapshotTime, changed: changed, threads: 2)
        #expect(found.differences == 0, "\(String(describing: found.first))")
        let past = { (log: EventLog) in log.times.count { $0 < snapshotTime.milliseconds } }
        #expect(past(changed) == past(check.log))
        #expect(changed.eventNames.contains("never seen before"))
        #expect(found.compared > past(check.log))
    }
}
