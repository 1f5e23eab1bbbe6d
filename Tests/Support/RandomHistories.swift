import LimpetDocuments
package import LimpetEvents
package import LimpetFeatures

/// Small histories that hit the edges on purpose: few names, times on and beside the edges of windows and
/// sessions, many at one time, places that go back and forth, texts that are missing or nearly equal.
package enum RandomHistories {
    /// The number of histories that the tests check, from the environment variable `LIMPET_HISTORIES`.
    package static let count = TestSetting.number("LIMPET_HISTORIES").map { Int($0) } ?? 2_000

    /// The seed from which new histories are counted: `LIMPET_SEED`, or another one in each run.
    package static let newSeed = TestSetting.number("LIMPET_SEED") ?? UInt64.random(in: 1 << 20..<1 << 40)

    /// True when new histories are checked with all features, by `LIMPET_ALL_FEATURES`.
    package static let looksAtAllFeatures = TestSetting.number("LIMPET_ALL_FEATURES") ?? 0 > 0

    /// The snapshot times: around midnight, where clocks change, and an arbitrary one.
    package static let snapshotTimes = [
        1_743_292_800_000, 1_743_296_400_000, 1_743_296_400_001, 1_743_370_000_123, 1_761_440_400_000,
    ].map { Timestamp(milliseconds: $0) }

    package static let names = ["buy", "view", "click:a", "click:b", "offer_shown", "re", "return"]

    package static let featureSet: FeatureSet = {
        let patterns: [EventPattern] = [
            .any, EventPattern(names: ["buy"]), EventPattern(names: ["click:*", "re*"]),
            EventPattern(names: ["offer_shown"]), EventPattern(names: ["never"]),
        ]
        let windows: [TimeSpan?] = [nil, .hour, .days(1), .days(7)]
        let conditions: [EventConditions] = [
            .none, EventConditions(properties: [PropertyCondition("device", .oneOf(["mobile", "tv"]))]),
            EventConditions(
                properties: [PropertyCondition("device", .noneOf(["caf\u{e9}"]))],
                hours: HourRange(start: 22, end: 2)),
            EventConditions(
                properties: [PropertyCondition("value", .amount(atLeast: "0.01", below: "12.5"))],
                weekdays: [0, 6]),
        ]
        var features: [Feature] = []
        for kind in FeatureKind.allCases where kind != .sessions {
            for pattern in kind.readsProperty ? Array(patterns.prefix(3)) : patterns {
                for window in windows {
                    for conditions in pattern.isAny ? conditions : [.none] {
                        let property = kind.readsAmount ? "value" : "device"
                        features.append(
                            .sample(
                                kind, events: pattern, other: EventPattern(names: ["view", "re"]),
                                conditions: conditions, window: window, of: property))
                    }
                }
            }
        }
        features += windows.map { Feature(kind: .sessions, window: $0) }
        features += [2, 3].map { Feature(kind: .recency, nth: $0) }
        features += [TimeSpan.hour, .days(1)].map { Feature(kind: .decayedCount, halfLife: $0) }
        features += [
            Feature(kind: .distinct, property: "event"), Feature(kind: .lastCategory, property: "event"),
            Feature(kind: .sum, property: "points"), Feature(kind: .standardDeviation, property: "points"),
            Feature(kind: .distinct, window: .days(1), property: "value"),
            Feature(
                kind: .member, events: EventPattern(names: ["buy"]), other: EventPattern(names: ["re*"])),
        ]
        var names: Set<String> = []
        features = features.filter { $0.kind != .change || $0.window != nil }
            .filter { names.insert($0.name).inserted }
        return FeatureSet(
            timeZone: "Europe/Amsterdam", systemEvents: ["offer_shown"], decimals: ["value": 2],
            distinctLimit: 3,
            features: features)
    }()

    /// Each kind three times: of all that is known, of a pattern in a window, and with conditions.
    package static let engineSet: FeatureSet = {
        var set = featureSet
        let conditions = EventConditions(
            properties: [
                PropertyCondition("device", .noneOf(["tv"])),
                PropertyCondition("value", .amount(atLeast: "0", below: nil)),
            ], hours: HourRange(start: 20, end: 9), weekdays: [0, 3, 5, 6])
        let other = EventPattern(names: ["view", "re"])
        set.features = FeatureKind.allCases.flatMap { kind in
            let property = kind.readsAmount ? "value" : "device"
            return [
                Feature.sample(kind, events: .any, other: other, window: nil, of: property),
                .sample(
                    kind, events: EventPattern(names: ["click:*", "re*", "buy"]), other: other,
                    window: .days(1),
                    of: property),
                .sample(kind, events: .any, other: other, conditions: conditions, of: property),
            ]
        }
        set.features += [Feature(kind: .recency, nth: 2), Feature(kind: .sum, property: "points")]
        var names: Set<String> = []
        set.features = set.features.filter { names.insert($0.name).inserted }
        return set
    }()

    /// The events of one user in the order of their arrival, which is not that of their times.
    package static func events(seed: UInt64, user: String) -> [Event] {
        var random = TestRandom(seed: seed)
        let count = Int.random(in: 0...Int.random(in: 1...28, using: &random), using: &random)
        var times: [Int64] = []
        for _ in 0..<count { times.append(time(after: times, using: &random)) }
        return times.map { time in
            Event(
                user: user, name: pick(names, &random), time: Timestamp(milliseconds: time),
                zoneOffsetMinutes: pick([nil, nil, nil, 60, -300, 840], &random),
                properties: properties(using: &random))
        }
    }

    /// A time on or beside an edge of a window, or a session's gap away from another event.
    private static func time(after times: [Int64], using random: inout TestRandom) -> Int64 {
        let nudge: Int64 = pick([0, 0, 0, -1, 1], &random)
        if let other = times.randomElement(using: &random), Bool.random(using: &random) {
            let gap: Int64 = pick([0, 0, 1_800_000, -1_800_000, 60_000, 86_400_000], &random)
            return other + gap + nudge
        }
        let window: Int64 = pick([0, 3_600_000, 86_400_000, 604_800_000, 2_592_000_000], &random)
        guard Bool.random(using: &random) else {
            return .random(in: 1_740_000_000_000...1_762_000_000_000, using: &random)
        }
        return pick(snapshotTimes, &random).milliseconds - window + nudge
    }

    private static func properties(using random: inout TestRandom) -> VerbatimDictionary<String> {
        var properties: VerbatimDictionary<String> = [:]
        let values = [nil, nil, "", "0", "12.5", "-3", "0.01", "99999999999999.99", "-90071992547409.91"]
        if let value = pick(values, &random) {
            properties["value"] = value.hasPrefix("99999") ? "90071992547409.91" : value
        }
        properties["device"] = pick(
            [nil, "", "mobile", "tv", "watch", "desk", "caf\u{e9}", "cafe\u{301}"], &random)
        properties["points"] = pick([nil, "1", "9007199254740991"], &random)
        return properties
    }

    private static func pick<Element>(_ elements: [Element], _ random: inout TestRandom) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &random)]
    }
}
