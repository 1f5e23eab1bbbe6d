import LimpetDocuments
import LimpetEvents
import LimpetFeatures
import LimpetTestSupport
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
            Feature(kind: .difference), Feature(kind: .count, other: buys),
            Feature(kind: .sessions, events: buys),
            Feature(name: "", kind: .count), Feature(kind: .sum, property: ""),
            Feature(kind: .ratio), Feature(kind: .ratio, other: .any), Feature(kind: .countSince),
            Feature(kind: .unanswered, events: buys, other: buys),
            Feature(kind: .unanswered, events: buys, within: .hour), Feature(kind: .chain),
            Feature(kind: .repeats), Feature(kind: .count, within: .hour),
            Feature(kind: .repeats, within: TimeSpan(milliseconds: 0)),
            Feature(kind: .decayedCount), Feature(kind: .count, halfLife: .hour),
            Feature(kind: .decayedCount, halfLife: TimeSpan(milliseconds: 0)),
            Feature(kind: .recency, nth: 0), Feature(kind: .recency, nth: 1_001),
            Feature(kind: .tenure, nth: 2),
            Feature(kind: .change), Feature(kind: .member, other: buys),
            Feature(kind: .member, events: buys, window: .hour, other: buys),
            Feature(kind: .funnelStage), Feature(kind: .funnelStage, events: buys, stages: [buys]),
            Feature(kind: .funnelStage, stages: Array(repeating: buys, count: 21)),
            Feature(kind: .count, stages: [buys]), Feature(kind: .share),
            Feature(kind: .sessions, conditions: EventConditions(weekdays: [1])),
            Feature(kind: .count, conditions: EventConditions(weekdays: [7])),
            Feature(
                kind: .count, conditions: EventConditions(properties: [PropertyCondition("x", .oneOf([]))])),
            Feature(
                kind: .count, conditions: EventConditions(properties: [PropertyCondition("x", .noneOf([""]))])
            ),
            Feature(
                kind: .count,
                conditions: EventConditions(
                    properties: [PropertyCondition("x", .amount(atLeast: nil, below: nil))])),
            Feature(
                kind: .count,
                conditions: EventConditions(
                    properties: [PropertyCondition("x", .amount(atLeast: "many", below: nil))])),
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

    @Test("each kind is accepted with what it needs", arguments: FeatureKind.allCases)
    func accepted(kind: FeatureKind) throws { try FeatureSet(features: [.sample(kind)]).validate() }

    @Test("a segment over a model's score feeds no model")
    func scoreSegments() throws {
        func set(_ conditions: EventConditions) -> FeatureSet {
            FeatureSet(
                scoreSegments: ["at risk"],
                features: [
                    Feature(
                        kind: .member, events: EventPattern(names: ["entered"]), conditions: conditions,
                        other: EventPattern(names: ["left"]))
                ])
        }
        func segment(_ names: [String]) -> EventConditions {
            EventConditions(properties: [PropertyCondition("segment", .oneOf(names))])
        }
        try set(segment(["vip"])).validate()
        #expect(throws: FeatureSetError.self) { try set(segment(["vip", "at risk"])).validate() }
        #expect(throws: FeatureSetError.self) { try set(.none).validate() }
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
            Feature(kind: .difference, events: Self.buys, window: .hour, other: both).name
                == "difference_buy_minus_a+b*_1h")
        #expect(Feature(name: "mine", kind: .count).name == "mine")
        let night = EventConditions(
            properties: [
                PropertyCondition("plan", .noneOf(["free"])),
                PropertyCondition("amount", .amount(atLeast: "5", below: nil)),
            ], hours: HourRange(start: 22, end: 6), weekdays: [6, 0])
        #expect(
            Feature(kind: .count, events: Self.buys, conditions: night, window: .hour).name
                == "count_buy_where_amount_from_5_plan_not_free_hours_22-6_sun+sat_1h")
        #expect(
            Feature(kind: .funnelStage, stages: [Self.buys, both], within: nil).name
                == "funnel_stage_buy>a+b*")
        #expect(Feature(kind: .recency, nth: 3).name == "recency_any_nth_3")
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
