import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetTestSupport
import Testing

/// Live states whose events fit one word each, just so or not: the features say nothing of it.
@Suite struct LiveLayoutTests {
    private let plan: FeaturePlan
    private let features: LiveFeatures

    init() throws {
        plan = try FeaturePlan(RandomHistories.featureSet, zone: TestZones.amsterdam())
        features = LiveFeatures(plan)
    }

    /// Compares the features of live states, before and after serialization, with those of whole events.
    ///
    /// - Returns: whether the state is compact.
    private func compare(
        _ events: [Event], _ plan: FeaturePlan, at snapshotTimes: [Timestamp],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Bool {
        let features = LiveFeatures(plan)
        let reader = LiveReader(features)
        var (state, history) = (LiveState(features), LiveHistory(plan: plan))
        for event in events {
            state.append(event)
            history.append(event)
        }
        let restored = try LiveState(features, serialized: state.serialized())
        #expect(restored.serialized() == state.serialized(), sourceLocation: sourceLocation)
        for snapshotTime in snapshotTimes {
            let expected = history.features(at: snapshotTime)
            for state in [state, restored] {
                #expect(
                    reader.features(of: state, at: snapshotTime).isIdentical(to: expected), "\(snapshotTime)",
                    sourceLocation: sourceLocation)
            }
        }
        return state.isCompact
    }

