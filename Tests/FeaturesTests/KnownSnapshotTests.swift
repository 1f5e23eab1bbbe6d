import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetTestSupport
import Testing

/// Snapshots that read only events that had arrived: each is that of a log without the other events.
@Suite struct KnownSnapshotTests {
    private static let start = Timestamp(milliseconds: 1_735_689_600_000)
    private static let set = FeatureSet(
        timeZone: "UTC", decimals: ["value": 0],
        features: [
            Feature(kind: .count, events: .any, window: .days(7)),
            Feature(kind: .sum, events: .any, window: .days(30), property: "value"),
            Feature(kind: .recency), Feature(kind: .activeDays, window: .days(30)),
            Feature(kind: .lastCategory, events: .any, property: "plan"),
        ])

    /// Events of which a third arrives late, by minutes or by weeks.
    private static func events(seed: UInt64, users: Int) -> [Event] {
        var random = TestRandom(seed: seed)
        return (0..<users * 30).map { number in
            let time = start + TimeSpan(milliseconds: Int64(random.below(60 * 86_400)) * 1_000)
            let delay = random.pick([0, 0, 0, 0, 60_000, 86_400_000, 20 * 86_400_000])
            return Event(
                user: "u\(random.below(users))", name: random.pick(["a", "b"]), time: time,
                received: time + TimeSpan(milliseconds: Int64(delay)),
                properties: ["value": "\(random.below(50))", "plan": random.pick(["x", "y"])])
        }
    }

    private static func log(_ events: [Event]) throws -> EventLog {
        var builder = EventLogBuilder(numberColumns: ["value": 0], textColumns: ["plan"])
        for event in events { try builder.append(event) }
        return builder.finish()
    }

    private struct Row: Equatable {
        var user: String
        var time: Timestamp
        var label: Bool?
        var numbers: [UInt64]
        var keys: [UInt64]
    }

    private static func rows(_ table: SnapshotTable) -> [Row] {
        (0..<table.count).map { row in
            Row(
                user: table.userIDs[Int(table.users[row])], time: table.times[row], label: table.labels[row],
                numbers: table.numbers.filter { !$0.isEmpty }.map { $0[row].bitPattern },
                keys: table.keys.filter { !$0.isEmpty }.map { $0[row] })
        }
    }

    @Test("each snapshot is that of the events that had arrived", arguments: [1, 2, 3] as [UInt64])
    func reference(seed: UInt64) async throws {
        let events = Self.events(seed: seed, users: 40)
        let log = try Self.log(events)
        let snapshotTimes = (0..<8).map { Self.start + .days(7 * $0 + 5) }
        let end = Self.start + .days(60)
        let label = Label(kind: .inactivity, events: .any, horizon: .days(5))
        let plan = try FeaturePlan(Self.set, label: label, zone: .utc)
        let known = try await SnapshotTable.extractKnown(
            from: log, plan: plan, at: snapshotTimes, dataUntil: end, threads: 2)
        var expected: [Row] = []
        for snapshotTime in snapshotTimes {
            let seen = try Self.log(
                events.filter { $0.time >= snapshotTime || ($0.received ?? $0.time) < snapshotTime })
            expected += Self.rows(
                try await SnapshotTable.extract(from: seen, plan: plan, at: [snapshotTime], dataUntil: end))
        }
        expected.sort { ($0.user, $0.time) < ($1.user, $1.time) }
        let found = Self.rows(known).sorted { ($0.user, $0.time) < ($1.user, $1.time) }
        #expect(found == expected && !expected.isEmpty)
        // Rows stand by user, then by time, as those of any extraction do.
        let order = zip(known.users, known.times).map { ($0, $1) }
        #expect(zip(order, order.dropFirst()).allSatisfy { $0 < $1 })
        let all = try await SnapshotTable.extract(from: log, plan: plan, at: snapshotTimes, dataUntil: end)
        #expect(Self.rows(all) != Self.rows(known))
        let comparison = try await FeatureCheck(log, plan: plan, snapshotTimes: snapshotTimes).known(
            threads: 2)
        #expect(comparison.differences > 0 && comparison.differences < comparison.compared)
    }

    @Test("an event that arrives at the snapshot time itself is not known then")
    func edge() async throws {
        let snapshotTime = Self.start + .days(10)
        let plan = try FeaturePlan(Self.set, zone: .utc)
        for (received, count) in [(snapshotTime - TimeSpan(milliseconds: 1), 2.0), (snapshotTime, 1.0)] {
            let log = try Self.log([
                Event(user: "u", name: "a", time: snapshotTime - .days(2), received: snapshotTime - .days(2)),
                Event(user: "u", name: "a", time: snapshotTime - .days(1), received: received),
            ])
            let table = try await SnapshotTable.extractKnown(
                from: log, plan: plan, at: [snapshotTime], dataUntil: snapshotTime)
            #expect(table.numbers[0] == [count])
        }
    }

    @Test("a log that does not say when events came in has the snapshots of all")
    func unsaid() async throws {
        let log = try Self.log(
            Self.events(seed: 9, users: 5).map {
                var event = $0
                event.received = nil
                return event
            })
        #expect(log.received == nil)
        let plan = try FeaturePlan(Self.set, zone: .utc)
        let snapshotTimes = [Self.start + .days(30)]
        let known = try await SnapshotTable.extractKnown(
            from: log, plan: plan, at: snapshotTimes, dataUntil: snapshotTimes[0])
        let all = try await SnapshotTable.extract(
            from: log, plan: plan, at: snapshotTimes, dataUntil: snapshotTimes[0])
        #expect(Self.rows(known) == Self.rows(all))
    }
}
