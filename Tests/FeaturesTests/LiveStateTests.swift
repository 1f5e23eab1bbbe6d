import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetTestSupport
import Testing

@Suite struct LiveStateTests {
    private let plan: FeaturePlan
    private let features: LiveFeatures

    init() throws {
        plan = try FeaturePlan(
            RandomHistories.featureSet,
            population: Population(hasNotDone: EventPattern(names: ["return"]), activeWithin: .days(7)),
            zone: TestZones.amsterdam())
        features = LiveFeatures(plan)
    }

    /// A quarter of the histories: each is read at all snapshot times, in full.
    private var seeds: Range<UInt64> { 0..<UInt64(max(1, RandomHistories.count / 4)) }

    private func state(_ events: some Sequence<Event>) -> LiveState {
        var state = LiveState(features)
        for event in events { state.append(event) }
        return state
    }

    @Test("events in any order give what the reference says, before and after being put into bytes")
    func agreement() throws {
        let reader = LiveReader(features)
        for seed in seeds {
            let events = RandomHistories.events(seed: seed, user: "u")
            let state = state(events)
            #expect(state.isCompact)
            let restored = try LiveState(features, serialized: state.serialized())
            let reference = ReferenceFeatures(events: events, featureSet: plan.featureSet, zone: plan.zone)
            for snapshotTime in RandomHistories.snapshotTimes {
                let expected = reference.vector(at: snapshotTime)
                try #require(
                    reader.features(of: state, at: snapshotTime).isIdentical(to: expected),
                    "seed \(seed), \(snapshotTime)")
                try #require(
                    reader.features(of: restored, at: snapshotTime).isIdentical(to: expected),
                    "restored, seed \(seed), \(snapshotTime)")
                var vector = FeatureVector(count: plan.featureSet.features.count)
                let isIn = reference.isIn(plan.population, at: snapshotTime)
                try #require(
                    reader.read(state, at: snapshotTime, into: &vector) == isIn,
                    "seed \(seed), \(snapshotTime)")
            }
            try #require(restored.serialized() == state.serialized(), "seed \(seed)")
        }
    }

    @Test("events of few bytes come back: no properties, and all at one time")
    func fewBytes() throws {
        let plan = try FeaturePlan(FeatureSet(features: [Feature(kind: .count), Feature(kind: .activeDays)]))
        let features = LiveFeatures(plan)
        var state = LiveState(features)
        for _ in 0..<1_000 { state.append(TestLog.event("buy", 0)) }
        let bytes = state.serialized()
        #expect(bytes.count < 4 * 1_000)
        let restored = try LiveState(features, serialized: bytes)
        #expect(restored.serialized() == bytes)
        let later = TestLog.noon + .days(30)
        #expect(LiveReader(features).features(of: restored, at: later).numbers[0] == 1_000)
    }

    @Test("a long history keeps series, gives them up for late events, and always says the same")
    func longHistory() throws {
        var random = TestRandom(seed: 5)
        var events: [Event] = []
        for number in 0..<3_000 {
            let isLate = number % 701 == 700
            let offset = Int64(number) * 600_000 - (isLate ? 5_000_000 : 0)
            events.append(
                TestLog.event(
                    RandomHistories.names[Int.random(in: 0..<7, using: &random)], offset - 900_000_000,
                    ["value": "\(number % 97)", "device": ["tv", "mobile", ""][number % 3]]))
        }
        let reader = LiveReader(features)
        var (live, history) = (LiveState(features), LiveHistory(plan: plan))
        for (number, event) in events.enumerated() {
            live.append(event)
            history.append(event)
            guard number % 499 == 0 || (700...705).contains(number % 701) && number > 1_000 else { continue }
            let snapshotTime = Timestamp(milliseconds: event.time.milliseconds + 3_000_000)
            let same = reader.features(of: live, at: snapshotTime).isIdentical(
                to: history.features(at: snapshotTime))
            try #require(same, "after \(number + 1) events")
        }
        #expect(live.count == 3_000)
    }

    @Test("a reader learns of events that come up after it was made, and of a time before the last event")
    func newClasses() throws {
        let fresh = LiveFeatures(plan)
        let reader = LiveReader(fresh)
        var state = LiveState(fresh)
        let noon = TestLog.noon
        #expect(
            reader.features(of: state, at: noon).isIdentical(to: LiveHistory(plan: plan).features(at: noon)))
        var history = LiveHistory(plan: plan)
        for (place, name) in ["buy", "unheard of", "click:zebra", "offer_shown", "return"].enumerated() {
            let event = TestLog.event(name, Int64(place) - 3)
            state.append(event)
            history.append(event)
            #expect(
                reader.features(of: state, at: noon).isIdentical(to: history.features(at: noon)), "\(name)")
        }
    }

    @Test("a plan of many properties packs them all")
    func manyProperties() throws {
        let names = (0..<150).map { "p\($0)" }
        let amounts = names.map { Feature(kind: .sum, property: $0) }
        let texts = names.map { Feature(kind: .lastCategory, property: "t" + $0) }
        let plan = try FeaturePlan(FeatureSet(features: amounts + texts))
        let features = LiveFeatures(plan)
        var random = TestRandom(seed: 3)
        var (state, history) = (LiveState(features), LiveHistory(plan: plan))
        for number in 0..<40 {
            var properties: VerbatimDictionary<String> = [:]
            for name in names where Int.random(in: 0..<4, using: &random) == 0 {
                properties[name] = "\(Int.random(in: -9...9, using: &random))"
                properties["t" + name] = "x\(Int.random(in: 0...9, using: &random))"
            }
            let event = TestLog.event("a", Int64(number % 7) * -1_000 - 1, properties)
            state.append(event)
            history.append(event)
        }
        let restored = try LiveState(features, serialized: state.serialized())
        for state in [state, restored] {
            let found = LiveReader(features).features(of: state, at: TestLog.noon)
            #expect(found.isIdentical(to: history.features(at: TestLog.noon)))
        }
    }

    @Test("bytes that were changed or cut are refused, or are a state that can be read")
    func hostileBytes() throws {
        let bytes = state(RandomHistories.events(seed: 12, user: "u")).serialized()
        #expect(throws: LiveStateError.notAState) { try LiveState(features, serialized: []) }
        for end in bytes.indices {
            #expect(throws: LiveStateError.self) { try LiveState(features, serialized: Array(bytes[..<end])) }
        }
        var random = TestRandom(seed: 77)
        var (taken, refused) = (0, 0)
        let reader = LiveReader(features)
        for _ in 0..<20_000 {
            var mutant = bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                // The checksum is recomputed: the checks after it must hold by themselves.
                mutant[Int.random(in: 13..<(mutant.count - 8), using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            let sum = TextKey(bytes: mutant.span.extracting(first: mutant.count - 8)).rawValue
            for place in 0..<8 {
                mutant[mutant.count - 8 + place] = UInt8(truncatingIfNeeded: sum >> UInt64(8 * place))
            }
            do {
                let state = try LiveState(features, serialized: mutant)
                _ = reader.features(of: state, at: RandomHistories.snapshotTimes[0])
                taken += 1
            } catch {
                refused += 1
            }
        }
        #expect(taken > 100 && refused > 100)
    }

    @Test("a state of another plan, or of a version to come, is named")
    func otherPlans() throws {
        let bytes = state(RandomHistories.events(seed: 12, user: "u")).serialized()
        let other = LiveFeatures(try FeaturePlan(FeatureSet(features: [Feature(kind: .count)])))
        #expect(throws: LiveStateError.otherPlan) { try LiveState(other, serialized: bytes) }
        var newer = bytes
        newer[4] = 2
        #expect(throws: LiveStateError.version(2)) { try LiveState(features, serialized: newer) }
        var damaged = bytes
        damaged[30] ^= 1
        #expect(throws: LiveStateError.damaged(offset: bytes.count - 8)) {
            try LiveState(features, serialized: damaged)
        }
    }

    @Test("windows of other lengths over the same events read the states that were kept before")
    func otherWindows() throws {
        let buys = EventPattern(names: ["buy"])
        let week = LiveFeatures(
            try FeaturePlan(FeatureSet(features: [Feature(kind: .count, events: buys, window: .days(7))])))
        let month = LiveFeatures(
            try FeaturePlan(FeatureSet(features: [Feature(kind: .tenure, events: buys, window: .days(30))])))
        var state = LiveState(week)
        state.append(TestLog.event("buy", -86_400_000))
        let restored = try LiveState(month, serialized: state.serialized())
        #expect(LiveReader(month).features(of: restored, at: TestLog.noon).numbers == [1])
    }

    @Test("a user with 100 events in 90 days takes less than 2.5 KB in memory, and 4 KB in bytes")
    func memory() throws {
        let events = (0..<100).map { number in
            TestLog.event(
                ["page_view", "purchase", "search", "support_ticket"][number % 4],
                Int64(number - 100) * 77_760_000,
                ["value": "\(number).99", "device": "mobile", "plan": "pro", "category": "c\(number % 5)"])
        }
        var builder = EventLogBuilder()
        for event in events { try builder.append(event) }
        var proposal = FeatureProposal()
        proposal.minimumUsers = 1
        let set = proposal.propose(for: builder.finish(), before: TestLog.noon)
        #expect(set.features.count > 40)
        let features = LiveFeatures(try FeaturePlan(set))
        var state = LiveState(features)
        for event in events { state.append(event) }
        #expect(state.memory < 2_560)
        #expect(state.serialized().count < 4_096)
        let batch = try TestLog.batch(events, plan: features.plan)
        #expect(LiveReader(features).features(of: state, at: TestLog.noon).isIdentical(to: batch))
    }
}
