import LimpetDocuments
import LimpetNumerics
import LimpetEvents
import LimpetFeatures
import LimpetTestSupport
import Testing

/// The conformance table: the value of each kind on small histories, in every engine alike.
@Suite struct FeatureKindTests {
    /// One row: a feature, a history and the value that is expected; nil is missing.
    struct Row: CustomTestStringConvertible, Sendable {
        var what: String
        var feature: Feature
        var events: [Event]
        var expected: Double?
        var testDescription: String { "\(feature.name): \(what)" }
    }

    static let day: Int64 = 86_400_000
    static let week = TimeSpan.days(7)
    static let buys = EventPattern(names: ["buy"])

    static func event(_ name: String, days: Double, _ value: String? = nil) -> Event {
        TestLog.event(name, Int64(days * 86_400_000), value.map { ["value": $0] } ?? [:])
    }

    static func feature(_ kind: FeatureKind, window: TimeSpan? = week, of property: String? = nil)
        -> Feature
    {
        .sample(kind, events: buys, other: EventPattern(names: ["return"]), window: window, of: property)
    }

    /// Kinds whose value is a number.
    private static let numberKinds = FeatureKind.allCases.filter { !$0.isCategorical }
    /// Kinds that are 0 and not missing where there is nothing.
    private static let zeroKinds: Set<FeatureKind> = [
        .count, .sum, .activeDays, .distinct, .sessions, .difference, .decayedCount, .change, .streak,
        .longestStreak, .funnelStage, .chain, .unanswered, .repeats,
    ]
    /// The values of kinds where all events are older than the window, if not those of an empty history.
    private static let olderThanWindow: [FeatureKind: Double] = [.trend: 0, .change: -2, .member: 1]

    static let emptyWindows: [Row] = numberKinds.flatMap { kind in
        let zero = zeroKinds.contains(kind) ? 0.0 : nil
        let older = [event("buy", days: -7.5, "5"), event("buy", days: -7.25, "6")]
        return [
            Row(what: "no event ever", feature: feature(kind), events: [], expected: zero),
            Row(
                what: "events before the window only", feature: feature(kind), events: older,
                expected: olderThanWindow[kind] ?? zero),
            Row(
                what: "events at and after the snapshot only", feature: feature(kind),
                events: [event("buy", days: 0, "5"), event("buy", days: 1, "6")], expected: zero),
            Row(
                what: "other events only", feature: feature(kind), events: [event("view", days: -1, "5")],
                expected: kind == .sessions ? 1 : zero),
        ]
    }

    static let single: [Row] = numberKinds.map { kind in
        let expected: Double? =
            switch kind {
            case .count, .activeDays, .distinct, .sessions, .difference, .trend, .change, .streak,
                .longestStreak, .share, .affinity, .unanswered, .member, .funnelStage:
                1
            case .decayedCount: 440_872.0 / 1_048_576
            case .repeats, .entropy, .chain: 0
            case .sum, .mean, .minimum, .maximum, .latest: 3
            case .recency, .tenure: 2.5
            default: nil
            }
        return Row(
            what: "one event", feature: feature(kind), events: [event("buy", days: -2.5, "3")],
            expected: expected)
    }

    static let edges: [Row] = [
        FeatureKind.count, .sum, .activeDays, .distinct, .difference, .sessions, .streak, .longestStreak,
    ].flatMap { kind in
        let at = { (offset: Int64) in [TestLog.event("buy", offset, ["value": "1"])] }
        return [
            Row(what: "at the window's start", feature: feature(kind), events: at(-7 * day), expected: 1),
            Row(
                what: "1 ms before the window's start", feature: feature(kind), events: at(-7 * day - 1),
                expected: 0),
            Row(what: "1 ms before the snapshot", feature: feature(kind), events: at(-1), expected: 1),
            Row(what: "at the snapshot", feature: feature(kind), events: at(0), expected: 0),
        ]
    }

    static let amounts = [
        event("buy", days: -9, "100"), event("buy", days: -6, "4"), event("buy", days: -5),
        event("view", days: -4, "50"), event("buy", days: -3, "-1"), event("buy", days: -1, "2"),
        event("buy", days: 1, "7"),
    ]

