import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetTestSupport
import Testing

/// Events at or after a snapshot time change nothing that is known at that time.
@Suite struct LeakTests {
    private static let at = RandomHistories.snapshotTimes[3]

    private func past(_ seed: UInt64) -> [Event] {
        (0..<12).flatMap { RandomHistories.events(seed: seed * 100 + $0, user: "u\($0)") }
            .filter { $0.time < Self.at }
    }

    /// Events at and after the snapshot time: of the same users and of new ones, of known and of new names.
    private func future(_ seed: UInt64) -> [Event] {
        var random = TestRandom(seed: seed)
        return (0..<60).map { index in
            let later = Bool.random(using: &random) ? 0 : Int64.random(in: 0...864_000_000, using: &random)
            return Event(
                user: "u\(Int.random(in: 0..<20, using: &random))",
                name: ["buy", "return", "later", "click:c"][index % 4],
                time: Timestamp(milliseconds: Self.at.milliseconds + later), zoneOffsetMinutes: 840,
                properties: ["value": "1.25", "device": "later", "points": "5"])
        }
    }

    /// Every user's rows at the snapshot time as text, to be compared without their order of codes.
    private func rows(_ log: EventLog, _ plan: FeaturePlan) async throws -> [String] {
        let table = try await SnapshotTable.extract(from: log, plan: plan, at: [Self.at], dataUntil: Self.at)
        return (0..<table.count).map { row in
            let numbers = table.numbers.map { $0.isEmpty ? 0 : $0[row].bitPattern }
            let keys = table.keys.map { $0.isEmpty ? 0 : $0[row] }
            return "\(table.userIDs[Int(table.users[row])]) \(numbers) \(keys)"
        }
    }

    @Test("features and population at t do not know events at or after t", arguments: 0..<30 as Range<UInt64>)
    func features(seed: UInt64) async throws {
        let plan = try FeaturePlan(
            RandomHistories.featureSet, population: Population(hasNotDone: EventPattern(names: ["return"])),
            zone: TestZones.amsterdam())
        let without = try TestLog.log(past(seed), for: plan.featureSet)
        let with = try TestLog.log(future(seed) + past(seed), for: plan.featureSet)
        #expect(try await rows(without, plan) == rows(with, plan))
        #expect(try await !rows(with, plan).isEmpty)
    }

    @Test("a live history at t does not know events at or after t", arguments: 0..<30 as Range<UInt64>)
    func liveHistory(seed: UInt64) throws {
        let plan = try FeaturePlan(RandomHistories.featureSet, zone: TestZones.amsterdam())
        let (old, new) = (past(seed).filter { $0.user == "u1" }, future(seed))
        var history = LiveHistory(plan: plan)
        for event in old { history.append(event) }
        let before = history.features(at: Self.at)
        for event in new { history.append(event) }
        #expect(history.features(at: Self.at).isIdentical(to: before))
    }

    private func proposal(_ events: [Event]) throws -> FeatureSet {
        var builder = EventLogBuilder()
        for event in events { try builder.append(event, addingColumns: true) }
        var rules = FeatureProposal(systemEvents: ["offer_shown"])
        rules.minimumUsers = 3
        return rules.propose(for: builder.finish(), before: Self.at)
    }

    @Test(
        "a proposed feature set does not know events at or after its time",
        arguments: 0..<30 as Range<UInt64>)
    func proposals(seed: UInt64) throws {
        let before = try proposal(past(seed))
        #expect(try proposal(future(seed) + past(seed)) == before)
        #expect(try proposal(past(seed) + future(seed)) == before)
    }

    @Test("a property that becomes text, or finer, after the snapshot time stays the amount that it was")
    func laterTypes() throws {
        let past = (0..<40).map { index in
            Event(
                user: "u\(index % 10)", name: "buy", time: Self.at - .days(Int64(index + 1)),
                properties: ["value": String(index % 7)])
        }
        let future = ["free", "1.234"].map {
            Event(user: "u1", name: "buy", time: Self.at, properties: ["value": $0])
        }
        let before = try proposal(past)
        #expect(before.decimals == ["value": 0])
        #expect(try proposal(past + future) == before)
    }
}