    @Test(
        "events that do not fit one word each, be it the first or a late one, change nothing of the others",
        arguments: Unusual.allCases)
    func widened(unusual: Unusual) throws {
        let reader = LiveReader(features)
        var random = TestRandom(seed: 21)
        for seed in 0..<UInt64(max(1, RandomHistories.count / 40)) {
            var events = RandomHistories.events(seed: seed, user: "u")
            for event in unusual.events {
                events.insert(event, at: Int.random(in: 0...events.count, using: &random))
            }
            var state = LiveState(features)
            for event in events { state.append(event) }
            let restored = try LiveState(features, serialized: state.serialized())
            try #require(!state.isCompact && !restored.isCompact)
            try #require(restored.serialized() == state.serialized(), "seed \(seed)")
            let reference = ReferenceFeatures(events: events, featureSet: plan.featureSet, zone: plan.zone)
            for snapshotTime in RandomHistories.snapshotTimes {
                let expected = reference.vector(at: snapshotTime)
                for state in [state, restored] {
                    try #require(
                        reader.features(of: state, at: snapshotTime).isIdentical(to: expected),
                        "seed \(seed), \(snapshotTime)")
                }
            }
        }
    }

    /// Events that need the wide layout of records.
    enum Unusual: CaseIterable, CustomTestStringConvertible {
        /// Times on both sides further away from each other than one word can tell.
        case farTimes
        /// A clock further away from UTC than any place on Earth.
        case farClock

        var events: [Event] {
            let year: Int64 = 365 * 86_400_000
            let value: VerbatimDictionary = ["value": "7.5", "device": "tv"]
            return switch self {
            case .farTimes:
                [TestLog.event("view", -25 * year, value), TestLog.event("buy", -2, value)]
            case .farClock: [TestLog.event("re", -year / 400, value, zoneOffset: -1_500)]
            }
        }

        var testDescription: String { self == .farTimes ? "far times" : "a far clock" }
    }

    @Test("times at the edges of what one word can tell, counted from the first event that came")
    func timesAtTheEdges() throws {
        let before = Int64(1) << 36
        let after = Int64(1) << 39 - before
        for (time, fits) in [(-before, true), (-before - 1, false), (after - 1, true), (after, false)] {
            let events = [0, time, time, 5].enumerated().map { place, offset in
                TestLog.event(
                    RandomHistories.names[place], offset - after, ["value": "\(place)", "device": "tv"])
            }
            let snapshotTimes = [-after - before - 2, -after - 1, -after, -after + 6, 0, 1].map {
                Timestamp(milliseconds: TestLog.noon.milliseconds + $0)
            }
            let isCompact = try compare(events, plan, at: snapshotTimes)
            #expect(isCompact == fits, "\(time)")
        }
    }

    @Test("clocks at the edges of what one word can tell, on the first event and on a later one")
    func clocksAtTheEdges() throws {
        for offset in [-2_047, -1_440, -1_024, -1_023, -1, 0, 1, 1_023, 1_024, 2_047] {
            for offsets in [[offset, nil, 60, offset], [nil, nil, 60, offset]] {
                let events = offsets.enumerated().map { place, offset in
                    TestLog.event(
                        "buy", Int64(place - 5) * 7_200_000, ["value": "\(place)"], zoneOffset: offset)
                }
                let isCompact = try compare(events, plan, at: [TestLog.noon])
                #expect(isCompact == (abs(offset) <= 1_023), "\(offset)")
            }
        }
    }

    /// Plans whose only summed property has many others before it, which are read event by event.
    @Test(
        "properties up to the edges of heads and of the words of bits after them",
        arguments: [1, 2, 7, 8, 28, 29, 92, 93, 157])
    func properties(count: Int) throws {
        let names = (0..<count).map { "p\($0)" }
        let last = names[count - 1]
        let kinds: [FeatureKind] = [.sum, .mean]
        let plan = try FeaturePlan(
            FeatureSet(
                features: names.dropLast().map { Feature(kind: .minimum, property: $0) }
                    + kinds.flatMap { kind in
                        [TimeSpan.hour, .days(1), .days(7)].map {
                            Feature(kind: kind, window: $0, property: last)
                        }
                    } + [Feature(kind: .count, window: .days(1)), Feature(kind: .activeDays)]))
        var random = TestRandom(seed: UInt64(count))
        for _ in 0..<20 {
            let events = (0..<Int.random(in: 0..<30, using: &random)).map { _ in
                var properties: VerbatimDictionary<String> = [:]
                for name in names where Bool.random(using: &random) {
                    properties[name] = "\(Int.random(in: -99...99, using: &random))"
                }
                return TestLog.event("a", -Int64.random(in: 1...700_000, using: &random) * 1_000, properties)
            }
            let isCompact = try compare(events, plan, at: [TestLog.noon, TestLog.noon - .days(2)])
            #expect(isCompact == (count <= 7))
        }
    }

    @Test("more classes of events than one word can tell are kept apart")
    func manyClasses() throws {
        let names = (0..<200).map { "event \($0)" }
        let plan = try FeaturePlan(
            FeatureSet(
                features: names.map {
                    Feature(kind: .sum, events: EventPattern(names: [$0]), property: "value")
                }))
        for count in [128, 129, 200] {
            let events = names.prefix(count).enumerated().flatMap { place, name in
                [-1_000, Int64(place) - 9_000].map {
                    TestLog.event(name, $0, place % 3 == 0 ? [:] : ["value": "\(place)"])
                }
            }
            let isCompact = try compare(events, plan, at: [TestLog.noon])
            #expect(isCompact == (count <= 128))
        }
    }

    @Test("a long history that keeps series takes an event that does not fit, late or not")
    func longHistory() throws {
        for unusual in Unusual.allCases {
            let usual = (0..<1_300).map { number in
                TestLog.event(
                    RandomHistories.names[number % 7], Int64(number - 1_500) * 600_000,
                    ["value": "\(number % 97)"])
            }
            let later = (1_300..<1_400).map { TestLog.event("buy", Int64($0 - 1_500) * 600_000) }
            #expect(try compare(usual, plan, at: [TestLog.noon]))
            let isCompact = try compare(usual + unusual.events + later, plan, at: [TestLog.noon])
            #expect(!isCompact)
        }
    }

    @Test("an amount that stands for none, which only made-up bytes hold, is none")
    func madeUpAmount() throws {
        let plan = try FeaturePlan(
            FeatureSet(features: [Feature(kind: .sum, property: "value"), Feature(kind: .count)]))
        let features = LiveFeatures(plan)
        var state = LiveState(features)
        state.append(TestLog.event("buy", -2, ["value": "5"]))
        state.append(TestLog.event("buy", -1, ["value": "-64"]))
        var bytes = state.serialized()
        // -64 is folded to 127, one byte; the least number is folded to ten.
        let place = try #require(bytes.lastIndex(of: 127))
        try #require(place == bytes.count - 9)
        bytes.replaceSubrange(place..., with: [UInt8](repeating: 255, count: 9) + [1])
        let sum = TextKey(bytes: bytes.span).rawValue
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: sum >> UInt64(8 * $0)) }
        let restored = try LiveState(features, serialized: bytes)
        #expect(LiveReader(features).features(of: restored, at: TestLog.noon).numbers == [5, 2])
    }
}