    static let values: [Row] = [
        Row(what: "4 − 1 + 2", feature: feature(.sum), events: amounts, expected: 5),
        Row(what: "of three that carry one", feature: feature(.mean), events: amounts, expected: 5.0 / 3),
        Row(what: "below zero", feature: feature(.minimum), events: amounts, expected: -1),
        Row(what: "in the window", feature: feature(.maximum), events: amounts, expected: 4),
        Row(what: "the last before t", feature: feature(.latest), events: amounts, expected: 2),
        Row(what: "ever", feature: feature(.maximum, window: nil), events: amounts, expected: 100),
        Row(what: "ever", feature: feature(.sum, window: nil), events: amounts, expected: 105),
        Row(what: "4, −1 and 2", feature: feature(.distinct), events: amounts, expected: 3),
        Row(what: "event names", feature: feature(.distinct, of: "event"), events: amounts, expected: 1),
        Row(
            what: "names of all events", feature: Feature(kind: .distinct, property: "event"),
            events: amounts,
            expected: 2),
        Row(what: "without a value too", feature: feature(.count), events: amounts, expected: 4),
        Row(what: "1 day ago", feature: feature(.recency), events: amounts, expected: 1),
        Row(what: "6 days ago", feature: feature(.tenure), events: amounts, expected: 6),
        Row(what: "9 days ago", feature: feature(.tenure, window: nil), events: amounts, expected: 9),
        Row(what: "5 days in 3 gaps", feature: feature(.meanGap), events: amounts, expected: 5.0 / 3),
        Row(what: "of 1, 2 and 2", feature: feature(.longestGap), events: amounts, expected: 2),
        Row(
            what: "of 3, 1, 2 and 2", feature: feature(.longestGap, window: nil), events: amounts, expected: 3
        ),
        Row(what: "1 day at a mean of 5/3", feature: feature(.overdue), events: amounts, expected: 3.0 / 5),
        Row(what: "4 of 5", feature: feature(.trend), events: amounts, expected: 0.8),
        Row(
            what: "texts that repeat", feature: feature(.distinct),
            events: [
                event("buy", days: -9, "a"), event("buy", days: -3, "a"), event("buy", days: -2, "b"),
                event("buy", days: -1, "a"),
            ], expected: 2),
        Row(
            what: "may be below zero", feature: feature(.difference),
            events: [event("buy", days: -2), event("return", days: -1), event("return", days: -3)],
            expected: -1),
        Row(
            what: "only the window counts", feature: feature(.difference),
            events: [event("buy", days: -2), event("return", days: -8), event("return", days: 0)], expected: 1
        ),
    ]

    static let equalTimes: [Row] = numberKinds.map { kind in
        let events = [event("buy", days: -2, "5"), event("buy", days: -2, "8")]
        let expected: Double? =
            switch kind {
            case .count, .distinct, .difference, .change, .chain: 2
            case .activeDays, .sessions, .trend, .streak, .longestStreak, .share, .entropy, .member, .repeats,
                .funnelStage, .decayedCount:
                1
            case .affinity: 0.5
            case .unanswered: 0
            case .standardDeviation: 1.5
            case .shortestGap: 0
            case .sum: 13
            case .mean: 6.5
            case .minimum: 5
            case .maximum, .latest: 8
            case .recency, .tenure: 2
            case .meanGap, .longestGap: 0
            default: nil
            }
        return Row(what: "two events at one time", feature: feature(kind), events: events, expected: expected)
    }

    @Test("an empty window is 0 or missing, as its kind says", arguments: emptyWindows)
    func emptyWindow(row: Row) throws { try check(row) }

    @Test("one event is enough for all but gaps", arguments: single)
    func oneEvent(row: Row) throws { try check(row) }

    @Test("a window takes its start and leaves out the snapshot, to the millisecond", arguments: edges)
    func edge(row: Row) throws { try check(row) }

    @Test(
        "each kind computes what its documentation says", arguments: values + spreads + relations + clocks)
    func value(row: Row) throws { try check(row) }

    @Test("events at one time are in the order of their arrival", arguments: equalTimes)
    func equalTime(row: Row) throws { try check(row) }

    private func check(_ row: Row) throws {
        let value = try TestLog.number(row.feature, row.events)
        #expect(value.isSame(as: row.expected), "\(value)")
    }

    @Test("each kind is in the table")
    func complete() {
        let covered = Set((Self.values + Self.spreads + Self.relations).map(\.feature.kind))
        #expect(covered.union([.activeDays, .sessions]) == Set(Self.numberKinds))
    }

