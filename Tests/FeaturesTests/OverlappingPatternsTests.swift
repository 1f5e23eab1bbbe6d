import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetTestSupport
import Testing

/// Events of one name in several series, and series of several names, in any order: the place where a slicing
/// pass counts an event first depends on the features before it.
@Suite struct OverlappingPatternsTests {
    private static let kinds: [FeatureKind] = [
        .count, .change, .difference, .trend, .ratio, .sum, .mean, .activeDays, .recency, .tenure, .meanGap,
        .overdue,
    ]

    /// Features of patterns that overlap, shuffled.
    private static func featureSet(seed: UInt64) -> FeatureSet {
        var random = TestRandom(seed: seed)
        let patterns =
            [["click:a"], ["click:*"], ["buy", "click:*"], ["re*", "buy"]].map { EventPattern(names: $0) }
            + [.any]
        var features = kinds.flatMap { kind in
            patterns.flatMap { events in
                [nil, .hour, .days(7)].map { (window: TimeSpan?) in
                    Feature.sample(
                        kind, events: events, other: EventPattern(names: ["view", "click:*"]), window: window,
                        of: "value")
                }
            }
        }
        features.shuffle(using: &random)
        var names: Set<String> = []
        features = features.filter { $0.kind != .change || $0.window != nil }
            .filter { names.insert($0.name).inserted }
        return FeatureSet(
            systemEvents: seed % 2 == 0 ? [] : ["offer_shown"], decimals: ["value": 2], features: features)
    }

    @Test(
        "an earlier event of one name does not hide a later one of another",
        arguments: [.recency, .meanGap, .overdue] as [FeatureKind])
    func lastEvent(kind: FeatureKind) throws {
        let hour: Int64 = 3_600_000
        let events = [
            TestLog.event("view", -5 * hour), TestLog.event("click:a", -2 * hour),
            TestLog.event("click:b", -hour),
        ]
        let set = FeatureSet(features: [
            Feature(kind: kind, events: EventPattern(names: ["click:a"])),
            Feature(kind: kind, events: EventPattern(names: ["click:*"])),
        ])
        let vector = TestLog.kept(events, plan: try FeaturePlan(set))
        let expected: [FeatureKind: Double] = [.recency: 1.0 / 24, .meanGap: 1.0 / 24, .overdue: 1]
        #expect(vector.numbers[1] == expected[kind])
    }

    @Test("tables, live states and the reference agree to the bit on overlapping patterns", arguments: 0..<6)
    func agreement(part: Int) async throws {
        let set = Self.featureSet(seed: UInt64(part))
        let plan = try FeaturePlan(
            set, population: Population(hasDone: EventPattern(names: ["click:*", "buy"])))
        let features = LiveFeatures(plan)
        let reader = LiveReader(features)
        let seeds = (0..<max(50, RandomHistories.count / 20)).map { UInt64(part * 1_000_000 + $0) }
        let histories = seeds.map { seed in
            RandomHistories.events(seed: seed, user: "user \(seed)").map { event in
                var event = event
                // Most users stay where they are: a slicing pass does not take travellers' days.
                if seed % 4 != 0 { event.zoneOffsetMinutes = nil }
                return event
            }
        }
        let table = try await SnapshotTable.extract(
            from: TestLog.log(histories.flatMap { $0 }, for: set), plan: plan,
            at: RandomHistories.snapshotTimes,
            dataUntil: RandomHistories.snapshotTimes[4], threads: 2)
        let byUser = Dictionary(uniqueKeysWithValues: zip(seeds.map { "user \($0)" }, histories))
        #expect(table.count > seeds.count)
        for row in 0..<table.count {
            let (user, time) = (table.userIDs[Int(table.users[row])], table.times[row])
            let events = try #require(byUser[user])
            let reference = ReferenceFeatures(events: events, featureSet: set, zone: .utc).vector(at: time)
            #expect(table.vector(row: row).isIdentical(to: reference), "table: \(user) at \(time)")
            var state = LiveState(features)
            for event in events { state.append(event) }
            #expect(
                reader.features(of: state, at: time).isIdentical(to: reference), "kept: \(user) at \(time)")
        }
    }

    @Test(
        "labels of a table look at [t, t + horizon) of each snapshot time t",
        arguments: [Label.Kind.event, .inactivity])
    func labels(kind: Label.Kind) async throws {
        let buys = EventPattern(names: ["buy"])
        let horizon = TimeSpan.days(2)
        let plan = try FeaturePlan(
            FeatureSet(features: [Feature(kind: .count)]),
            label: Label(kind: kind, events: buys, horizon: horizon))
        let snapshotTimes = [0, 1, 5].map { TestLog.noon + .days($0) }
        let end = TestLog.noon + .days(6)
        let day: Int64 = 86_400_000
        for offset in [-1, 0, 1, day - 1, day, 2 * day - 1, 2 * day, 3 * day - 1, 3 * day] {
            let events = [TestLog.event("view", -5), TestLog.event("buy", offset)]
            let table = try await SnapshotTable.extract(
                from: TestLog.log(events, for: plan.featureSet), plan: plan, at: snapshotTimes, dataUntil: end
            )
            var state = UserState(plan: plan)
            var sample = EventProjection(plan: plan)
            try LogReader(TestLog.log(events, for: plan.featureSet), plan: plan).load(
                user: 0, into: &state, projection: &sample)
            #expect(table.labels == snapshotTimes.map { state.label(at: $0, dataUntil: end) }, "\(offset)")
            #expect(table.labels[2] == nil)
            #expect(table.labels[0] == ((offset >= 0 && offset < 2 * day) == (kind == .event)))
        }
    }

    @Test(
        "sums at the limit of 64 bits are right, whichever way they are found",
        arguments: [1, 511, 512, 1_100])
    func wideSums(count: Int) throws {
        let set = FeatureSet(
            decimals: ["value": 0],
            features: [Feature(kind: .sum, property: "value"), Feature(kind: .mean, property: "value")])
        let plan = try FeaturePlan(set)
        for value in ["9007199254740991", "-9007199254740991"] {
            let events = (0..<count).map {
                TestLog.event("buy", -Int64($0) - 1, ["value": $0 == 0 ? "1" : value])
            }
            let reference = ReferenceFeatures(events: events, featureSet: set, zone: .utc).vector(
                at: TestLog.noon)
            #expect(TestLog.kept(events, plan: plan).isIdentical(to: reference))
        }
    }
}
