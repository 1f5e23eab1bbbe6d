import LimpetEvents
import LimpetFeatures
import Testing

@Suite struct FeatureSetTests {
    private static let buys = EventPattern(names: ["buy"])

    @Test(
        "a feature that contradicts itself is refused",
        arguments: [
            Feature(kind: .sum), Feature(kind: .mean), Feature(kind: .minimum), Feature(kind: .maximum),
            Feature(kind: .latest), Feature(kind: .distinct), Feature(kind: .lastCategory),
            Feature(kind: .count, property: "value"), Feature(kind: .recency, property: "value"),
            Feature(kind: .sessions, property: "value"), Feature(kind: .sum, property: "event"),
            Feature(kind: .latest, property: "event"),
            Feature(kind: .count, window: TimeSpan(milliseconds: 0)),
            Feature(kind: .count, window: TimeSpan(milliseconds: -1)),
            Feature(kind: .trend, window: .days(7)),
            Feature(kind: .trend, against: .days(7)),
            Feature(kind: .trend, window: .days(7), against: .days(7)),
            Feature(kind: .trend, window: .days(8), against: .days(7)),
            Feature(kind: .count, against: .days(7)),
            Feature(kind: .difference), Feature(kind: .count, minus: buys),
            Feature(kind: .sessions, events: buys),
            Feature(name: "", kind: .count), Feature(kind: .sum, property: ""),
        ])
    func contradictions(feature: Feature) {
        #expect(throws: FeatureSetError.self) { try FeatureSet(features: [feature]).validate() }
        #expect(throws: FeatureSetError.self) { try FeaturePlan(FeatureSet(features: [feature])) }
    }

    @Test(
        "settings out of range are refused",
        arguments: [
            FeatureSet(features: []),
            FeatureSet(sessionGap: TimeSpan(milliseconds: 0), features: [Feature(kind: .count)]),
            FeatureSet(decimals: ["value": -1], features: [Feature(kind: .count)]),
            FeatureSet(decimals: ["value": 10], features: [Feature(kind: .count)]),
            FeatureSet(distinctLimit: 0, features: [Feature(kind: .count)]),
            FeatureSet(distinctLimit: 1_000_001, features: [Feature(kind: .count)]),
        ])
    func settings(set: FeatureSet) {
        #expect(throws: FeatureSetError.self) { try set.validate() }
    }

    @Test("two features of one name are refused")
    func repeatedNames() {
        let set = FeatureSet(features: [Feature(kind: .count), Feature(name: "count_any", kind: .recency)])
        #expect(throws: FeatureSetError.repeatedName("count_any")) { try set.validate() }
    }

    @Test("what is at the limits is accepted")
    func limits() throws {
        let features = [Feature(kind: .count), Feature(kind: .trend, window: .days(7), against: .days(8))]
        try FeatureSet(
            sessionGap: TimeSpan(milliseconds: 1), decimals: ["a": 0, "b": 9], distinctLimit: 1_000_000,
            features: features
        ).validate()
        try FeatureSet(distinctLimit: 1, features: features).validate()
    }

    @Test("features are called after their parts")
    func names() {
        #expect(Feature(kind: .count).name == "count_any")
        #expect(Feature(kind: .count, events: Self.buys, window: .days(30)).name == "count_buy_30d")
        let both = EventPattern(names: ["a", "b*"])
        #expect(Feature(kind: .sum, events: both, property: "value").name == "sum_value_a+b*")
        #expect(
            Feature(kind: .trend, events: Self.buys, window: .days(7), against: .days(30)).name
                == "trend_buy_7d_of_30d")
        #expect(
            Feature(kind: .difference, events: Self.buys, window: .hour, minus: both).name
                == "difference_buy_minus_a+b*_1h")
        #expect(Feature(name: "mine", kind: .count).name == "mine")
    }

    @Test("features about one thing have one topic")
    func topics() {
        #expect(Feature(kind: .count).topic == "activity")
        #expect(Feature(kind: .count, events: Self.buys, window: .days(7)).topic == "buy")
        #expect(Feature(kind: .sum, events: Self.buys, property: "value").topic == "buy")
        #expect(Feature(kind: .distinct, events: Self.buys, property: "event").topic == "buy")
        #expect(Feature(kind: .lastCategory, events: Self.buys, property: "device").topic == "buy device")
    }

    @Test("a set names the columns that it reads, with their decimals")
    func columns() {
        let set = FeatureSet(
            decimals: ["value": 2, "unused": 3],
            features: [
                Feature(kind: .sum, property: "value"), Feature(kind: .mean, property: "points"),
                Feature(kind: .distinct, property: "value"), Feature(kind: .lastCategory, property: "event"),
            ])
        #expect(set.columns.numbers == ["value": 2, "points": 0])
        #expect(set.columns.texts == ["value"])
    }
}