    @Test("the last category is the latest text that there is, by arrival where times are equal")
    func lastCategory() throws {
        func last(_ events: [Event], window: TimeSpan? = Self.week, of property: String = "device") throws
            -> TextKey
        {
            let feature = Feature(kind: .lastCategory, events: Self.buys, window: window, property: property)
            return try TestLog.value(feature, events).categories[0]
        }
        func buy(_ days: Double, _ device: String?) -> Event {
            TestLog.event("buy", Int64(days * 86_400_000), device.map { ["device": $0] } ?? [:])
        }
        #expect(try last([]) == .missing)
        #expect(try last([buy(-1, nil), buy(-8, "tv"), buy(0, "tv")]) == .missing)
        #expect(try last([buy(-2, "mobile"), buy(-1, nil), buy(-1, "")]) == TextKey("mobile"))
        #expect(try last([buy(-1, "a"), buy(-1, "b")]) == TextKey("b"))
        #expect(try last([buy(-1, "b"), buy(-1, "a"), buy(-3, "c")]) == TextKey("a"))
        #expect(try last([buy(-9, "tv")], window: nil) == TextKey("tv"))
        #expect(try last([buy(-1, "tv"), buy(-1, "tv")], of: "event") == TextKey("buy"))
    }

    @Test("sums beyond 64 bits are exact until the last division")
    func wideSums() throws {
        let largest = String(ExactDecimal.unitLimit - 1)
        let events = (-4_000 ..< -2_000).map { TestLog.event("buy", $0, ["value": largest]) }
        #expect(try TestLog.number(Self.feature(.sum), events) == 0x7d0p53 - 2_048)
        #expect(try TestLog.number(Self.feature(.mean), events) == 9_007_199_254_740_991)
        let negative = (-2_000..<0).map { TestLog.event("buy", $0, ["value": "-" + largest]) }
        #expect(try TestLog.number(Self.feature(.sum), negative) == -(0x7d0p53 - 2_048))
        let small = TestLog.event("buy", -2_000, ["value": "-17"])
        #expect(try TestLog.number(Self.feature(.sum), events + [small] + negative) == -17)
    }

    @Test("amounts are added as whole units of their decimals")
    func decimals() throws {
        let set = FeatureSet(decimals: ["value": 2], features: [])
        let events = (1...10).map { TestLog.event("buy", Int64(-$0), ["value": "0.10"]) }
        #expect(try TestLog.number(Self.feature(.sum), events, in: set) == 1)
        #expect(try TestLog.number(Self.feature(.mean), events, in: set) == 0.1)
        #expect(
            try TestLog.number(Self.feature(.latest), [TestLog.event("buy", -1, ["value": "-7.05"])], in: set)
                == -7.05)
    }

    @Test("more different values than the limit are missing, as many as the limit are not")
    func distinctLimit() throws {
        let set = FeatureSet(distinctLimit: 3, features: [])
        func distinct(_ values: [String]) throws -> Double {
            let events = values.enumerated().map { TestLog.event("buy", Int64($0 - 100), ["value": $1]) }
            return try TestLog.number(Self.feature(.distinct), events, in: set)
        }
        #expect(try distinct(["a", "b", "c", "a", "b"]) == 3)
        #expect(try distinct(["a", "b", "c", "a", "d"]).isNaN)
        #expect(try distinct([]) == 0)
    }

    @Test("texts that differ only in their bytes are different values")
    func verbatimTexts() throws {
        let events = ["caf\u{e9}", "cafe\u{301}"].map { TestLog.event("buy", -5, ["value": $0]) }
        #expect(try TestLog.number(Self.feature(.distinct), events) == 2)
        let names = ["caf\u{e9}", "cafe\u{301}"].map { TestLog.event($0, -5) }
        #expect(try TestLog.number(Feature(kind: .distinct, property: "event"), names) == 2)
    }

    @Test("system events are no activity, but can be requested by name")
    func systemEvents() throws {
        let set = FeatureSet(systemEvents: ["offer_*"], features: [])
        let events = [TestLog.event("offer_shown", -5), TestLog.event("buy", -10)]
        #expect(try TestLog.number(Feature(kind: .count), events, in: set) == 1)
        #expect(try TestLog.number(Feature(kind: .recency), events, in: set) == 10.0 / 86_400_000)
        let shown = Feature(kind: .count, events: EventPattern(names: ["offer_shown"]))
        #expect(try TestLog.number(shown, events, in: set) == 1)
        #expect(try TestLog.number(Feature(kind: .count), events) == 2)
    }
}
